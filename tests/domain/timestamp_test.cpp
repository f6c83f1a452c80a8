// Times out and back.
#define CAF_SUITE timestamp

#include "domain/timestamp.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>
#include <random>

using namespace callboard;

namespace timestamp_suite {

namespace {

std::string shown(std::int64_t at_ms) {
  std::string text;
  append_timestamp(text, at_ms);
  return text;
}

} // namespace

CAF_TEST(times are written in UTC with milliseconds) {
  CAF_CHECK_EQUAL(shown(0), "1970-01-01T00:00:00.000Z");
  CAF_CHECK_EQUAL(shown(1795453346123), "2026-11-23T17:02:26.123Z");
  CAF_CHECK_EQUAL(shown(951827696789), "2000-02-29T12:34:56.789Z");
  CAF_CHECK_EQUAL(shown(-1), "1969-12-31T23:59:59.999Z");
}

CAF_TEST(times beyond four digits become the nearest that has them) {
  CAF_CHECK_EQUAL(shown(std::numeric_limits<std::int64_t>::max()), "9999-12-31T23:59:59.999Z");
  CAF_CHECK_EQUAL(shown(std::numeric_limits<std::int64_t>::min()), "0000-01-01T00:00:00.000Z");
}

CAF_TEST(every time that is written is read back) {
  std::mt19937_64 random{1};
  std::uniform_int_distribution<std::int64_t> any{-62167219200000, 253402300799999};
  std::size_t wrong = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto at = any(random);
    wrong += read_timestamp(shown(at)) == at ? 0 : 1;
  }
  CAF_CHECK_EQUAL(wrong, 0u);
}

CAF_TEST(what is no such time is not read) {
  for (const auto* text :
       {"", "now", "2026-11-23T17:02:26Z", "2026-11-23 17:02:26.123Z", "2026-11-23T17:02:26.123z",
        "2026-11-23T17:02:26.123+", "2026-02-29T17:02:26.123Z", "2026-13-01T00:00:00.000Z",
        "2026-00-01T00:00:00.000Z", "2026-01-00T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
        "2026-01-01T00:60:00.000Z", "2026-01-01T00:00:60.000Z", "2026-01-01T00:00:00.00aZ",
        "2026-01-01T00:00:00.0000Z", "-026-01-01T00:00:00.000Z"})
    CAF_CHECK(!read_timestamp(text));
}

} // namespace timestamp_suite
