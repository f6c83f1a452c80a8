// Points in time as people and other programs read them: RFC 3339, UTC, milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callboard {

/// Appends "2026-11-23T17:02:26.123Z" for milliseconds since 1970. Times outside the years 0 to
/// 9999 become the nearest of them.
void append_timestamp(std::string& out, std::int64_t at_ms);

/// Milliseconds since 1970 of exactly that form, or nothing.
[[nodiscard]] std::optional<std::int64_t> read_timestamp(std::string_view text);

} // namespace callboard
