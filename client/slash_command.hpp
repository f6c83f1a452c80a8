// A typed line, understood: something to say, or one of the commands. What looks like a command and
// is none is never sent: it is most likely a slip.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace callboard::client {

struct say_line {
  std::string text;
};
struct quit_line {};
struct help_line {};
struct who_line {};
struct rooms_line {
  std::string prefix;
};
struct join_line {
  std::string room;
};
struct leave_line {
  std::string room; ///< Empty: the current one.
};
struct history_line {
  std::size_t count = 50;
};
struct reconnect_line {};
struct me_line {
  std::string text; ///< What I do. It is sent as "/me text", and shown as "* alice text".
};
struct search_line {
  std::string text; ///< In what is loaded. Empty: no more.
};
struct notify_line {
  std::string how; ///< Empty: tell how it is.
};
/// What was not stored, the newest first: once more, back into the input, no more.
struct retry_line {};
struct edit_line {};
struct drop_line {};
struct nothing_line {}; ///< Only white space.
struct wrong_line {
  std::string hint;
};

using typed_line =
  std::variant<say_line, quit_line, help_line, who_line, rooms_line, join_line, leave_line,
               history_line, reconnect_line, me_line, search_line, notify_line, retry_line,
               edit_line, drop_line, nothing_line, wrong_line>;

/// `/word argument`; `//text` says `/text`.
[[nodiscard]] typed_line read_typed(std::string_view line);

/// All commands, with their slash.
[[nodiscard]] std::vector<std::string> slash_words();

/// What `/help` prints; lines without the last one's end.
[[nodiscard]] std::string_view slash_help();

} // namespace callboard::client
