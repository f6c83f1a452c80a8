// The memory store's own promises: faults happen when and as they are ordered, and nothing else is
// random.
#define CAF_SUITE memory_store

#include "places.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::places;
using namespace std::chrono_literals;

namespace memory_store_suite {

namespace {

std::vector<draft_ptr> one(const std::string& id) {
  return {make_draft("a", "ann", id, "text " + id)};
}

} // namespace

CAF_TEST(a fault before the commit leaves nothing) {
  const auto log = std::make_shared<memory_log>();
  memory_store store{log};
  log->fail_next(memory_fault::before_commit, 2);
  CAF_CHECK(failure_of(store.append(one("1"))).fault == store_fault::again);
  CAF_CHECK(failure_of(store.open("a")).fault == store_fault::again);
  CAF_CHECK(log->entries("a").empty());
  const auto got = must(store.append(one("1")));
  CAF_CHECK(!got[0].duplicate);
  CAF_CHECK_EQUAL(log->calls(), 3U);
}

CAF_TEST(a fault after the commit is settled by repetition) {
  const auto log = std::make_shared<memory_log>();
  memory_store store{log};
  log->fail_next(memory_fault::none);
  log->fail_next(memory_fault::after_commit);
  must(store.append(one("1")));
  CAF_CHECK(failure_of(store.append(one("2"))).fault == store_fault::again);
  CAF_CHECK_EQUAL(log->entries("a").size(), 2U);
  const auto got = must(store.append(one("2")));
  CAF_CHECK(got[0].duplicate);
  CAF_CHECK_EQUAL(got[0].seq, 2U);
}

CAF_TEST(faults can be decided by call) {
  const auto log = std::make_shared<memory_log>();
  memory_store store{log};
  log->fail_when([](memory_call call) {
    return call == memory_call::read ? memory_fault::before_commit : memory_fault::none;
  });
  must(store.append(one("1")));
  CAF_CHECK(failure_of(store.read({"a", read_query::direction::after, 0, 1})).fault
            == store_fault::again);
  log->fail_when(nullptr);
  CAF_CHECK_EQUAL(all_of(store, "a").size(), 1U);
}

CAF_TEST(a poisonous draft refuses its whole batch) {
  const auto log = std::make_shared<memory_log>();
  memory_store store{log};
  log->refuse_when([](const draft& what) { return what.text == "text 2"; });
  const std::vector batch{one("1")[0], one("2")[0]};
  CAF_CHECK(failure_of(store.append(batch)).fault == store_fault::refused);
  CAF_CHECK(log->entries("a").empty());
  must(store.append(one("1")));
  log->refuse_when(nullptr);
  CAF_CHECK(must(store.append(batch))[0].duplicate);
}

CAF_TEST(clock and epochs belong to the test) {
  std::int64_t now = 5;
  const auto log =
    std::make_shared<memory_log>([&] { return now; }, [] { return std::string{"mine"}; });
  memory_store store{log};
  CAF_CHECK_EQUAL(+must(store.append(one("1")))[0].at_ms, 5);
  now = 77;
  CAF_CHECK_EQUAL(+must(store.append(one("2")))[0].at_ms, 77);
  CAF_CHECK_EQUAL(+must(store.append(one("1")))[0].at_ms, 5);
  CAF_CHECK_EQUAL(must(store.open("a")).epoch, "mine");
}

CAF_TEST(a name is free again when its hold has passed on the clock of the test) {
  std::int64_t now = 1000;
  const auto log =
    std::make_shared<memory_log>([&] { return now; }, [] { return std::string{"e"}; });
  memory_store store{log};
  CAF_CHECK(must(store.claim_name({"ann", {"1", "Ann"}, 10s, false})));
  now += 9'999;
  CAF_CHECK(!must(store.claim_name({"ann", {"2", "Ann"}, 10s, false})));
  now += 1;
  CAF_CHECK(must(store.claim_name({"ann", {"2", "Ann"}, 10s, false})));
}

CAF_TEST(two logs that get the same calls hold the same) {
  const auto play = [] {
    memory_database here;
    const auto store = here.writer();
    for (int i = 0; i < 10; ++i)
      must(store->append(
        std::vector{make_draft("r" + std::to_string(i % 3), "ann", std::to_string(i), "x")}));
    std::string all;
    here.log()->each_room([&](const std::string& name, const memory_room& room) {
      all += name + ' ' + room.epoch;
      for (const auto& line : room.entries)
        all += ' ' + line.client_id + '@' + std::to_string(line.at_ms);
    });
    return all;
  };
  CAF_CHECK_EQUAL(play(), play());
}

CAF_TEST(the log outlives its database) {
  const auto log = std::make_shared<memory_log>();
  must(memory_database{log}.writer()->append(one("1")));
  memory_database after{log};
  CAF_CHECK_EQUAL(must(after.prepare()).entries, 1U);
  CAF_CHECK(must(after.writer()->append(one("1")))[0].duplicate);
}

} // namespace memory_store_suite
