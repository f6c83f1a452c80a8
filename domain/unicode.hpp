// What the standard library does not know about Unicode and names, logs and screens need: code
// points and three classes of them. Total for any bytes.
#pragma once

#include <optional>
#include <string_view>

namespace callboard {

/// Takes the first code point off `bytes`. Nothing, and `bytes` untouched, where they are empty or
/// not well-formed UTF-8 (RFC 3629).
[[nodiscard]] std::optional<char32_t> take_code_point(std::string_view& bytes);

/// Unicode's White_Space property.
[[nodiscard]] bool is_white_space(char32_t point);

/// Control characters: C0, DEL, C1. Sent to a terminal, they command it.
[[nodiscard]] bool is_control(char32_t point);

/// What a reader cannot see, or what reorders what he sees: controls, format and bidi characters,
/// line and paragraph separators, fillers, variation selectors, tags, the blank Braille pattern and
/// noncharacters. Private use is not among them: fonts give it a shape.
[[nodiscard]] bool is_invisible(char32_t point);

} // namespace callboard
