// The conversation room - persistence - writer: stored first, answered second, once.
#define CAF_SUITE persistence

#include "actors/persistence.hpp"

#include "actors/writer.hpp"
#include "tests/actors/store_way/conversation.hpp"
#include "tests/actors/store_way/doubles.hpp"
#include "tests/actors/store_way/drafts.hpp"

using namespace callboard;
using namespace callboard::samples;
using namespace std::chrono_literals;

namespace persistence_suite {

namespace {

struct fixture : conversation {
  using room_double = doubles::listener<room_actor>;

  std::shared_ptr<doubles::counting_store> store = std::make_shared<doubles::counting_store>();
  std::shared_ptr<server_status> status = std::make_shared<server_status>();
  room_double den{sys};
  room_double loft{sys};
  doubles::listener<lobby_actor> lobby{sys};
  doubles::listener<writer_actor> writer{sys}; // it answers what the test says
  persistence_actor aut;

  fixture() {
    part(den.actor);
    part(loft.actor);
    part(lobby.actor);
    part(writer.actor);
    settle();
  }

  void begin(limits bounds = {}) {
    aut = part(
      start_persistence(sys, {bounds, store, [this](caf::actor_system&) { return writer.actor; },
                              status, [](std::uint32_t) { return 0U; }}));
    settle();
    CAF_CHECK_EQUAL(jobs(), std::vector<std::string>{"ping"});
    answer(done{});
  }

  /// What the writer was given so far, by name.
  std::vector<std::string> jobs() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < writer.count<store_job>(); ++i)
      names.push_back(name_of(writer.nth<store_job>(i).what));
    return names;
  }

  std::string last_job() const { return jobs().back(); }

  void answer(const job_result& result) {
    tell_from_outside(
      aut, job_done{writer.last<store_job>().ticket, std::make_shared<const job_result>(result)});
    settle();
  }

  void fail() { answer(store_failure{store_fault::again, "gone"}); }

  void post(const room_double& room, ticket_t ticket, const std::vector<std::string>& ids) {
    tell_from_outside(aut, append{room.actor, ticket, drafts_of(ids)});
  }

  bool ready() const { return status->store_ready; }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(persistence_tests, fixture)

CAF_TEST(posts that arrive together are one transaction) {
  begin();
  post(den, 1, {"a"});
  post(loft, 1, {"b"});
  post(den, 2, {"c"});
  settle();
  CAF_CHECK_EQUAL(jobs().size(), 2U);
  CAF_CHECK_EQUAL(last_job(), "a b c");
}

CAF_TEST(nobody is answered before the store has answered) {
  begin();
  post(den, 7, {"a", "b"});
  settle();
  CAF_CHECK_EQUAL(den.count(), 0U);
  answer(std::vector<receipt>{{1, 10}, {2, 10}});
  CAF_CHECK_EQUAL(den.count(), 1U);
  CAF_CHECK_EQUAL(den.last<appended>().ticket, 7U);
  CAF_CHECK((den.last<appended>().receipts == std::vector<receipt>{{1, 10}, {2, 10}}));
  CAF_CHECK_EQUAL(status->batches.load(), 1U);
}

CAF_TEST(while a job is under way the next batch gathers and starts without a delay) {
  begin();
  post(den, 1, {"a"});
  settle();
  post(den, 2, {"b"});
  post(loft, 3, {"c"});
  settle();
  CAF_CHECK_EQUAL(last_job(), "a");
  answer(std::vector<receipt>(1));
  CAF_CHECK_EQUAL(last_job(), "b c");
  answer(std::vector<receipt>{{5, 1}, {6, 1}});
  CAF_CHECK_EQUAL(den.last<appended>().ticket, 2U);
  CAF_CHECK_EQUAL(den.last<appended>().receipts.at(0).seq, 5U);
  CAF_CHECK_EQUAL(loft.last<appended>().ticket, 3U);
  CAF_CHECK_EQUAL(loft.last<appended>().receipts.at(0).seq, 6U);
}

CAF_TEST(a room is opened and a name claimed in turn with the batches) {
  begin();
  post(den, 1, {"a"});
  settle();
  tell_from_outside(aut, open_room{loft.actor, 2, "loft"});
  tell_from_outside(aut, claim{lobby.actor, 3, {"ann", {"a1", "Ann"}}});
  settle();
  answer(std::vector<receipt>(1));
  CAF_CHECK_EQUAL(last_job(), "open loft");
  answer(room_head{"e1", 1, 42});
  CAF_CHECK_EQUAL(loft.last<room_opened>().ticket, 2U);
  CAF_CHECK_EQUAL(loft.last<room_opened>().log.head, 42U);
  CAF_CHECK_EQUAL(last_job(), "claim ann");
  answer(true);
  CAF_CHECK_EQUAL(lobby.last<claimed>().ticket, 3U);
  CAF_CHECK(lobby.last<claimed>().granted);
}

CAF_TEST(a failed batch is repeated until it is stored and answered once) {
  begin();
  post(den, 1, {"a"});
  settle();
  for (int i = 0; i < 4; ++i) {
    fail();
    CAF_CHECK(!ready());
    pass(500ms);
    CAF_CHECK_EQUAL(last_job(), "a");
  }
  CAF_CHECK_EQUAL(jobs().size(), 6U);
  CAF_CHECK_EQUAL(den.count(), 0U);
  answer(std::vector<receipt>(1));
  CAF_CHECK(ready());
  CAF_CHECK_EQUAL(den.count<appended>(), 1U);
  CAF_CHECK_EQUAL(status->store_retries.load(), 4U);
}

CAF_TEST(the first repetition does not wait for a coarse tick) {
  begin();
  post(den, 1, {"a"});
  settle();
  fail();
  pass(50ms);
  CAF_CHECK_EQUAL(jobs().size(), 3U);
}

CAF_TEST(who waits too long is refused as unavailable and later answered if it was under way) {
  begin();
  post(den, 1, {"a"});
  settle();
  post(loft, 2, {"b"});
  tell_from_outside(aut, open_room{loft.actor, 3, "loft"});
  tell_from_outside(aut, claim{lobby.actor, 4, {"ann", {}}});
  pass(4900ms);
  CAF_CHECK_EQUAL(den.count() + loft.count() + lobby.count(), 0U);
  pass(400ms);
  CAF_CHECK(den.last<append_refused>().undecided);
  CAF_CHECK(den.last<append_refused>().why == errc::unavailable);
  CAF_CHECK_EQUAL(den.last<append_refused>().ticket, 1U);
  CAF_CHECK(!loft.last<append_refused>().undecided);
  CAF_CHECK_EQUAL(loft.last<append_refused>().ticket, 2U);
  CAF_CHECK_EQUAL(loft.last<open_refused>().ticket, 3U);
  CAF_CHECK_EQUAL(lobby.last<claim_refused>().ticket, 4U);
  answer(std::vector<receipt>{{9, 1}});
  CAF_CHECK_EQUAL(den.last<appended>().ticket, 1U);
  CAF_CHECK_EQUAL(den.count(), 2U);
  CAF_CHECK_EQUAL(loft.count(), 2U);
  pass(3s);
  CAF_CHECK_EQUAL(last_job(), "ping");
}

CAF_TEST(a stuck call is interrupted again and again) {
  begin();
  post(den, 1, {"a"});
  pass(4900ms);
  CAF_CHECK(ready());
  CAF_CHECK_EQUAL(store->interrupts, 0);
  pass(500ms);
  CAF_CHECK(!ready());
  CAF_CHECK_EQUAL(store->interrupts, 1);
  pass(5500ms);
  CAF_CHECK_EQUAL(store->interrupts, 2);
}

CAF_TEST(what cannot be kept is refused as busy) {
  limits bounds;
  bounds.waiting_bytes = 1;
  begin(bounds);
  post(den, 1, {"a"});
  post(loft, 2, {"b"});
  tell_from_outside(aut, open_room{loft.actor, 3, "loft"});
  tell_from_outside(aut, claim{lobby.actor, 4, {"ann", {}}});
  settle();
  CAF_CHECK(loft.last<append_refused>().why == errc::busy);
  CAF_CHECK(!loft.last<append_refused>().undecided);
  CAF_CHECK_EQUAL(loft.last<append_refused>().ticket, 2U);
  CAF_CHECK_EQUAL(loft.last<open_refused>().ticket, 3U);
  CAF_CHECK_EQUAL(lobby.last<claim_refused>().ticket, 4U);
  CAF_CHECK_EQUAL(last_job(), "a");
}

CAF_TEST(an answer to an earlier job is ignored) {
  begin();
  post(den, 1, {"a"});
  settle();
  const auto first = writer.last<store_job>().ticket;
  fail();
  pass(500ms);
  tell_from_outside(aut,
                    job_done{first, std::make_shared<const job_result>(std::vector<receipt>(1))});
  settle();
  CAF_CHECK_EQUAL(den.count(), 0U);
  answer(std::vector<receipt>(1));
  CAF_CHECK_EQUAL(den.count(), 1U);
}

CAF_TEST(an idle store is pinged and its state told) {
  begin();
  CAF_CHECK(ready());
  pass(1900ms);
  CAF_CHECK_EQUAL(jobs().size(), 1U);
  pass(200ms);
  CAF_CHECK_EQUAL(jobs().size(), 2U);
  fail();
  CAF_CHECK(!ready());
  pass(3s);
  CAF_CHECK_EQUAL(jobs().size(), 3U);
  answer(done{});
  CAF_CHECK(ready());
}

CAF_TEST(an append of nothing is answered at once) {
  begin();
  post(den, 5, {});
  settle();
  CAF_CHECK_EQUAL(den.last<appended>().ticket, 5U);
  CAF_CHECK_EQUAL(jobs().size(), 1U);
}

CAF_TEST(persistence ends with its writer) {
  begin();
  caf::anon_send_exit(writer.actor, caf::exit_reason::kill);
  settle();
  CAF_CHECK(ended(aut));
  CAF_CHECK(!ready());
}

CAF_TEST(persistence ends where the store was replaced and answers nobody) {
  begin();
  post(den, 1, {"a"});
  settle();
  answer(store_failure{store_fault::replaced, "another"});
  CAF_CHECK(ended(aut));
  CAF_CHECK_EQUAL(den.count(), 0U);
  CAF_CHECK(!ready());
}

CAF_TEST(persistence takes its writer with it and interrupts its call) {
  begin();
  post(den, 1, {"a"});
  settle();
  caf::anon_send_exit(aut, caf::exit_reason::kill);
  settle();
  CAF_CHECK(ended(writer.actor));
  CAF_CHECK_EQUAL(store->interrupts, 1);
}

CAF_TEST(an impossible answer ends persistence instead of a wrong receipt) {
  begin();
  set_log_sink([](log_level, std::string_view) {});
  post(den, 1, {"a", "b"});
  settle();
  answer(std::vector<receipt>(1));
  set_log_sink(nullptr);
  CAF_CHECK(ended(aut));
  CAF_CHECK_EQUAL(den.count(), 0U);
}

CAF_TEST(with the real writer everything ends up in the store) {
  const auto log = std::make_shared<memory_log>();
  const auto real = std::make_shared<memory_store>(log);
  aut = part(start_persistence(
    sys, {limits{}, real,
          [&](caf::actor_system& system) { return part(start_writer(system, real, false)); },
          status, [](std::uint32_t) { return 0U; }}));
  log->fail_next(memory_fault::before_commit);
  log->refuse_when([](const draft& d) { return d.client_id == "bad"; });
  tell_from_outside(aut, open_room{den.actor, 1, "den"});
  tell_from_outside(aut, claim{lobby.actor, 2, {"ann", {"a1", "Ann"}}});
  post(den, 3, {"a", "bad", "b"});
  pass(1s);
  CAF_CHECK_EQUAL(den.last<room_opened>().log.head, 0U);
  CAF_CHECK(lobby.last<claimed>().granted);
  const auto receipts = den.last<appended>().receipts;
  CAF_REQUIRE_EQUAL(receipts.size(), 3U);
  CAF_CHECK_EQUAL(receipts[0].seq, 1U);
  CAF_CHECK(receipts[1].refused);
  CAF_CHECK_EQUAL(receipts[2].seq, 2U);
  CAF_CHECK_EQUAL(log->entries("den").size(), 2U);
  CAF_CHECK(ready());
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace persistence_suite
