// Digits alone are a number, so a year alone is no time.
#include "client/since.hpp"

#include "domain/timestamp.hpp"
#include "runtime/options.hpp"

#include <string>

namespace callboard::client {

namespace {

constexpr std::int64_t highest = std::int64_t{1} << 53U;

/// Milliseconds in a unit's letter; 0: none.
std::int64_t unit_of(char letter) {
  switch (letter) {
    case 's':
      return 1000;
    case 'm':
      return 60'000;
    case 'h':
      return 3'600'000;
    case 'd':
      return 86'400'000;
    default:
      return 0;
  }
}

/// What people leave out of "2026-11-23T17:02:26.123Z", added.
std::string completed(std::string_view text) {
  constexpr std::size_t date_chars = 10;
  constexpr std::size_t second_chars = 20;
  if (text.size() == date_chars)
    return std::string{text} + "T00:00:00.000Z";
  if (text.size() == second_chars && text.ends_with('Z'))
    return std::string{text.substr(0, second_chars - 1)} + ".000Z";
  return std::string{text};
}

} // namespace

std::optional<since_place> read_since(std::string_view text, std::int64_t now_ms) {
  if (const auto seq = whole_number(text, 0, highest))
    return since_place{static_cast<std::uint64_t>(*seq), {}};
  if (const auto unit = text.empty() ? 0 : unit_of(text.back()); unit > 0) {
    const auto count = whole_number(text.substr(0, text.size() - 1), 0, highest / 86'400'000);
    return count ? std::optional{since_place{{}, now_ms - *count * unit}} : std::nullopt;
  }
  if (const auto at = read_timestamp(completed(text)))
    return since_place{{}, *at};
  return std::nullopt;
}

} // namespace callboard::client
