// All chance of a simulated run comes from here: one seed, one sequence, on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace callboard::simulation {

/// SplitMix64 (Steele, Lea, Flood 2014): tiny, fast, and the same everywhere, unlike the standard
/// library's distributions.
class dice {
public:
  explicit dice(std::uint64_t seed) : state_{seed} {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    auto z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }

  /// 0 to n - 1; 0 for n = 0.
  std::uint64_t below(std::uint64_t n) { return n == 0 ? 0 : next() % n; }

  /// From `least` to `most`, both included.
  std::uint64_t between(std::uint64_t least, std::uint64_t most) {
    return least + below(most - least + 1);
  }

  /// True `permille` times in a thousand.
  bool chance(unsigned permille) { return below(1000) < permille; }

  /// 128 bits as hexadecimal digits, for ids.
  std::string id() {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (int half = 0; half < 2; ++half) {
      auto bits = next();
      for (int i = 0; i < 16; ++i, bits >>= 4U)
        text.push_back(digits[bits & 15U]);
    }
    return text;
  }

private:
  std::uint64_t state_;
};

} // namespace callboard::simulation
