// Header fields whose value is a list separated by commas (RFC 9110 section 5.6.1).
#pragma once

#include <algorithm>
#include <string_view>

namespace callboard {

/// Without spaces and tabs around it.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes the first item off `list`, trimmed; empty items are items.
[[nodiscard]] inline std::string_view next_item(std::string_view& list) {
  const auto comma = std::min(list.find(','), list.size());
  const auto item = trimmed(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return item;
}

/// True if `list` has `wanted`.
[[nodiscard]] inline bool lists(std::string_view list, std::string_view wanted) {
  while (!list.empty())
    if (next_item(list) == wanted)
      return true;
  return false;
}

} // namespace callboard
