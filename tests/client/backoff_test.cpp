// Full jitter from nothing to a ceiling that doubles.
#define CAF_SUITE client_backoff

#include "client/backoff.hpp"

#include <caf/test/unit_test.hpp>

#include <random>

using namespace callboard::client;
using namespace std::chrono_literals;

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
