// What a database's text columns can hold, so that all three stores refuse the same drafts.
#pragma once

#include "domain/entry.hpp"

#include <cstdint>
#include <limits>
#include <string_view>

namespace callboard {

/// True for well-formed UTF-8 without NUL: PostgreSQL's text holds nothing else, and libpq would
/// cut the string at the NUL without a word.
[[nodiscard]] bool is_storable(std::string_view text);

/// True when every text of the draft is.
[[nodiscard]] bool is_storable(const draft& what);

/// Databases count in signed 64 bits.
inline constexpr seq_t seq_max = std::numeric_limits<std::int64_t>::max();

} // namespace callboard
