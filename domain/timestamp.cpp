// Digits by hand: a timestamp is part of every message, and printf costs more than the rest of it.
#include "domain/timestamp.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace callboard {

namespace {

using namespace std::chrono;

constexpr std::string_view pattern = "0000-00-00T00:00:00.000Z";

constexpr std::int64_t earliest_ms =
  milliseconds{sys_days{year{0} / 1 / 1}.time_since_epoch()}.count();
constexpr std::int64_t latest_ms =
  milliseconds{sys_days{year{10000} / 1 / 1}.time_since_epoch()}.count() - 1;

void put(char* last_digit, std::int64_t value) {
  for (; value > 0; value /= 10)
    *last_digit-- = static_cast<char>('0' + value % 10);
}

/// The number in text[from, from + length), of which is known that it is digits.
int number_in(std::string_view text, std::size_t from, std::size_t length) {
  int value = 0;
  for (const auto c : text.substr(from, length))
    value = value * 10 + (c - '0');
  return value;
}

bool matches_pattern(std::string_view text) {
  return std::equal(text.begin(), text.end(), pattern.begin(), pattern.end(),
                    [](char c, char p) { return p == '0' ? c >= '0' && c <= '9' : c == p; });
}

} // namespace

void append_timestamp(std::string& out, std::int64_t at_ms) {
  const sys_time<milliseconds> at{milliseconds{std::clamp(at_ms, earliest_ms, latest_ms)}};
  const auto midnight = floor<days>(at);
  const year_month_day date{midnight};
  const hh_mm_ss time{at - midnight};
  std::array<char, pattern.size()> text{};
  std::copy(pattern.begin(), pattern.end(), text.begin());
  put(&text[3], static_cast<int>(date.year()));
  put(&text[6], static_cast<unsigned>(date.month()));
  put(&text[9], static_cast<unsigned>(date.day()));
  put(&text[12], time.hours().count());
  put(&text[15], time.minutes().count());
  put(&text[18], time.seconds().count());
  put(&text[22], time.subseconds().count());
  out.append(text.data(), text.size());
}

std::optional<std::int64_t> read_timestamp(std::string_view text) {
  if (!matches_pattern(text))
    return std::nullopt;
  const year_month_day date{year{number_in(text, 0, 4)},
                            month{static_cast<unsigned>(number_in(text, 5, 2))},
                            day{static_cast<unsigned>(number_in(text, 8, 2))}};
  const hours h{number_in(text, 11, 2)};
  const minutes m{number_in(text, 14, 2)};
  const seconds s{number_in(text, 17, 2)};
  if (!date.ok() || h >= 24h || m >= 60min || s >= 60s)
    return std::nullopt;
  const auto at = sys_days{date} + h + m + s + milliseconds{number_in(text, 20, 3)};
  return at.time_since_epoch().count();
}

} // namespace callboard
