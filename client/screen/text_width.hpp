// How much room text takes on a terminal, and what is drawn for it. Nothing vanishes: what the
// terminal's tables do not know gets a visible stand-in of the width that Unicode gives it.
#pragma once

#include <string>
#include <string_view>

namespace callboard::client {

/// One grapheme cluster: what a person takes for one character.
struct glyph {
  std::string_view bytes; ///< A part of the text that it was taken from.
  int columns = 0;        ///< At least 1.
};

/// Takes the first cluster off `text`, which is not empty. A byte that is no UTF-8 is a glyph of
/// its own; a cluster without end (hostile) is cut into several.
///
/// Widths are libc's, which ncurses and tmux have too; for characters newer than libc they are
/// libutf8proc's. LC_CTYPE must be UTF-8.
[[nodiscard]] glyph take_glyph(std::string_view& text);

/// Appends what is drawn: `columns` wide on every terminal, without controls and joiners.
void append_drawn(std::string& out, const glyph& what);

[[nodiscard]] int columns_of(std::string_view text);

/// The text as it is drawn, cut with an ellipsis where it is wider than `columns`.
[[nodiscard]] std::string fitted(std::string_view text, int columns);

/// For comparisons: without the difference of upper and lower case.
[[nodiscard]] std::string folded(std::string_view text);

/// True when `name` stands in `text` as a word of its own, in upper or lower case.
[[nodiscard]] bool mentions(std::string_view text, std::string_view name);

} // namespace callboard::client
