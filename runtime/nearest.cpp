// Optimal string alignment distance over short words; longer ones are never near.
#include "runtime/nearest.hpp"

#include <algorithm>
#include <cstddef>

namespace callboard {

namespace {

constexpr std::size_t shortest_word = 3; // One or two letters are near to anything.
constexpr std::size_t longest_word = 64; // Longer input is no typing error of a setting's name.

[[nodiscard]] char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2])
          && lower(a[i - 2]) == lower(b[j - 1]))
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row.back();
}

/// The only one that begins with `word`: half of a name is not near it by distance.
[[nodiscard]] std::string_view completed(std::string_view word,
                                         const std::vector<std::string_view>& known) {
  const auto begins = [word](std::string_view k) { return k.starts_with(word); };
  const auto first = std::find_if(known.begin(), known.end(), begins);
  if (first == known.end() || std::find_if(first + 1, known.end(), begins) != known.end())
    return {};
  return *first;
}

} // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  if (word.size() < shortest_word || word.size() > longest_word)
    return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto candidate : known) {
    if (candidate.size() > longest_word)
      continue;
    const auto found = distance(word, candidate);
    if (found < best_distance) {
      best = candidate;
      best_distance = found;
    }
  }
  return best.empty() ? completed(word, known) : best;
}

} // namespace callboard
