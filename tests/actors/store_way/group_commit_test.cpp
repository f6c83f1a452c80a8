// The promises of the store's queue, one decision at a time.
#define CAF_SUITE group_commit

#include "actors/group_commit.hpp"

#include "storage/memory_store.hpp"
#include "tests/actors/store_way/queue_bench.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>

using namespace callboard;
using namespace callboard::samples;
using namespace std::chrono_literals;

namespace group_commit_suite {

namespace {

using bench = queue_bench;

bool throws(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::exception&) {
    return true;
  }
  return false;
}

} // namespace

// -- batches --------------------------------------------------------------------------------------

CAF_TEST(what waits is one batch in the order of its arrival) {
  bench b;
  b.append({"1"});
  b.append({"2", "3"});
  b.append({"4"});
  CAF_CHECK_EQUAL(b.next(), "1 2 3 4");
}

CAF_TEST(one job is under way at a time and the next one gathers behind it) {
  bench b;
  b.append({"1"});
  CAF_CHECK_EQUAL(b.next(), "1");
  b.append({"2"});
  b.append({"3"});
  CAF_CHECK_EQUAL(b.next(), "");
  b.now += 10min;
  CAF_CHECK_EQUAL(b.next(), "");
  b.now -= 10min;
  CAF_CHECK_EQUAL(b.store(1).size(), 1U);
  CAF_CHECK_EQUAL(b.next(), "2 3");
}

CAF_TEST(every append gets the receipts of its own drafts) {
  bench b;
  const auto first = b.append({"1"});
  const auto second = b.append({"2", "3"});
  CAF_CHECK_EQUAL(b.next(), "1 2 3");
  const auto answers = b.finish(std::vector<receipt>{{7, 1}, {8, 2}, {9, 3}});
  CAF_REQUIRE_EQUAL(answers.size(), 2U);
  CAF_CHECK_EQUAL(stored(answers[0]), first);
  CAF_CHECK(std::get<work_stored>(answers[0]).receipts == (std::vector<receipt>{{7, 1}}));
  CAF_CHECK_EQUAL(stored(answers[1]), second);
  CAF_CHECK(std::get<work_stored>(answers[1]).receipts == (std::vector<receipt>{{8, 2}, {9, 3}}));
}

CAF_TEST(opens and claims go alone and take turns with batches) {
  bench b;
  b.append({"1"});
  const auto open = b.queue.open("den", b.now).value();
  const auto claim = b.queue.claim({"ann", {"a1", "Ann"}}, b.now).value();
  b.append({"2"});
  b.append({"3"});
  CAF_CHECK_EQUAL(b.next(), "1 2 3");
  b.store(3);
  b.append({"4"});
  CAF_CHECK_EQUAL(b.next(), "open den");
  const auto opened = b.finish(room_head{"e", 1, 5});
  CAF_REQUIRE_EQUAL(opened.size(), 1U);
  CAF_CHECK_EQUAL(std::get<work_opened>(opened[0]).of, open);
  CAF_CHECK_EQUAL(std::get<work_opened>(opened[0]).log.head, 5U);
  CAF_CHECK_EQUAL(b.next(), "4");
  b.store(1);
  CAF_CHECK_EQUAL(b.next(), "claim ann");
  const auto claimed = b.finish(true);
  CAF_REQUIRE_EQUAL(claimed.size(), 1U);
  CAF_CHECK_EQUAL(std::get<work_claimed>(claimed[0]).of, claim);
  CAF_CHECK(std::get<work_claimed>(claimed[0]).granted);
}

CAF_TEST(a flood of opens delays no message by more than one of them) {
  bench b;
  for (int i = 0; i < 100; ++i)
    (void)b.queue.open("room" + std::to_string(i), b.now);
  CAF_CHECK_EQUAL(b.next(), "open room0");
  b.append({"1"});
  b.append({"2"});
  (void)b.finish(room_head{"e", 1, 0});
  CAF_CHECK_EQUAL(b.next(), "1 2");
  b.append({"3"});
  (void)b.store(2);
  CAF_CHECK_EQUAL(b.next(), "open room1");
  (void)b.finish(room_head{"e", 1, 0});
  CAF_CHECK_EQUAL(b.next(), "3");
}

CAF_TEST(a batch ends at its bound of posts and takes appends whole) {
  limits bounds;
  bounds.batch_posts = 4;
  bench b{bounds};
  b.append({"1", "2", "3"});
  b.append({"4", "5"});
  b.append({"6"});
  CAF_CHECK_EQUAL(b.next(), "1 2 3");
  b.store(3);
  CAF_CHECK_EQUAL(b.next(), "4 5 6");
}

CAF_TEST(a batch ends at its bound of bytes) {
  limits bounds;
  bounds.batch_bytes = 2 * cost_of(*draft_of("1"));
  bench b{bounds};
  for (const auto* id : {"1", "2", "3"})
    b.append({id});
  CAF_CHECK_EQUAL(b.next(), "1 2");
}

CAF_TEST(an append above the bounds is stored in several batches and answered once) {
  limits bounds;
  bounds.batch_posts = 2;
  bench b{bounds};
  const auto large = b.append({"1", "2", "3", "4", "5"});
  b.append({"6"});
  CAF_CHECK_EQUAL(b.next(), "1 2");
  CAF_CHECK(b.store(2).empty());
  CAF_CHECK_EQUAL(b.next(), "3 4");
  CAF_CHECK(b.store(2).empty());
  CAF_CHECK_EQUAL(b.next(), "5 6");
  const auto answers = b.store(2);
  CAF_REQUIRE_EQUAL(answers.size(), 2U);
  CAF_CHECK_EQUAL(stored(answers[0]), large);
  CAF_CHECK_EQUAL(std::get<work_stored>(answers[0]).receipts.size(), 5U);
}

CAF_TEST(a draft above the bound of bytes still goes alone) {
  limits bounds;
  bounds.batch_bytes = 10;
  bench b{bounds};
  b.append({"1", "2"});
  CAF_CHECK_EQUAL(b.next(), "1");
  CAF_CHECK(b.store(1).empty());
  CAF_CHECK_EQUAL(b.next(), "2");
}

CAF_TEST(what exceeds the bytes that may wait is refused until others are answered) {
  limits bounds;
  const auto one = cost_of(*draft_of("1"));
  bounds.waiting_bytes = 2 * one;
  bench b{bounds};
  b.append({"1"});
  b.append({"2"});
  CAF_CHECK(!b.queue.append(drafts_of({"3"}), b.now));
  CAF_CHECK(!b.queue.open("den", b.now));
  CAF_CHECK(!b.queue.claim({"ann", {}}, b.now));
  CAF_CHECK_EQUAL(b.next(), "1 2");
  CAF_CHECK(!b.queue.append(drafts_of({"3"}), b.now));
  b.store(2);
  CAF_CHECK(b.queue.append(drafts_of({"3"}), b.now));
  CAF_CHECK(b.queue.append(drafts_of({"4"}), b.now));
  CAF_CHECK(!b.queue.append(drafts_of({"5"}), b.now));
}

CAF_TEST(an append larger than all that may wait is taken when nothing waits) {
  limits bounds;
  bounds.waiting_bytes = 1;
  bench b{bounds};
  b.append({"1", "2"});
  CAF_CHECK_EQUAL(b.next(), "1 2");
}

CAF_TEST(an answer of another kind or size is an error) {
  bench b;
  b.append({"1", "2"});
  CAF_CHECK_EQUAL(b.next(), "1 2");
  CAF_CHECK(throws([&] { b.store(1); }));
  bench other;
  CAF_CHECK(throws([&] { other.store(1); }));
}

// -- repetition -----------------------------------------------------------------------------------

CAF_TEST(a failed batch is given again as it was and later drafts wait) {
  bench b;
  b.append({"1"});
  b.append({"2"});
  CAF_CHECK_EQUAL(b.next(), "1 2");
  b.append({"3"});
  CAF_CHECK(b.fail().empty());
  CAF_CHECK_EQUAL(b.next(), "");
  b.now += group_commit::back_off_first;
  CAF_CHECK_EQUAL(b.next(), "1 2");
  CAF_CHECK_EQUAL(b.store(2).size(), 2U);
  CAF_CHECK_EQUAL(b.next(), "3");
}

CAF_TEST(the back - off doubles up to its bound and ends with a success) {
  bench b;
  b.append({"1"});
  auto expected = group_commit::back_off_first;
  for (int i = 0; i < 40; ++i) {
    CAF_CHECK_EQUAL(b.next(), "1");
    b.fail();
    b.now += expected - 1ms;
    CAF_CHECK_EQUAL(b.next(), "");
    CAF_CHECK(b.queue.wake_in(b.now) <= 1ms);
    b.now += 1ms;
    expected = std::min(expected * 2, group_commit::back_off_most);
  }
  CAF_CHECK_EQUAL(b.next(), "1");
  b.store(1);
  b.append({"2"});
  CAF_CHECK_EQUAL(b.next(), "2");
  b.fail();
  b.now += group_commit::back_off_first;
  CAF_CHECK_EQUAL(b.next(), "2");
}

CAF_TEST(the back - off is spread over its second half) {
  for (std::uint32_t chosen = 0; chosen <= 25; ++chosen) {
    group_commit queue{{}, [chosen](std::uint32_t below) { return std::min(chosen, below - 1); }};
    group_commit::time_point now{1h};
    CAF_REQUIRE(queue.next(now));
    (void)queue.finish(store_failure{store_fault::again, "gone"}, now);
    now += 25ms + std::chrono::milliseconds{chosen};
    CAF_CHECK(!queue.next(now - 1ms));
    CAF_CHECK(queue.next(now));
  }
}

CAF_TEST(work that arrives during a back-off waits for its end) {
  bench b;
  b.append({"1"});
  CAF_CHECK_EQUAL(b.next(), "1");
  b.fail();
  b.append({"2"});
  CAF_CHECK_EQUAL(b.next(), "");
}

// -- guilty drafts --------------------------------------------------------------------------------

namespace {

/// Stores n drafts, those in `guilty` refused by the store, and checks all there is to check.
void store_with_guilty(unsigned n, unsigned guilty, bool one_append) {
  const auto log = std::make_shared<memory_log>();
  memory_store store{log};
  const auto is_guilty = [guilty](const draft& d) {
    return (guilty >> std::stoul(d.client_id) & 1U) != 0;
  };
  log->refuse_when(is_guilty);
  bench b;
  std::vector<std::string> ids;
  for (unsigned i = 0; i < n; ++i)
    ids.push_back(std::to_string(i));
  if (one_append)
    b.append(ids);
  else
    for (const auto& id : ids)
      b.append({id});
  std::vector<receipt> receipts;
  work_id last = 0;
  unsigned calls = 0;
  while (const auto what = b.queue.next(b.now)) {
    CAF_REQUIRE(++calls <= 2 * n);
    const auto outcome = store.append(*std::get<batch_ptr>(*what));
    const auto answers = b.finish(std::visit([](const auto& x) { return job_result{x}; }, outcome));
    for (const auto& a : answers) {
      CAF_CHECK(last == 0 || stored(a) == last + 1);
      last = stored(a);
      const auto& part = std::get<work_stored>(a).receipts;
      receipts.insert(receipts.end(), part.begin(), part.end());
    }
  }
  CAF_REQUIRE_EQUAL(receipts.size(), n);
  const auto entries = log->entries("den");
  seq_t seq = 0;
  for (unsigned i = 0; i < n; ++i) {
    const bool bad = (guilty >> i & 1U) != 0;
    CAF_CHECK_EQUAL(receipts[i].refused, bad);
    // A repetition would mean that a half that was stored was sent again.
    CAF_CHECK(!receipts[i].duplicate);
    CAF_CHECK_EQUAL(receipts[i].seq, bad ? 0 : ++seq);
    if (!bad)
      CAF_CHECK_EQUAL(entries.at(seq - 1).client_id, ids[i]);
  }
  CAF_CHECK_EQUAL(entries.size(), seq);
}

} // namespace

CAF_TEST(guilty drafts at any places are refused alone and all others stored in order) {
  for (unsigned n = 1; n <= 8; ++n)
    for (unsigned guilty = 0; guilty < 1U << n; ++guilty) {
      store_with_guilty(n, guilty, false);
      store_with_guilty(n, guilty, true);
    }
}

CAF_TEST(a half that fails is repeated and the stored half is not ) {
  bench b;
  b.append({"1", "2", "3", "4"});
  CAF_CHECK_EQUAL(b.next(), "1 2 3 4");
  b.refuse();
  CAF_CHECK_EQUAL(b.next(), "1 2");
  b.store(2);
  CAF_CHECK_EQUAL(b.next(), "3 4");
  b.fail();
  b.now += group_commit::back_off_first;
  CAF_CHECK_EQUAL(b.next(), "3 4");
  CAF_CHECK_EQUAL(b.store(2).size(), 1U);
}

CAF_TEST(who is settled is answered while the rest of the batch is still being split) {
  bench b;
  const auto first = b.append({"1"});
  b.append({"2"});
  CAF_CHECK_EQUAL(b.next(), "1 2");
  CAF_CHECK(b.refuse().empty());
  CAF_CHECK_EQUAL(b.next(), "1");
  const auto answers = b.store(1);
  CAF_REQUIRE_EQUAL(answers.size(), 1U);
  CAF_CHECK_EQUAL(stored(answers[0]), first);
  CAF_CHECK_EQUAL(b.next(), "2");
}

CAF_TEST(an open or a claim that the store refuses is refused and the next work goes on) {
  bench b;
  const auto open = b.queue.open("den", b.now).value();
  const auto claim = b.queue.claim({"ann", {}}, b.now).value();
  for (const auto id : {open, claim}) {
    CAF_CHECK(b.next() != "");
    const auto answers = b.refuse();
    CAF_REQUIRE_EQUAL(answers.size(), 1U);
    CAF_CHECK_EQUAL(std::get<work_refused>(answers[0]).of, id);
    CAF_CHECK(std::get<work_refused>(answers[0]).why == errc::internal);
    b.append({"1"});
    CAF_CHECK_EQUAL(b.next(), "1");
    b.store(1);
  }
  b.append({"1"});
  CAF_CHECK_EQUAL(b.next(), "1");
}

} // namespace group_commit_suite
