// One job in, one store call, one answer, in the order of the jobs.
#define CAF_SUITE writer

#include "actors/writer.hpp"

#include "tests/actors/store_way/conversation.hpp"
#include "tests/actors/store_way/doubles.hpp"
#include "tests/actors/store_way/drafts.hpp"

using namespace callboard;
using namespace callboard::samples;
using namespace std::chrono_literals;

namespace {

struct fixture : conversation {
  std::shared_ptr<memory_log> log = std::make_shared<memory_log>();
  doubles::listener<persistence_actor> persistence{sys};
  writer_actor aut = part(start_writer(sys, std::make_shared<memory_store>(log), false));

  fixture() { part(persistence.actor); }

  void order(ticket_t ticket, job what) {
    tell_from_outside(aut, store_job{persistence.actor, ticket, std::move(what)});
  }

  void append(ticket_t ticket, const std::vector<std::string>& ids) {
    order(ticket, std::make_shared<const std::vector<draft_ptr>>(drafts_of(ids)));
  }

  /// The outcome of the n-th answer, which must be of that kind.
  template <class Outcome>
  Outcome outcome_of(std::size_t n) {
    const auto& answer = persistence.nth<job_done>(n);
    CAF_REQUIRE(answer.result != nullptr);
    CAF_REQUIRE(std::holds_alternative<Outcome>(*answer.result));
    return std::get<Outcome>(*answer.result);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(writer_tests, fixture)

CAF_TEST(a batch is stored once and its receipts come under its ticket) {
  append(7, {"m1", "m2"});
  settle();
  CAF_CHECK_EQUAL(persistence.count<job_done>(), 1U);
  CAF_CHECK_EQUAL(persistence.nth<job_done>(0).ticket, 7U);
  const auto receipts = outcome_of<std::vector<receipt>>(0);
  CAF_REQUIRE_EQUAL(receipts.size(), 2U);
  CAF_CHECK_EQUAL(receipts[1].seq, 2U);
  CAF_CHECK_EQUAL(log->entries("den").size(), 2U);
}

CAF_TEST(each kind of job is its own call of the store) {
  order(1, store_open{"den"});
  order(2, std::make_shared<const name_claim>(name_claim{"ann", {"a1", "Ann"}, 60s, false}));
  order(3, std::make_shared<const name_claim>(name_claim{"ann", {"a2", "Ann"}, 60s, false}));
  order(4, store_ping{});
  settle();
  CAF_CHECK_EQUAL(outcome_of<room_head>(0).head, 0U);
  CAF_CHECK(outcome_of<bool>(1));
  CAF_CHECK(!outcome_of<bool>(2));
  outcome_of<done>(3);
  CAF_CHECK_EQUAL(log->calls(), 4U);
}

CAF_TEST(jobs are answered in their order and a failure ends none but its own) {
  log->fail_next(memory_fault::before_commit);
  append(1, {"m1"});
  append(2, {"m2"});
  order(3, store_open{"den"});
  settle();
  for (std::size_t n = 0; n < 3; ++n)
    CAF_CHECK_EQUAL(persistence.nth<job_done>(n).ticket, n + 1);
  outcome_of<store_failure>(0);
  CAF_CHECK_EQUAL(outcome_of<std::vector<receipt>>(1).front().seq, 1U);
  CAF_CHECK_EQUAL(outcome_of<room_head>(2).head, 1U);
}

CAF_TEST(a failed job is not repeated by the writer) {
  log->fail_next(memory_fault::after_commit);
  append(1, {"m1"});
  settle();
  outcome_of<store_failure>(0);
  CAF_CHECK_EQUAL(log->calls(), 1U);
  append(2, {"m1"}); // persistence does, and gets the first receipt
  settle();
  const auto receipts = outcome_of<std::vector<receipt>>(1);
  CAF_CHECK(receipts.front().seq == 1 && log->entries("den").size() == 1);
}

CAF_TEST_FIXTURE_SCOPE_END()
