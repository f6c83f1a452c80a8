// The messages of a room as rows of a screen: days, the unread line, what is pending or failed. Any
// texts and any size give exactly the rows that were asked for.
#pragma once

#include "client/screen/frame.hpp"
#include "client/screen/room_view.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace callboard::client {

struct pane {
  int rows = 0;
  int columns = 0;
  std::string_view search; ///< What is marked; empty: nothing.
  std::string_view me;     ///< The name of own lines.
};

/// The rows that the reader sees, the lowest message at the bottom.
[[nodiscard]] std::vector<row> painted_messages(const room_view& room, const pane& in);

/// Moves the reader by so many rows, up (negative) or down, as far as the window goes.
void scroll(room_view& room, const pane& in, int rows);

/// Brings a line into the middle of the pane.
void scroll_to(room_view& room, const pane& in, std::int64_t line);

/// True when the window's first (last) lines come so close that it should be longer.
[[nodiscard]] bool nears_front(const room_view& room, const pane& in);
[[nodiscard]] bool nears_end(const room_view& room, const pane& in);

} // namespace callboard::client
