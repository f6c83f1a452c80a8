// How long something took, as counts in buckets: any thread records without waiting, whoever asks
// gets quantiles that are at most one sixteenth too high.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>

namespace callboard {

/// The buckets: each octave of microseconds in sixteen parts, up to 2^36 us (19 hours).
struct latency_buckets {
  static constexpr std::uint64_t parts = 16;
  static constexpr unsigned part_bits = 4;
  static constexpr unsigned octaves = 36;
  static constexpr std::size_t count = (octaves - part_bits + 1) * parts;

  /// Where `us` is counted; longer ones in the last bucket.
  [[nodiscard]] static constexpr std::size_t place_of(std::uint64_t us) {
    if (us < parts)
      return us;
    const auto octave = static_cast<unsigned>(std::bit_width(us)) - 1;
    if (octave >= octaves)
      return count - 1;
    return ((octave - part_bits + 1) * parts) + ((us >> (octave - part_bits)) & (parts - 1));
  }

  /// The largest value that is counted there.
  [[nodiscard]] static constexpr std::uint64_t highest(std::size_t place) {
    if (place < parts)
      return place;
    const auto shift = static_cast<unsigned>((place / parts) - 1);
    return ((parts + (place % parts) + 1) << shift) - 1;
  }
};

/// Counts at one moment; differences of two are those of the time between.
class latency_counts {
public:
  std::array<std::uint64_t, latency_buckets::count> at{};

  [[nodiscard]] std::uint64_t total() const {
    return std::accumulate(at.begin(), at.end(), std::uint64_t{0});
  }

  /// Microseconds that `permille` of the values do not exceed; nothing if there are none.
  [[nodiscard]] std::optional<std::uint64_t> quantile(unsigned permille) const {
    const auto all = total();
    const auto wanted = ((all * permille) + 999) / 1000; // The value of that rank, rounded up.
    std::uint64_t so_far = 0;
    for (std::size_t place = 0; place < at.size(); ++place) {
      so_far += at[place];
      if (so_far > 0 && so_far >= wanted)
        return latency_buckets::highest(place);
    }
    return {};
  }

  /// What has come since `earlier`.
  [[nodiscard]] latency_counts since(const latency_counts& earlier) const {
    latency_counts result;
    for (std::size_t place = 0; place < at.size(); ++place)
      result.at[place] = at[place] - earlier.at[place];
    return result;
  }
};

/// Relaxed atomics: a count may show a moment later than another, and none is ever lost.
class latency_histogram {
public:
  /// Any thread. Below zero counts as zero.
  void record(std::chrono::nanoseconds took) {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    const auto value = us < 0 ? std::uint64_t{0} : static_cast<std::uint64_t>(us);
    counts_[latency_buckets::place_of(value)].fetch_add(1, std::memory_order_relaxed);
  }

  [[nodiscard]] latency_counts counts() const {
    latency_counts result;
    for (std::size_t place = 0; place < counts_.size(); ++place)
      result.at[place] = counts_[place].load(std::memory_order_relaxed);
    return result;
  }

private:
  std::array<std::atomic<std::uint64_t>, latency_buckets::count> counts_{};
};

} // namespace callboard
