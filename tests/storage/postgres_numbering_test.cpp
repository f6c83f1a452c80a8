// The writer that numbers by memory, on a real database: what it remembers may be wrong, what it
// answers may not.
#define CAF_SUITE postgres_numbering

#include "places.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace callboard;
using namespace callboard::places;
using namespace std::chrono_literals;

namespace postgres_numbering_suite {

namespace {

struct fixture : prepared_postgres {
  fixture() {
    must(store->open("a"));
    must(store->open("b"));
  }

  /// From now on whoever calls that function fails.
  void forbid(const std::string& function) {
    here.sql("alter function " + function + " rename to forbidden");
  }
  void allow(const std::string& function) {
    here.sql("alter function forbidden rename to " + function);
  }

  static draft_ptr post(const std::string& id, const std::string& room = "a",
                        const std::string& text = "x") {
    return make_draft(room, "ann", id, text);
  }

  std::vector<receipt> append(const std::vector<draft_ptr>& batch) {
    return must(store->append(batch));
  }

  std::vector<std::string> ids(const std::string& room) {
    std::vector<std::string> all;
    seq_t next = 1;
    for (const auto& line : all_of(*store, room)) {
      CAF_CHECK_EQUAL(line.seq, next++);
      all.push_back(line.client_id);
    }
    return all;
  }
};

using words = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(postgres_numbering_tests, fixture)

CAF_TEST(new drafts of opened rooms are stored without a look for repetitions) {
  forbid("append_entries");
  for (seq_t i = 0; i < 3; ++i) {
    const auto n = std::to_string(i);
    const auto got = append({post("1" + n), post("2" + n, "b"), post("3" + n), post("1" + n)});
    const auto first = 2 * i + 1;
    CAF_CHECK((got[0] == receipt{first, got[0].at_ms}));
    CAF_CHECK((got[1] == receipt{first / 2 + 1, got[0].at_ms}));
    CAF_CHECK((got[2] == receipt{first + 1, got[0].at_ms}));
    CAF_CHECK((got[3] == receipt{first, got[0].at_ms, true, false}));
    CAF_CHECK_EQUAL(+all_of(*store, "a").back().at_ms, got[2].at_ms);
  }
  CAF_CHECK(ids("a") == (words{"10", "30", "11", "31", "12", "32"}));
  CAF_CHECK(ids("b") == (words{"20", "21", "22"}));
  CAF_CHECK_EQUAL(+must(store->open("a")).head, 6U);
  // The database's clock, and no more of it than is told.
  CAF_CHECK(here
              .sql("select abs(extract(epoch from clock_timestamp() - max(at))) < 60 "
                   "and bool_and(at = date_trunc('milliseconds', at)) from entry")
              .flag(0, 0));
}

CAF_TEST(a room that nobody has opened is created and remembered) {
  CAF_CHECK_EQUAL(+append({post("1", "new"), post("2")})[0].seq, 1U);
  forbid("append_entries");
  CAF_CHECK_EQUAL(+append({post("3", "new"), post("4")})[0].seq, 2U);
  CAF_CHECK_EQUAL(+must(store->rooms("new", 1))[0].head, 2U);
}

CAF_TEST(a repetition from before gets the one receipt and what stands beside it is stored) {
  const auto first = append({post("1")})[0];
  const auto got = append({post("2"), post("1"), post("3", "b"), post("1", "a", "other")});
  CAF_CHECK_EQUAL(got[0].seq, 2U);
  CAF_CHECK((got[1] == receipt{first.seq, first.at_ms, true, false}));
  CAF_CHECK_EQUAL(got[2].seq, 1U);
  CAF_CHECK((got[3] == receipt{first.seq, first.at_ms, true, true}));
  CAF_CHECK(ids("a") == (words{"1", "2"}));
  CAF_CHECK(all_of(*store, "a")[0].text == "x");
  forbid("append_entries"); // Its answer has taught the heads.
  CAF_CHECK_EQUAL(+append({post("4"), post("5", "b")})[0].seq, 3U);
  CAF_CHECK(ids("b") == (words{"3", "5"}));
}

CAF_TEST(a batch of nothing but repetitions teaches the heads too) {
  append({post("1"), post("2")});
  const auto other = db->writer();
  CAF_CHECK(must(other->append(std::vector{post("1")}))[0].duplicate);
  forbid("append_entries");
  CAF_CHECK_EQUAL(+must(other->append(std::vector{post("3")}))[0].seq, 3U);
}

CAF_TEST(where a second writer has moved the head no gap and no double arises) {
  const auto other = db->writer();
  append({post("1")});
  CAF_CHECK_EQUAL(+must(other->open("a")).head, 1U);
  CAF_CHECK_EQUAL(+must(other->append(std::vector{post("2"), post("3")}))[1].seq, 3U);
  const auto got = append({post("4"), post("5", "b")});
  CAF_CHECK_EQUAL(got[0].seq, 4U);
  CAF_CHECK_EQUAL(got[1].seq, 1U);
  CAF_CHECK(ids("a") == (words{"1", "2", "3", "4"}));
  forbid("append_entries");
  CAF_CHECK_EQUAL(+append({post("6")})[0].seq, 5U);
}

CAF_TEST(renewed epochs change no number) {
  append({post("1")});
  const auto before = must(store->open("a"));
  CAF_CHECK_EQUAL(+must(db->renew_epochs()), 2U);
  forbid("append_entries");
  CAF_CHECK_EQUAL(+append({post("2")})[0].seq, 2U);
  CAF_CHECK(failure_of(store->open("a")).fault == store_fault::replaced); // Rooms know the old one.
  const auto after = must(store->open("a"));
  CAF_CHECK(after.epoch != before.epoch);
  CAF_CHECK_EQUAL(after.head, 2U);
}

CAF_TEST(a poisonous draft is refused whole and the memory stays true) {
  forbid("append_entries"); // Whoever halves the batch meets the guilty draft here as well.
  append({post("1")});
  for (const auto& poison : {std::string{"\xff"}, std::string{"a\0b", 3}}) {
    const auto answer = store->append(std::vector{post("2"), post("3", "b", poison)});
    CAF_CHECK(failure_of(answer).fault == store_fault::refused);
    CAF_CHECK(failure_of(answer).why.find("append_entries") == std::string::npos);
  }
  CAF_CHECK_EQUAL(+append({post("2"), post("4", "b")})[0].seq, 2U);
  CAF_CHECK(ids("a") == (words{"1", "2"}));
  CAF_CHECK(ids("b") == (words{"4"}));
}

CAF_TEST(who repeats without end costs the others few vain attempts) {
  // Counted outside of transactions, since vain attempts are rolled back.
  here.sql(
    "create sequence attempts; create function note_attempt() returns trigger language plpgsql as "
    "$$ begin perform nextval('attempts'); return null; end $$; create trigger note_attempt after "
    "update on room for each statement execute function note_attempt()");
  append({post("0")});
  const auto before = here.sql("select last_value from attempts").number(0, 0);
  constexpr int batches = 64;
  for (int i = 1; i <= batches; ++i)
    CAF_CHECK(append({post("0"), post(std::to_string(i))})[0].duplicate);
  const auto updates = here.sql("select last_value from attempts").number(0, 0) - before;
  CAF_CHECK(updates > batches);      // Each batch was stored in the end,
  CAF_CHECK(updates <= batches + 8); // and few were tried before that.
  CAF_CHECK_EQUAL(ids("a").size(), batches + 1U);
}

CAF_TEST(a batch locks its rooms by id and not as they lie in the table) {
  // Whoever waits for the first lock must hold none of the others: else two batches wait for each
  // other, and PostgreSQL lets them wait for a second.
  std::vector<draft_ptr> batch;
  for (const std::string room : {"f", "a", "e", "b", "d", "c"}) {
    must(store->open(room));
    batch.push_back(post("1", room));
  }
  here.sql("update room set epoch = 'moved to the end' where name = 'a'");
  forbid("append_entries");
  here.sql("begin; select 1 from room where name = 'a' for update");
  auto waiting = std::async(std::launch::async, [&] { return append(batch); });
  pg_session& watcher = postgres_place::cluster();
  CAF_REQUIRE(wait_until([&] {
    return !watcher
              .script("select 1 from pg_stat_activity where datname = '" + here.name()
                      + "' and wait_event_type = 'Lock'")
              .empty();
  }));
  here.sql("select 1 from room where name <> 'a' for update nowait");
  here.sql("commit");
  CAF_CHECK_EQUAL(waiting.get().size(), 6U);
}

CAF_TEST(writers that meet at every batch leave no gap and no double) {
  constexpr int writers = 4;
  constexpr int batches = 60;
  std::vector<std::future<std::vector<receipt>>> running;
  running.reserve(writers);
  for (int w = 0; w < writers; ++w)
    running.push_back(std::async(std::launch::async, [this, w] {
      const auto mine = db->writer();
      std::vector<receipt> all;
      for (int i = 0; i < batches; ++i) {
        const auto id = std::to_string(w) + '-' + std::to_string(i);
        // In another order each: they must not wait for each other in a circle either.
        std::vector batch{post(id, "a"), post(id, "b"), post(id, "c")};
        std::rotate(batch.begin(), batch.begin() + (w + i) % 3, batch.end());
        const auto got = must(mine->append(batch));
        all.insert(all.end(), got.begin(), got.end());
      }
      return all;
    }));
  std::size_t fresh = 0;
  for (auto& one : running)
    for (const auto& got : one.get())
      fresh += got.duplicate ? 0 : 1;
  CAF_CHECK_EQUAL(fresh, 3U * writers * batches);
  for (const std::string room : {"a", "b", "c"}) {
    const auto all = ids(room);
    CAF_CHECK_EQUAL(all.size(), static_cast<std::size_t>(writers * batches));
    CAF_CHECK_EQUAL(std::set<std::string>(all.begin(), all.end()).size(), all.size());
    CAF_CHECK_EQUAL(+must(store->open(room)).head, static_cast<seq_t>(writers * batches));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace postgres_numbering_suite
