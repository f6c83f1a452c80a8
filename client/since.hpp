// `--since`: a place in a room's log, by number or by time. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace callboard::client {

struct since_place {
  std::optional<std::uint64_t> seq;
  std::optional<std::int64_t> at_ms; ///< Since 1970, UTC.

  friend bool operator==(const since_place&, const since_place&) = default;
};

inline constexpr auto expected_since =
  "a message's number, a time (2026-11-23, 2026-11-23T17:02:26Z), or how long ago (90s, 15m, 2h, "
  "3d)";

/// Nothing when it is none of these. `now_ms`: for "how long ago".
[[nodiscard]] std::optional<since_place> read_since(std::string_view text, std::int64_t now_ms);

} // namespace callboard::client
