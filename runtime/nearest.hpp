// "Did you mean …?": the known word that a mistyped one most likely stands for, or none.
#pragma once

#include <string_view>
#include <vector>

namespace callboard {

/// The one of `known` within a third of the word's length (at least 2) in insertions, deletions,
/// replacements and swaps of neighbours, ASCII case ignored; else the only one that begins with the
/// word. Empty when there is none, or the word has less than three letters.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       const std::vector<std::string_view>& known);

} // namespace callboard
