// Who talks in a room at the same time, and so how many posts are worth waiting for: one of each.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace callboard {

/// Pure; owned by one room. Two appends are looked at and not one: people whose posts have fallen
/// into two groups that take turns would else never meet again.
class talkers {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  /// Posts of these connections, repetitions allowed, have gone to the store together.
  void spoke(std::vector<std::uint64_t> connections, time_point now) {
    std::ranges::sort(connections);
    connections.erase(std::unique(connections.begin(), connections.end()), connections.end());
    before_ = std::exchange(last_, {std::move(connections), now});
  }

  /// How many different connections have spoken within `lately`; at least 1.
  [[nodiscard]] std::size_t lately(time_point now, duration lately) const {
    static const std::vector<std::uint64_t> nobody;
    const auto recent = [&](const group& whom) -> const std::vector<std::uint64_t>& {
      return now - whom.at <= lately ? whom.connections : nobody;
    };
    const auto& one = recent(last_);
    const auto& other = recent(before_);
    const auto shared = std::ranges::count_if(other, [&one](std::uint64_t connection) {
      return std::ranges::binary_search(one, connection);
    });
    return std::max<std::size_t>(1, one.size() + other.size() - static_cast<std::size_t>(shared));
  }

private:
  struct group {
    std::vector<std::uint64_t> connections; ///< Sorted, each once.
    time_point at;
  };

  group last_;
  group before_;
};

} // namespace callboard
