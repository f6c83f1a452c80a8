// The writer's thread: one job is one store call, and its outcome is the answer, whatever it is.
#define CAF_SUITE writer

#include "actors/writer.hpp"

#include "tests/actors/store_way/conversation.hpp"
#include "tests/actors/store_way/doubles.hpp"
#include "tests/actors/store_way/drafts.hpp"

#include <stdexcept>

using namespace callboard;
using namespace callboard::samples;

namespace writer_suite {

namespace {

struct fixture : conversation {
  std::shared_ptr<memory_log> log = std::make_shared<memory_log>();
  std::shared_ptr<doubles::counting_store> store = std::make_shared<doubles::counting_store>(log);
  doubles::listener<persistence_actor> persistence{sys};
  writer_actor aut;
  ticket_t last_ticket = 0;

  fixture() {
    part(persistence.actor);
    aut = part(start_writer(sys, store, false));
    settle();
  }

  static job batch_of(const std::vector<std::string>& ids) {
    return std::make_shared<const std::vector<draft_ptr>>(drafts_of(ids));
  }

  static job claim_of(const std::string& author_id) {
    return std::make_shared<const name_claim>(
      name_claim{"ann", {author_id, "Ann"}, std::chrono::hours{1}, false});
  }

  static std::vector<job> each_kind() {
    return {batch_of({"a"}), store_open{"den"}, claim_of("a1"), store_ping{}};
  }

  void order(job what) {
    tell_from_outside(aut, store_job{persistence.actor, ++last_ticket, std::move(what)});
  }

  /// The answer to one job; it has the job's ticket and no other came.
  const job_result& carry_out(job what) {
    const auto before = persistence.count();
    order(std::move(what));
    settle();
    CAF_REQUIRE_EQUAL(persistence.count(), before + 1);
    CAF_REQUIRE_EQUAL(persistence.last<job_done>().ticket, last_ticket);
    return *persistence.last<job_done>().result;
  }

  store_fault fault_of(const job& what) { return std::get<store_failure>(carry_out(what)).fault; }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(writer_tests, fixture)

CAF_TEST(each job is one call of the store and its value is the answer) {
  const auto receipts = std::get<std::vector<receipt>>(carry_out(batch_of({"a", "b", "a"})));
  CAF_REQUIRE_EQUAL(receipts.size(), 3U);
  CAF_CHECK_EQUAL(receipts[1].seq, 2U);
  CAF_CHECK(receipts[2].duplicate && receipts[2].seq == 1);
  CAF_CHECK_EQUAL(log->entries("den").size(), 2U);
  CAF_CHECK_EQUAL(std::get<room_head>(carry_out(store_open{"den"})).head, 2U);
  CAF_CHECK(std::get<bool>(carry_out(claim_of("a1"))));
  CAF_CHECK(!std::get<bool>(carry_out(claim_of("a2"))));
  CAF_CHECK(std::holds_alternative<done>(carry_out(store_ping{})));
  CAF_CHECK_EQUAL(log->calls(), 5U);
}

CAF_TEST(jobs are carried out in the order in which they came) {
  order(batch_of({"a"}));
  order(store_open{"den"});
  order(batch_of({"b"}));
  settle();
  CAF_REQUIRE_EQUAL(persistence.count(), 3U);
  for (std::size_t i = 0; i < 3; ++i)
    CAF_CHECK_EQUAL(persistence.nth<job_done>(i).ticket, i + 1);
  CAF_CHECK_EQUAL(std::get<room_head>(*persistence.nth<job_done>(1).result).head, 1U);
}

CAF_TEST(a call that failed is told as it failed and not repeated) {
  for (const auto fault : {memory_fault::before_commit, memory_fault::after_commit})
    for (const auto& what : each_kind()) {
      const auto calls = log->calls();
      log->fail_next(fault);
      CAF_CHECK(fault_of(what) == store_fault::again);
      CAF_CHECK_EQUAL(log->calls(), calls + 1);
    }
  // What had happened all the same is settled by the next call, which is not the writer's to make.
  const auto& receipts = std::get<std::vector<receipt>>(carry_out(batch_of({"a"})));
  CAF_CHECK(receipts.at(0).duplicate);
}

CAF_TEST(a refused batch is told whole and the next one is stored) {
  log->refuse_when([](const draft& what) { return what.client_id == "bad"; });
  CAF_CHECK(fault_of(batch_of({"a", "bad"})) == store_fault::refused);
  CAF_CHECK(log->entries("den").empty());
  CAF_CHECK_EQUAL(std::get<std::vector<receipt>>(carry_out(batch_of({"a"}))).at(0).seq, 1U);
}

CAF_TEST(a store that never answers again keeps the writer ready for the day it does) {
  bool is_down = true;
  log->fail_when(
    [&](memory_call) { return is_down ? memory_fault::before_commit : memory_fault::none; });
  for (int i = 0; i < 50; ++i)
    for (const auto& what : each_kind())
      CAF_CHECK(fault_of(what) == store_fault::again);
  CAF_CHECK_EQUAL(log->calls(), 200U);
  CAF_CHECK(!ended(aut));
  is_down = false;
  CAF_CHECK_EQUAL(std::get<std::vector<receipt>>(carry_out(batch_of({"a"}))).at(0).seq, 1U);
  CAF_CHECK_EQUAL(store->interrupts, 0); // That is persistence's.
}

CAF_TEST(a store that throws ends the writer without an answer) {
  log->fail_when([](memory_call what) -> memory_fault {
    if (what == memory_call::ping)
      throw std::runtime_error{"beyond repair"};
    return memory_fault::none;
  });
  order(batch_of({"a"}));
  order(store_ping{});
  order(batch_of({"b"}));
  settle();
  CAF_CHECK(ended(aut)); // persistence watches it, and the lobby builds both anew
  CAF_CHECK_EQUAL(persistence.count(), 1U);
  CAF_CHECK_EQUAL(log->entries("den").size(), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace writer_suite
