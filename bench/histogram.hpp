// Latencies in buckets of at most 1.6 % width, so that millions of samples cost two instructions
// each and a few kilobytes in all.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace callboard::bench {

/// Nanoseconds from 0 to 2^40 (18 minutes); more counts as that.
class histogram {
public:
  void add(std::int64_t nanoseconds) {
    ++buckets_[place(nanoseconds)];
    ++count_;
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }

  /// The value that `share` of the samples do not exceed, in nanoseconds; 0 without samples.
  [[nodiscard]] double percentile(double share) const {
    if (count_ == 0)
      return 0;
    const auto wanted = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(std::llround(share * static_cast<double>(count_))));
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i)
      if ((sum += buckets_[i]) >= wanted)
        return middle(i);
    return middle(buckets_.size() - 1);
  }

  void clear() {
    buckets_.assign(buckets_.size(), 0);
    count_ = 0;
  }

private:
  static constexpr unsigned sub_bits = 6; // 64 buckets for each power of two
  static constexpr std::uint64_t highest = (std::uint64_t{1} << 40U) - 1;

  static std::size_t place(std::int64_t nanoseconds) {
    const auto value =
      std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0)), highest);
    if (value < (1U << sub_bits))
      return static_cast<std::size_t>(value);
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - sub_bits;
    return ((shift + 1U) << sub_bits)
           + static_cast<std::size_t>((value >> shift) - (1U << sub_bits));
  }

  static double middle(std::size_t place) {
    if (place < (1U << sub_bits))
      return static_cast<double>(place);
    const auto shift = (place >> sub_bits) - 1;
    const auto low = static_cast<std::uint64_t>((place & ((1U << sub_bits) - 1)) + (1U << sub_bits))
                     << shift;
    return static_cast<double>(low) + static_cast<double>(std::uint64_t{1} << shift) / 2;
  }

  std::vector<std::uint64_t> buckets_ = std::vector<std::uint64_t>((41 - sub_bits) << sub_bits);
  std::uint64_t count_ = 0;
};

} // namespace callboard::bench
