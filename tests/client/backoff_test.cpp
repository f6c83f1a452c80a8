// Full jitter from nothing to a ceiling that doubles.
#define CAF_SUITE client_backoff

#include "client/backoff.hpp"

#include "client/link.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

using namespace callboard::client;
using namespace std::chrono_literals;

namespace backoff_suite {

namespace {

constexpr int clients = 500;

/// When each of them tries again, from the moment in which all have lost the server, until it is
/// back after `away`.
std::vector<std::chrono::milliseconds> attempts_of(std::chrono::milliseconds away,
                                                   std::uint64_t first_seed) {
  std::vector<std::chrono::milliseconds> times;
  for (std::uint64_t client = 0; client < clients; ++client) {
    std::mt19937_64 random{first_seed + client};
    const link_timing timing;
    backoff delays{timing.backoff_least, timing.backoff_most};
    auto at = 0ms;
    do {
      at += delays.next(random());
      times.push_back(at);
    } while (at < away);
  }
  std::sort(times.begin(), times.end());
  return times;
}

/// The most attempts in any 100 ms.
std::size_t rush(const std::vector<std::chrono::milliseconds>& times) {
  std::size_t most = 0;
  for (auto first = times.begin(), last = first; last != times.end(); ++last) {
    while (*last - *first >= 100ms)
      ++first;
    most = std::max(most, static_cast<std::size_t>(last - first) + 1);
  }
  return most;
}

} // namespace

CAF_TEST(the ceiling doubles from half a second to thirty) {
  backoff delays{500ms, 30000ms};
  for (const auto ceiling : {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 30000ms, 30000ms}) {
    CAF_CHECK(delays.ceiling() == ceiling);
    CAF_CHECK(delays.next(static_cast<std::uint64_t>(ceiling.count())) == ceiling);
  }
}

CAF_TEST(every delay up to the ceiling can come and none above) {
  std::mt19937_64 random{1};
  int low = 0;
  int high = 0;
  for (int i = 0; i < 10000; ++i) {
    backoff delays{500ms, 30000ms};
    const auto delay = delays.next(random());
    CAF_REQUIRE(delay >= 0ms && delay <= 500ms);
    low += delay < 100ms ? 1 : 0;
    high += delay > 400ms ? 1 : 0;
  }
  CAF_CHECK(low > 1700 && low < 2300);
  CAF_CHECK(high > 1700 && high < 2300);
}

CAF_TEST(after a reset it begins anew) {
  backoff delays{500ms, 30000ms};
  for (int i = 0; i < 10; ++i)
    static_cast<void>(delays.next(7));
  delays.reset();
  CAF_CHECK(delays.ceiling() == 500ms);
}

CAF_TEST(five hundred clients of a killed server put no tenth of their attempts into any 100 ms) {
  for (const auto away : {0ms, 500ms, 3000ms, 20000ms})
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto times = attempts_of(away, seed * clients);
      CAF_CHECK(rush(times) * 10 <= times.size());
    }
}

} // namespace backoff_suite
