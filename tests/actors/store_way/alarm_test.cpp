// One clock per actor: a tick for the nearest deadline, and no tick counts twice.
#define CAF_SUITE alarm

#include "actors/alarm.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace std::chrono_literals;

namespace alarm_suite {

namespace {

constexpr callboard::alarm::time_point now{1h};

} // namespace

CAF_TEST(a tick is sent only where none is due by then) {
  callboard::alarm clock;
  CAF_CHECK(clock.set(now, 250ms));
  CAF_CHECK(!clock.set(now, 250ms));
  CAF_CHECK(!clock.set(now + 100ms, 2s));
  CAF_CHECK(clock.set(now + 100ms, 50ms));
  CAF_CHECK(!clock.set(now + 100ms, 150ms));
}

CAF_TEST(a tick that was overtaken is ignored and begins no second row of ticks) {
  callboard::alarm clock;
  CAF_CHECK(clock.set(now, 2s));
  CAF_CHECK(clock.set(now, 250ms));
  CAF_CHECK(clock.ring(now + 250ms));
  CAF_CHECK(!clock.ring(now + 260ms));
  CAF_CHECK(clock.set(now + 1900ms, 250ms));
  CAF_CHECK(!clock.ring(now + 2s)); // the first one, late
  CAF_CHECK(clock.ring(now + 2150ms));
}

} // namespace alarm_suite
