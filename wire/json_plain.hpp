// Frames as nearly all clients write them, read in one pass: a third of what the library takes,
// which was a good part of what a post in a small room costs.
#pragma once

#include "wire/json.hpp"

#include <optional>
#include <string_view>

namespace callboard::wire::json {

/// The object that `text` is, if its members are strings without escapes, integers from 0 to
/// 10^18 - 1, true, false and null, at most `members` of them. Nothing for everything else, also
/// for what is no JSON at all: read_object() asks the library then, which knows why. What it
/// returns is what the library would have read.
[[nodiscard]] std::optional<value> read_plain_object(std::string_view text, std::size_t members);

/// read_object() without the short cut; for its tests.
[[nodiscard]] std::variant<value, failure> read_any_object(std::string_view text,
                                                           const bounds& most);

} // namespace callboard::wire::json
