// A text ends at the first control character, and fields at a semicolon: neither is let through.
#include "client/screen/notification.hpp"

#include "client/screen/text_width.hpp"
#include "client/visible_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace callboard::client {

namespace {

constexpr int columns_most = 120;

constexpr std::array<std::pair<std::string_view, notification>, 5> words{{
  {"off", notification::off},
  {"bell", notification::bell},
  {"osc9", notification::osc9},
  {"osc99", notification::osc99},
  {"osc777", notification::osc777},
}};

std::string field(std::string_view text) {
  auto safe = fitted(visible_line(text), columns_most);
  std::replace(safe.begin(), safe.end(), ';', ',');
  return safe;
}

} // namespace

std::optional<notification> read_notification(std::string_view word) {
  for (const auto& [known, how] : words)
    if (known == word)
      return how;
  return std::nullopt;
}

std::string_view word_of(notification how) {
  for (const auto& [known, what] : words)
    if (what == how)
      return known;
  return {};
}

std::string notification_bytes(notification how, std::string_view title, std::string_view text) {
  switch (how) {
    case notification::off:
      return {};
    case notification::bell:
      return "\a";
    case notification::osc9:
      return "\033]9;" + field(title) + ": " + field(text) + "\a";
    case notification::osc99:
      return "\033]99;;" + field(title) + ": " + field(text) + "\033\\";
    case notification::osc777:
      return "\033]777;notify;" + field(title) + ";" + field(text) + "\a";
  }
  return {};
}

} // namespace callboard::client
