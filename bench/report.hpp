// One flat JSON object: what a scenario measured.
#pragma once

#include "bench/histogram.hpp"
#include "bench/truth.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <type_traits>

namespace callboard::bench {

class report {
public:
  template <class Number>
  void add(const std::string& name, Number value) {
    std::array<char, 64> text{};
    if constexpr (std::is_floating_point_v<Number>)
      (void)std::snprintf(text.data(), text.size(), "%.6g", value);
    else
      (void)std::snprintf(text.data(), text.size(), "%lld", static_cast<long long>(value));
    json_ += (json_.size() > 1 ? ",\"" : "\"") + name + "\":" + text.data();
  }

  /// Percentiles in milliseconds.
  void add(const std::string& name, const histogram& times) {
    constexpr double ms = 1e6;
    add(name + "_p50_ms", times.percentile(0.5) / ms);
    add(name + "_p90_ms", times.percentile(0.9) / ms);
    add(name + "_p99_ms", times.percentile(0.99) / ms);
    add(name + "_p999_ms", times.percentile(0.999) / ms);
    add(name + "_max_ms", times.percentile(1) / ms);
  }

  void add(const faults& found) {
    add("lost", found.lost);
    add("doubled", found.doubled);
    add("disordered", found.disordered);
    add("refused", found.refused);
  }

  void print() const {
    (void)std::printf("%s}\n", json_.c_str());
    (void)std::fflush(stdout);
  }

private:
  std::string json_ = "{";
};

} // namespace callboard::bench
