// What came from the network, made fit for a terminal. Nothing that passes here can move the
// cursor, make the terminal answer, reorder a line, or look like a line of somebody else.
#pragma once

#include "domain/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace callboard::client {

/// One line: names, rooms, reasons, everything but messages. Controls are shown as their pictures
/// (U+2400…) or as \u{9b}, what reorders or hides as \u{202e}, bytes that are no UTF-8 as U+FFFD.
[[nodiscard]] std::string visible_line(std::string_view text);

/// Lines with commas between them: "Ada, Bob".
[[nodiscard]] std::string visible_names(const std::vector<std::string>& names);

/// A message. As `visible_line`, but line ends stay, and each further line begins with `indent`: no
/// message can forge a line that begins at the margin. A tab is four spaces. The joiners that emoji
/// and some scripts need (U+200C, U+200D, U+FE0E, U+FE0F) stay, one at a time.
[[nodiscard]] std::string visible_text(std::string_view text, std::string_view indent);

/// Why a text cannot be sent, for people: what `describe(why)` says, or that it is no UTF-8, which
/// `bad_text` stands for as well.
[[nodiscard]] std::string complaint_about(std::string_view text, errc why);

} // namespace callboard::client
