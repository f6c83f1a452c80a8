// A text cut into lines of a width: at spaces where there are some, else between characters, never
// inside one. Nothing is lost but the spaces at which a line was broken.
#pragma once

#include <string_view>
#include <vector>

namespace callboard::client {

/// At least one line; each is a part of `text`, which has no line ends of its own where they are
/// not meant ('\n' begins a new line). A character wider than `columns` has a line for itself.
[[nodiscard]] std::vector<std::string_view> wrapped(std::string_view text, int columns);

} // namespace callboard::client
