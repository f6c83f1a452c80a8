// What a room may publish of a committed batch, and what it must read first.
#define CAF_SUITE settlement

#include "domain/settlement.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

using namespace callboard;

namespace settlement_suite {

namespace {

struct fixture {
  std::vector<draft_ptr> drafts;
  std::vector<receipt> receipts;

  void add(receipt got) {
    const auto id = "p" + std::to_string(drafts.size() + 1);
    drafts.push_back(std::make_shared<const draft>(draft{"den", {"1", "ada"}, id, "text " + id}));
    receipts.push_back(got);
  }
  void fresh(seq_t seq) { add({seq, 1000}); }

  [[nodiscard]] settlement at(seq_t head) const { return settle(head, drafts, receipts); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(settlement_tests, fixture)

CAF_TEST(a batch behind the head is published whole) {
  fresh(8);
  fresh(9);
  const auto result = at(7);
  CAF_CHECK(result.dense);
  CAF_CHECK_EQUAL(result.top, 9U);
  CAF_REQUIRE_EQUAL(result.fresh.size(), 2U);
  const entry first{8, {"1", "ada"}, "p1", "text p1", 1000};
  CAF_CHECK(result.fresh.front() == first);
}

CAF_TEST(a batch that leaves a gap is not published) {
  fresh(9);
  const auto result = at(7);
  CAF_CHECK(!result.dense);
  CAF_CHECK(result.fresh.empty());
  CAF_CHECK_EQUAL(result.top, 9U);
}

CAF_TEST(a gap inside a batch counts as well) {
  fresh(8);
  fresh(10);
  CAF_CHECK(!at(7).dense);
}

CAF_TEST(repetitions of what is shown already need nothing) {
  add({3, 1000, true});
  fresh(8);
  const auto result = at(7);
  CAF_CHECK(result.dense);
  CAF_CHECK_EQUAL(result.fresh.size(), 1U);
}

CAF_TEST(a repetition above the head is read and not guessed) {
  add({8, 1000, true});
  const auto result = at(7);
  CAF_CHECK(!result.dense);
  CAF_CHECK_EQUAL(result.top, 8U);
}

CAF_TEST(a conflict above the head is read as well) {
  add({8, 1000, false, true});
  CAF_CHECK(!at(7).dense);
  CAF_CHECK_EQUAL(at(7).top, 8U);
}

CAF_TEST(a repetition inside the batch is no second entry) {
  fresh(8);
  add({8, 1000, true});
  const auto result = at(7);
  CAF_CHECK(result.dense);
  CAF_CHECK_EQUAL(result.fresh.size(), 1U);
}

CAF_TEST(refused drafts take no number) {
  fresh(8);
  add({0, 0, false, false, true});
  fresh(9);
  const auto result = at(7);
  CAF_CHECK(result.dense);
  CAF_CHECK_EQUAL(result.fresh.size(), 2U);
}

CAF_TEST(what was read in the meantime is not published again) {
  fresh(8);
  fresh(9);
  const auto result = at(8);
  CAF_CHECK(result.dense);
  CAF_REQUIRE_EQUAL(result.fresh.size(), 1U);
  CAF_CHECK_EQUAL(result.fresh.front().seq, 9U);
  CAF_CHECK(at(9).fresh.empty());
  CAF_CHECK(at(9).dense);
  CAF_CHECK_EQUAL(at(12).top, 12U);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace settlement_suite
