// The conversation reader - cache - history: from memory if it can be, else one read for all.
#define CAF_SUITE cache

#include "actors/cache.hpp"

#include "actors/history.hpp"
#include "tests/actors/store_way/conversation.hpp"
#include "tests/actors/store_way/doubles.hpp"
#include "tests/actors/store_way/drafts.hpp"

using namespace callboard;
using namespace callboard::samples;
using namespace std::chrono_literals;

namespace cache_suite {

namespace {

constexpr auto after = read_query::direction::after;
constexpr auto before = read_query::direction::before;

struct fixture : conversation {
  using reader_double = doubles::listener<session_actor>;
  using history_double = doubles::listener<history_actor>;

  std::shared_ptr<server_status> status = std::make_shared<server_status>();
  std::vector<std::shared_ptr<doubles::counting_store>> stores;
  std::vector<history_double> histories; // they answer what the test says
  reader_double ann{sys};
  reader_double bob{sys};
  cache_actor aut;

  fixture() {
    part(ann.actor);
    part(bob.actor);
    for (int i = 0; i < 2; ++i) {
      stores.push_back(std::make_shared<doubles::counting_store>());
      histories.emplace_back(sys);
      part(histories.back().actor);
    }
    settle();
  }

  void begin(const limits& bounds = {}, std::size_t readers = 1) {
    cache_needs needs{bounds, {}, {}, status};
    for (std::size_t i = 0; i < readers; ++i) {
      needs.readers.push_back(
        [history = histories[i].actor](caf::actor_system&) { return history; });
      needs.reader_stores.push_back(stores[i]);
    }
    aut = part(start_cache(sys, std::move(needs)));
    settle();
  }

  void show(const run_ptr& run) {
    tell_from_outside(aut, remember{run});
    settle();
  }

  void ask(const reader_double& who, ticket_t ticket, read_query query) {
    tell_from_outside(aut, read_page{who.actor, ticket, std::move(query)});
    settle();
  }

  /// The reads that a history reader got, as positions.
  std::vector<seq_t> reads(std::size_t reader = 0) const {
    std::vector<seq_t> positions;
    for (std::size_t i = 0; i < histories[reader].count<fetch_page>(); ++i)
      positions.push_back(histories[reader].nth<fetch_page>(i).query.position);
    return positions;
  }

  void answer(const run_ptr& run, bool failed = false, std::size_t reader = 0) {
    tell_from_outside(aut, page_fetched{histories[reader].last<fetch_page>().ticket, failed, run});
    settle();
  }

  /// "ticket:first-last" of the last page that came, and the number of all answers.
  static std::string page_of(const reader_double& who) {
    const auto& page = who.last<page_read>();
    return std::to_string(page.ticket) + ":" + std::to_string(page.first) + "-"
           + std::to_string(page.last) + " of " + std::to_string(who.count());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(cache_tests, fixture)

CAF_TEST(what was remembered is read without the store) {
  begin();
  show(run_of(5, 9));
  ask(ann, 3, {"den", after, 6, 50});
  CAF_CHECK_EQUAL(page_of(ann), "3:7-9 of 1");
  CAF_CHECK_EQUAL(ann.last<page_read>().room, "den");
  CAF_REQUIRE_EQUAL(ann.last<page_read>().runs.size(), 1U);
  CAF_CHECK_EQUAL(ann.last<page_read>().runs[0]->first(), 5U);
  CAF_CHECK_EQUAL(reads().size(), 0U);
  CAF_CHECK_EQUAL(status->pages_cached.load(), 1U);
  CAF_CHECK_EQUAL(status->cache_bytes.load(), run_of(5, 9)->bytes());
}

CAF_TEST(what is not held is read from the store once for all who ask) {
  begin();
  ask(ann, 1, {"den", after, 100, 50});
  ask(bob, 2, {"den", after, 100, 10});
  ask(bob, 3, {"den", after, 100, 50});
  CAF_CHECK_EQUAL(reads().size(), 1U);
  answer(run_of(101, 130));
  CAF_CHECK_EQUAL(page_of(ann), "1:101-130 of 1");
  CAF_REQUIRE_EQUAL(bob.count(), 2U);
  CAF_CHECK_EQUAL(bob.nth<page_read>(0).last, 110U);
  CAF_CHECK_EQUAL(page_of(bob), "3:101-130 of 2");
  CAF_CHECK_EQUAL(status->pages_read.load(), 1U);
  CAF_CHECK_EQUAL(reads().size(), 1U);
}

CAF_TEST(each gets only as much as it asked for also backwards) {
  begin();
  ask(ann, 1, {"den", before, 101, 50});
  ask(bob, 2, {"den", before, 101, 10});
  answer(run_of(51, 100));
  CAF_CHECK_EQUAL(page_of(ann), "1:51-100 of 1");
  CAF_CHECK_EQUAL(page_of(bob), "2:91-100 of 1");
}

CAF_TEST(a page that was read once is not read again) {
  begin();
  show(run_of(901, 910));
  for (ticket_t i = 1; i <= 3; ++i) {
    ask(ann, i, {"den", after, 100, 50});
    if (i == 1)
      answer(run_of(101, 150));
  }
  CAF_CHECK_EQUAL(page_of(ann), "3:101-150 of 3");
  CAF_CHECK_EQUAL(reads().size(), 1U);
  ask(bob, 1, {"den", after, 900, 50});
  CAF_CHECK_EQUAL(page_of(bob), "1:901-910 of 1");
}

CAF_TEST(a page that leads up to what is held joins it) {
  begin();
  show(run_of(51, 60));
  ask(ann, 1, {"den", before, 51, 20});
  answer(run_of(31, 50));
  ask(ann, 2, {"den", before, 61, 30});
  CAF_CHECK_EQUAL(page_of(ann), "2:31-60 of 2");
  CAF_CHECK_EQUAL(reads().size(), 1U);
}

CAF_TEST(nothing behind the end is an empty page) {
  begin();
  ask(ann, 1, {"den", after, 100, 50});
  answer(nullptr);
  CAF_CHECK_EQUAL(page_of(ann), "1:1-0 of 1");
  CAF_CHECK(ann.last<page_read>().runs.empty());
  ask(ann, 2, {"den", after, 0, 0});
  CAF_CHECK_EQUAL(page_of(ann), "2:1-0 of 2");
  CAF_CHECK_EQUAL(reads().size(), 1U);
}

CAF_TEST(who asks while an empty read is under way is not told of an older end) {
  begin();
  ask(ann, 1, {"den", after, 100, 50});
  show(run_of(101, 101)); // published meanwhile, and bob has heard of it
  show(run_of(300, 300)); // and the cache has it no more
  ask(bob, 2, {"den", after, 100, 50});
  answer(nullptr);
  CAF_CHECK_EQUAL(page_of(ann), "1:1-0 of 1");
  CAF_CHECK_EQUAL(bob.count(), 0U);
  CAF_CHECK_EQUAL(reads().size(), 2U);
  answer(run_of(101, 101));
  CAF_CHECK_EQUAL(page_of(bob), "2:101-101 of 1");
}

CAF_TEST(a page is never larger than the bound whatever is asked) {
  limits bounds;
  bounds.page = 4;
  begin(bounds);
  show(run_of(1, 9));
  ask(ann, 1, {"den", after, 0, 1000});
  CAF_CHECK_EQUAL(page_of(ann), "1:1-4 of 1");
  ask(ann, 2, {"loft", after, 0, 1000});
  CAF_CHECK_EQUAL(histories[0].last<fetch_page>().query.limit, 4U);
}

CAF_TEST(a failed read is refused as unavailable to all who asked) {
  begin();
  ask(ann, 1, {"den", after, 100, 50});
  ask(bob, 2, {"den", after, 100, 50});
  answer(nullptr, true);
  CAF_CHECK_EQUAL(ann.last<page_refused>().ticket, 1U);
  CAF_CHECK(ann.last<page_refused>().why == errc::unavailable);
  CAF_CHECK_EQUAL(ann.last<page_refused>().room, "den");
  CAF_CHECK_EQUAL(bob.last<page_refused>().ticket, 2U);
  ask(ann, 3, {"den", after, 100, 50});
  CAF_CHECK_EQUAL(reads().size(), 2U);
}

CAF_TEST(too many different reads are refused as busy) {
  limits bounds;
  bounds.reads_under_way = 2;
  begin(bounds);
  for (seq_t i = 1; i <= 3; ++i)
    ask(ann, i, {"den", after, 100 * i, 50});
  CAF_CHECK_EQUAL(ann.count(), 1U);
  CAF_CHECK_EQUAL(ann.last<page_refused>().ticket, 3U);
  CAF_CHECK(ann.last<page_refused>().why == errc::busy);
  tell_from_outside(aut, list_rooms{bob.actor, 4, "", 9, nullptr});
  settle();
  CAF_CHECK(bob.last<rooms_listed>().failed);
  CAF_CHECK_EQUAL(bob.last<rooms_listed>().ticket, 4U);
}

CAF_TEST(readers work side by side with one read each) {
  begin({}, 2);
  for (seq_t i = 1; i <= 3; ++i)
    ask(ann, i, {"den", after, 100 * i, 50});
  CAF_CHECK((reads(0) == std::vector<seq_t>{100}));
  CAF_CHECK((reads(1) == std::vector<seq_t>{200}));
  answer(run_of(201, 201), false, 1);
  CAF_CHECK((reads(0) == std::vector<seq_t>{100}));
  CAF_CHECK((reads(1) == std::vector<seq_t>{200, 300}));
}

CAF_TEST(a stuck read is interrupted and those who wait are refused in time) {
  begin({}, 2);
  ask(ann, 1, {"den", after, 100, 50});
  pass(3s);
  ask(bob, 2, {"den", after, 100, 50});
  pass(1900ms);
  CAF_CHECK_EQUAL(ann.count(), 0U);
  CAF_CHECK_EQUAL(stores[0]->interrupts, 0);
  pass(500ms);
  CAF_CHECK_EQUAL(ann.last<page_refused>().ticket, 1U);
  CAF_CHECK(ann.last<page_refused>().why == errc::unavailable);
  CAF_CHECK_EQUAL(stores[0]->interrupts, 1);
  CAF_CHECK_EQUAL(stores[1]->interrupts, 0);
  CAF_CHECK_EQUAL(bob.count(), 0U);
  pass(3s);
  CAF_CHECK_EQUAL(bob.last<page_refused>().ticket, 2U);
  answer(run_of(101, 130)); // too late for them, not for the next
  CAF_CHECK_EQUAL(ann.count() + bob.count(), 2U);
  ask(bob, 3, {"den", after, 100, 50});
  CAF_CHECK_EQUAL(page_of(bob), "3:101-130 of 2");
}

CAF_TEST(reads that nobody waits for any more are not given to a reader) {
  begin();
  for (seq_t i = 1; i <= 3; ++i)
    ask(ann, i, {"den", after, 100 * i, 50});
  pass(6s);
  CAF_CHECK_EQUAL(ann.count<page_refused>(), 3U);
  ask(ann, 4, {"den", after, 400, 50});
  answer(nullptr, true);
  CAF_CHECK((reads() == std::vector<seq_t>{100, 400}));
}

CAF_TEST(rooms are listed by a reader in turn with the reads) {
  begin();
  ask(ann, 1, {"den", after, 100, 50});
  tell_from_outside(aut, list_rooms{bob.actor, 4, "d", 9, nullptr});
  settle();
  CAF_CHECK_EQUAL(histories[0].count<list_rooms>(), 0U);
  answer(run_of(101, 101));
  CAF_REQUIRE_EQUAL(histories[0].count<list_rooms>(), 1U);
  CAF_CHECK_EQUAL(histories[0].last<list_rooms>().ticket, 4U);
  CAF_CHECK_EQUAL(histories[0].last<list_rooms>().prefix, "d");
  ask(ann, 2, {"den", after, 200, 50});
  CAF_CHECK((reads() == std::vector<seq_t>{100, 0})); // the list is not done yet
  answer(nullptr);
  CAF_CHECK((reads() == std::vector<seq_t>{100, 0, 200}));
}

CAF_TEST(a list that waits too long is refused) {
  begin();
  ask(ann, 1, {"den", after, 100, 50});
  tell_from_outside(aut, list_rooms{bob.actor, 4, "d", 9, nullptr});
  pass(6s);
  CAF_CHECK(bob.last<rooms_listed>().failed);
  CAF_CHECK_EQUAL(bob.count(), 1U);
  answer(nullptr, true);
  CAF_CHECK_EQUAL(histories[0].count<list_rooms>(), 0U);
}

CAF_TEST(what nobody uses is forgotten in time) {
  begin();
  show(run_of(1, 9));
  ask(ann, 1, {"loft", after, 100, 50});
  answer(run_of(101, 110, "loft"));
  CAF_CHECK(status->cache_bytes.load() > 0);
  pass(800s);
  CAF_CHECK_EQUAL(status->cache_bytes.load(), 0U);
  ask(ann, 2, {"den", after, 0, 50});
  CAF_CHECK_EQUAL(reads().size(), 2U);
}

CAF_TEST(all that is held stays within its bytes) {
  limits bounds;
  bounds.cache_bytes = 40000;
  bounds.cache_room_bytes = 20000;
  begin(bounds);
  for (seq_t i = 0; i < 60; ++i) {
    const auto nth = i / 5;
    show(run_of(10 * nth + 1, 10 * nth + 10, "room" + std::to_string(i % 5)));
    ask(ann, i, {"attic", after, 100 * i, 50});
    answer(run_of(100 * i + 1, 100 * i + 10, "attic"));
    CAF_CHECK(status->cache_bytes.load() <= bounds.cache_bytes);
  }
  CAF_CHECK(status->cache_bytes.load() > bounds.cache_bytes / 2);
}

CAF_TEST(the cache ends with a reader and begins again empty) {
  begin({}, 2);
  show(run_of(1, 9));
  caf::anon_send_exit(histories[1].actor, caf::exit_reason::kill);
  settle();
  CAF_CHECK(ended(aut));
  CAF_CHECK(ended(histories[0].actor));
  CAF_CHECK_EQUAL(status->cache_bytes.load(), 0U);
  histories.clear();
  histories.emplace_back(sys);
  part(histories.back().actor);
  begin();
  ask(ann, 1, {"den", after, 0, 50});
  CAF_CHECK_EQUAL(ann.count(), 0U);
  answer(run_of(1, 9));
  CAF_CHECK_EQUAL(page_of(ann), "1:1-9 of 1");
}

CAF_TEST(the cache takes its readers with it and interrupts their calls) {
  begin({}, 2);
  ask(ann, 1, {"den", after, 100, 50});
  caf::anon_send_exit(aut, caf::exit_reason::kill);
  settle();
  CAF_CHECK(ended(histories[0].actor));
  CAF_CHECK(ended(histories[1].actor));
  CAF_CHECK_EQUAL(stores[0]->interrupts, 1);
  CAF_CHECK_EQUAL(stores[1]->interrupts, 0);
}

CAF_TEST(with real readers every page is what the store holds) {
  const auto log = std::make_shared<memory_log>();
  const auto store = std::make_shared<doubles::counting_store>(log);
  for (int i = 1; i <= 40; ++i)
    (void)store->append(drafts_of({"m" + std::to_string(i)}));
  aut = part(start_cache(sys, {limits{},
                               {[&](caf::actor_system& system) {
                                 return part(start_history(system, store, limits{}, false));
                               }},
                               {store},
                               status}));
  for (seq_t position = 0; position < 40; position += 7)
    ask(ann, position, {"den", after, position, 7});
  seq_t next = 1;
  for (std::size_t i = 0; i < ann.count(); ++i) {
    const auto& page = ann.nth<page_read>(i);
    CAF_CHECK_EQUAL(page.first, next);
    next = page.last + 1;
  }
  CAF_CHECK_EQUAL(next, 41U);
  const auto calls = store->queries.size();
  ask(bob, 1, {"den", before, 41, 40});
  CAF_CHECK_EQUAL(page_of(bob), "1:1-40 of 1");
  CAF_CHECK_EQUAL(store->queries.size(), calls); // every page had joined the one before
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace cache_suite
