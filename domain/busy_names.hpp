// Who does most, counted in bounded memory however many names there are: Metwally, Agrawal and El
// Abbadi, "Efficient computation of frequent and top-k elements in data streams" (2005).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callboard {

/// Thread-safe. Exact while there are at most `kept` names since the last take(). With more, every
/// name with more than a `kept`-th of all counts is there, and no count is too low.
class busy_names {
public:
  static constexpr std::size_t kept = 64;
  using counted = std::pair<std::string, std::uint64_t>;

  void add(std::string_view name, std::uint64_t count) {
    const std::lock_guard lock{guard_};
    const auto known = std::find_if(names_.begin(), names_.end(),
                                    [name](const counted& one) { return one.first == name; });
    if (known != names_.end()) {
      known->second += count;
    } else if (names_.size() < kept) {
      names_.emplace_back(name, count);
    } else {
      // The newcomer takes the place of the least, and its count: it may have been here before.
      auto& least =
        *std::min_element(names_.begin(), names_.end(),
                          [](const counted& a, const counted& b) { return a.second < b.second; });
      least = {std::string{name}, least.second + count};
    }
  }

  /// All of them, in no order; counting begins anew.
  [[nodiscard]] std::vector<counted> take() {
    const std::lock_guard lock{guard_};
    return std::exchange(names_, {});
  }

private:
  std::mutex guard_;
  std::vector<counted> names_;
};

} // namespace callboard
