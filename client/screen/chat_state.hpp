// All that a full-screen client knows and shows, as one value; and the picture of it. Painting
// changes nothing.
#pragma once

#include "client/screen/editor.hpp"
#include "client/screen/frame.hpp"
#include "client/screen/message_pane.hpp"
#include "client/screen/room_list.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace callboard::client {

using screen_clock = std::chrono::steady_clock;

struct connection_state {
  enum class phase : std::uint8_t { connecting, online, waiting, ended };
  phase now = phase::connecting;
  screen_clock::time_point retry_at{};                 ///< While waiting.
  std::uint32_t attempt = 1;                           ///< The number of the next try.
  std::string why;                                     ///< The last connection was lost.
  std::optional<std::chrono::microseconds> round_trip; ///< The last one that was measured.
};

/// C-r: the newest line of the history with `what` in it.
struct history_search {
  std::string what;
  std::optional<std::size_t> found;
  std::string before; ///< The input when it began.
};

struct chat_state {
  room_list rooms;
  editor input;
  connection_state connection;
  std::string my_name;
  std::string my_id;
  bool asking_name = false;
  bool pasted = false; ///< The input holds a paste of some lines, which Esc takes away.
  std::string search;  ///< What is searched for in the messages; empty: nothing.
  std::optional<history_search> searching;
  std::string hint; ///< One line for now, gone with the next key.
  /// Who types where, and until when to say so.
  std::map<std::string, std::map<std::string, screen_clock::time_point>> typing;
};

/// Where the messages stand on a screen of this size.
[[nodiscard]] pane message_area(const chat_state& state, int rows, int columns);

/// The whole screen. Sizes below one are taken for one.
[[nodiscard]] frame painted_screen(const chat_state& state, int rows, int columns,
                                   screen_clock::time_point now);

/// When the picture changes although nothing happens: a countdown, somebody who stops typing.
[[nodiscard]] std::optional<screen_clock::time_point> next_change(const chat_state& state,
                                                                  screen_clock::time_point now);

} // namespace callboard::client
