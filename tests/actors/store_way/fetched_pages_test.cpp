// Pages of old positions: found wherever they hold the answer, gone when others are used more.
#define CAF_SUITE fetched_pages

#include "actors/fetched_pages.hpp"

#include "tests/actors/store_way/drafts.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::samples;
using namespace std::chrono_literals;

namespace fetched_pages_suite {

namespace {

constexpr auto after = read_query::direction::after;
constexpr auto before = read_query::direction::before;
constexpr fetched_pages::time_point now{1h};

bool holds(fetched_pages& pages, const read_query& query, seq_t first, seq_t last) {
  const auto found = pages.read(query, now);
  return found && found->first == first && found->last == last && found->runs.size() == 1;
}

} // namespace

CAF_TEST(a page answers whoever asks for a part of it) {
  fetched_pages pages{limits{}};
  pages.keep(run_of(101, 200), now);
  pages.keep(run_of(301, 400), now);
  CAF_CHECK(holds(pages, {"den", after, 100, 100}, 101, 200));
  CAF_CHECK(holds(pages, {"den", after, 150, 10}, 151, 160));
  CAF_CHECK(holds(pages, {"den", before, 201, 50}, 151, 200));
  CAF_CHECK(holds(pages, {"den", after, 300, 1}, 301, 301));
  CAF_CHECK(!pages.read({"den", after, 99, 10}, now));
  CAF_CHECK(!pages.read({"den", after, 200, 10}, now));
  CAF_CHECK(!pages.read({"den", before, 201, 101}, now));
  CAF_CHECK(!pages.read({"attic", after, 100, 10}, now));
  CAF_CHECK(!pages.read({"loft", after, 300, 10}, now));
}

CAF_TEST(of two pages with the same first entry the longer one is kept) {
  fetched_pages pages{limits{}};
  pages.keep(run_of(101, 200), now);
  pages.keep(run_of(101, 150), now);
  CAF_CHECK(holds(pages, {"den", after, 100, 500}, 101, 200));
  pages.keep(run_of(101, 300), now);
  CAF_CHECK(holds(pages, {"den", after, 100, 500}, 101, 300));
  CAF_CHECK_EQUAL(pages.bytes(), run_of(101, 300)->bytes());
}

CAF_TEST(the page that was used longest ago goes first) {
  limits bounds;
  bounds.cache_bytes = 2 * run_of(101, 110)->bytes();
  fetched_pages pages{bounds};
  pages.keep(run_of(101, 110), now);
  pages.keep(run_of(201, 210), now);
  CAF_CHECK(holds(pages, {"den", after, 100, 10}, 101, 110));
  pages.keep(run_of(301, 310), now);
  CAF_CHECK(!pages.read({"den", after, 200, 10}, now));
  CAF_CHECK(holds(pages, {"den", after, 100, 10}, 101, 110));
  CAF_CHECK(holds(pages, {"den", after, 300, 10}, 301, 310));
  CAF_CHECK(pages.bytes() <= bounds.cache_bytes);
  pages.keep(run_of(401, 499), now); // alone too large: not for the price of all others
  CAF_CHECK(holds(pages, {"den", after, 100, 10}, 101, 110));
}

CAF_TEST(a page that nobody used for its time is forgotten) {
  fetched_pages pages{limits{}};
  pages.keep(run_of(101, 110), now);
  pages.keep(run_of(201, 210), now);
  (void)pages.read({"den", after, 100, 1}, now + 1s);
  pages.forget_unused(now + 600s);
  CAF_CHECK(!pages.read({"den", after, 200, 1}, now + 1s));
  CAF_CHECK(holds(pages, {"den", after, 100, 1}, 101, 101));
  pages.forget_unused(now + 1300s);
  CAF_CHECK(pages.empty());
  CAF_CHECK_EQUAL(pages.bytes(), 0U);
}

} // namespace fetched_pages_suite
