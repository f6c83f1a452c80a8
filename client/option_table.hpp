// The one table of what `callboard` understands: commands, options, exit codes. From it come
// reading, help, completion and the man page, so none of them can know more or less than the
// others.
#pragma once

#include "client/invocation.hpp"
#include "runtime/options.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::client {

/// A command's word and what people must know of it. Texts are literals.
struct command_row {
  invocation::what command;
  std::string_view word;      ///< Empty: no word, `callboard [ROOM]`.
  std::string_view arguments; ///< "ROOM [TEXT...]"
  std::string_view example;   ///< A whole line for a shell.
  std::string_view meaning;   ///< What it does; begins with a verb.
};

inline constexpr std::size_t command_count = 8;

[[nodiscard]] const std::array<command_row, command_count>& command_rows();

struct exit_row {
  int code;
  std::string_view meaning;
};

[[nodiscard]] const std::vector<exit_row>& exit_rows();

/// What the takers of options fill.
struct raw_invocation {
  invocation result;
  bool help = false;
  bool version = false;
  bool plain = false;
  std::int64_t timeout = -1;
  std::int64_t last = -1;
  enum class colour : std::uint8_t { automatic, always, never };
  colour colours = colour::automatic;
  std::vector<std::string_view> given; ///< Flags that were given, by any of the ways.
};

/// A bit for each command.
using command_set = std::uint32_t;
[[nodiscard]] constexpr command_set set_of(invocation::what command) {
  return 1U << static_cast<std::uint32_t>(command);
}

struct option_row {
  option what;
  command_set commands = ~command_set{0};
  std::vector<std::string_view> choices; ///< For completion; empty: anything.
};

/// Values go into `into`, which must outlive the rows.
[[nodiscard]] std::vector<option_row> option_rows(raw_invocation& into);

/// "tail, export".
[[nodiscard]] std::string names_of(command_set commands);

} // namespace callboard::client
