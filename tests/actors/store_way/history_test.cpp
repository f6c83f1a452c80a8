// The reader's thread: one question, one page, encoded; a failed read is tried twice.
#define CAF_SUITE history

#include "actors/history.hpp"

#include "tests/actors/store_way/conversation.hpp"
#include "tests/actors/store_way/doubles.hpp"
#include "tests/actors/store_way/drafts.hpp"

using namespace callboard;
using namespace callboard::samples;

namespace history_suite {

namespace {

constexpr auto after = read_query::direction::after;
constexpr auto before = read_query::direction::before;

struct fixture : conversation {
  std::shared_ptr<memory_log> log = std::make_shared<memory_log>();
  std::shared_ptr<memory_store> store = std::make_shared<memory_store>(log);
  doubles::listener<cache_actor> cache{sys};
  doubles::listener<session_actor> session{sys};
  history_actor aut;

  fixture() {
    part(cache.actor);
    part(session.actor);
    for (const auto* room : {"den", "dock", "loft"})
      for (int i = 1; i <= 9; ++i)
        (void)store->append(drafts_of({"m" + std::to_string(i)}, room));
    begin({});
  }

  void begin(const limits& bounds) {
    aut = part(start_history(sys, store, bounds, false));
    settle();
  }

  page_fetched fetch(read_query query) {
    tell_from_outside(aut, fetch_page{cache.actor, 5, std::move(query)});
    settle();
    return cache.last<page_fetched>();
  }

  rooms_listed list(const std::string& prefix, std::size_t limit) {
    auto members = std::make_shared<const census_map>(census_map{{"den", 3}, {"attic", 1}});
    tell_from_outside(aut, list_rooms{session.actor, 6, prefix, limit, members});
    settle();
    return session.last<rooms_listed>();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(history_tests, fixture)

CAF_TEST(a page is read and encoded) {
  const auto page = fetch({"den", after, 3, 4});
  CAF_CHECK_EQUAL(page.ticket, 5U);
  CAF_CHECK(!page.failed);
  CAF_REQUIRE(page.run != nullptr);
  CAF_CHECK_EQUAL(page.run->room(), "den");
  CAF_CHECK_EQUAL(page.run->first(), 4U);
  CAF_CHECK_EQUAL(page.run->last(), 7U);
  CAF_CHECK(fetch({"den", before, 4, 9}).run->last() == 3);
}

CAF_TEST(where there is nothing the page is none and has not failed) {
  const auto page = fetch({"nowhere", after, 0, 9});
  CAF_CHECK_EQUAL(page.ticket, 5U);
  CAF_CHECK(!page.failed);
  CAF_CHECK(page.run == nullptr);
}

CAF_TEST(a page of too many bytes keeps the entries nearest to the position) {
  limits bounds;
  bounds.page_bytes = fetch({"den", after, 0, 3}).run->bytes();
  begin(bounds);
  auto page = fetch({"den", after, 2, 7});
  CAF_CHECK_EQUAL(page.run->first(), 3U);
  CAF_CHECK_EQUAL(page.run->last(), 5U);
  CAF_CHECK(page.run->bytes() <= bounds.page_bytes);
  page = fetch({"den", before, 9, 7});
  CAF_CHECK_EQUAL(page.run->first(), 6U);
  CAF_CHECK_EQUAL(page.run->last(), 8U);
  bounds.page_bytes = 1;
  begin(bounds);
  CAF_CHECK(fetch({"den", after, 2, 7}).run->last() == 3);
  CAF_CHECK(fetch({"den", before, 9, 7}).run->first() == 8);
}

CAF_TEST(a read that fails is tried once more) {
  set_log_sink([](log_level, std::string_view) {});
  log->fail_next(memory_fault::before_commit);
  CAF_CHECK(fetch({"den", after, 0, 9}).run != nullptr);
  const auto calls = log->calls();
  log->fail_next(memory_fault::before_commit, 9);
  const auto page = fetch({"den", after, 0, 9});
  CAF_CHECK(page.failed);
  CAF_CHECK(page.run == nullptr);
  CAF_CHECK_EQUAL(log->calls(), calls + 2);
  CAF_CHECK(list("d", 9).failed);
  set_log_sink(nullptr);
}

CAF_TEST(reads that fail are logged at most every ten seconds and counted) {
  using namespace std::chrono_literals;
  std::vector<std::string> lines;
  set_log_sink([&lines](log_level, std::string_view line) { lines.emplace_back(line); });
  log->fail_next(memory_fault::before_commit, 1000);
  for (int i = 0; i < 30; ++i)
    fetch({"den", after, 0, 9});
  CAF_CHECK_EQUAL(lines.size(), 1U);
  pass(9900ms);
  fetch({"den", after, 0, 9});
  CAF_CHECK_EQUAL(lines.size(), 1U);
  pass(100ms);
  list("d", 9);
  CAF_REQUIRE_EQUAL(lines.size(), 2U);
  CAF_CHECK(lines.front().find("unsaid") == std::string::npos);
  CAF_CHECK(lines.back().ends_with("unsaid since the last such line: 30"));
  set_log_sink(nullptr);
}

CAF_TEST(rooms are listed with those who are in them) {
  const auto listed = list("d", 9);
  CAF_CHECK_EQUAL(listed.ticket, 6U);
  CAF_CHECK(!listed.failed);
  CAF_CHECK((listed.rooms == std::vector<room_info>{{"den", 9, 3}, {"dock", 9, 0}}));
  CAF_CHECK_EQUAL(list("", 2).rooms.size(), 2U);
}

CAF_TEST(a page of no entries costs the store nothing) {
  const auto calls = log->calls();
  const auto page = fetch({"den", after, 0, 0});
  CAF_CHECK_EQUAL(page.ticket, 5U);
  CAF_CHECK(!page.failed);
  CAF_CHECK_EQUAL(log->calls(), calls);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace history_suite
