// The histogram: what goes in comes out as quantiles, never too low and at most a sixteenth too
// high.
#define CAF_SUITE latency

#include "domain/latency.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <thread>

using namespace callboard;
using std::chrono::microseconds;

namespace latency_suite {

CAF_TEST(every value lies in a bucket that ends at most a sixteenth above it) {
  std::size_t before = 0;
  for (std::uint64_t us = 0; us < (std::uint64_t{1} << 35U); us += 1 + us / 50) {
    const auto place = latency_buckets::place_of(us);
    CAF_REQUIRE(place >= before);
    CAF_REQUIRE(place < latency_buckets::count);
    CAF_REQUIRE(latency_buckets::highest(place) >= us);
    CAF_REQUIRE(latency_buckets::highest(place) <= us + us / 16);
    CAF_REQUIRE_EQUAL(latency_buckets::place_of(latency_buckets::highest(place)), place);
    before = place;
  }
  CAF_CHECK_EQUAL(latency_buckets::place_of(~std::uint64_t{0}), latency_buckets::count - 1);
}

CAF_TEST(quantiles are those of the values by rank) {
  latency_histogram all;
  for (int us = 1; us <= 1000; ++us)
    all.record(microseconds{us});
  const auto counts = all.counts();
  CAF_CHECK_EQUAL(counts.total(), 1000U);
  const auto p50 = counts.quantile(500).value_or(0);
  const auto p99 = counts.quantile(990).value_or(0);
  CAF_CHECK(p50 >= 500 && p50 <= 531);
  CAF_CHECK(p99 >= 990 && p99 <= 1051);
  CAF_CHECK_EQUAL(counts.quantile(0).value_or(0), 1U);
}

CAF_TEST(one slow value among ninety - nine is above the p50 and at the p99 .9) {
  latency_histogram all;
  for (int i = 0; i < 99; ++i)
    all.record(microseconds{10});
  all.record(std::chrono::seconds{2});
  CAF_CHECK_EQUAL(all.counts().quantile(500).value_or(0), 10U);
  CAF_CHECK_EQUAL(all.counts().quantile(990).value_or(0), 10U);
  CAF_CHECK(all.counts().quantile(999).value_or(0) >= 2000000U);
}

CAF_TEST(nothing has no quantile and a negative time counts as zero) {
  latency_histogram all;
  CAF_CHECK(!all.counts().quantile(500));
  all.record(microseconds{-5});
  CAF_CHECK_EQUAL(all.counts().quantile(500).value_or(9), 0U);
}

CAF_TEST(a difference holds what came between) {
  latency_histogram all;
  all.record(microseconds{5});
  const auto before = all.counts();
  all.record(microseconds{7});
  all.record(microseconds{7});
  const auto between = all.counts().since(before);
  CAF_CHECK_EQUAL(between.total(), 2U);
  CAF_CHECK_EQUAL(between.quantile(10).value_or(0), 7U);
}

CAF_TEST(threads that record at once lose nothing) {
  latency_histogram all;
  {
    const auto record = [&all] {
      for (int j = 0; j < 10000; ++j)
        all.record(microseconds{j % 40});
    };
    const std::array<std::jthread, 4> threads{std::jthread{record}, std::jthread{record},
                                              std::jthread{record}, std::jthread{record}};
  }
  CAF_CHECK_EQUAL(all.counts().total(), 40000U);
}

} // namespace latency_suite
