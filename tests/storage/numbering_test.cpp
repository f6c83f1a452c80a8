// Numbers by memory, without a database: what the database will be asked to believe.
#define CAF_SUITE numbering

#include "storage/numbering.hpp"

#include "places.hpp"
#include "storage/fit.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::places;

namespace numbering_suite {

namespace {

struct fixture {
  remembered_rooms known;

  fixture() {
    known.remember("a", {7, 10});
    known.remember("b", {3, 0});
  }

  numbered_batch numbered(const std::vector<draft_ptr>& batch) {
    auto made = number(batch, known);
    if (!made)
      throw std::runtime_error{"the batch was not numbered"};
    return *made;
  }

  /// "client id@number", in the order in which they are stored.
  static std::vector<std::string> lines(const numbered_batch& made) {
    std::vector<std::string> all;
    for (const auto& line : made.lines)
      all.push_back(std::string{made.rooms.at(line.room).name} + line.what->client_id + '@'
                    + std::to_string(line.seq));
    return all;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(numbering_tests, fixture)

CAF_TEST(numbers follow the heads and rooms stand by id in whatever order the batch is) {
  const std::vector batch{make_draft("a", "ann", "1", "x"), make_draft("b", "ann", "2", "x"),
                          make_draft("a", "bob", "3", "x"), make_draft("b", "bob", "4", "x")};
  const auto made = numbered(batch);
  CAF_CHECK(lines(made) == (std::vector<std::string>{"b2@1", "b4@2", "a1@11", "a3@12"}));
  CAF_REQUIRE_EQUAL(made.rooms.size(), 2U);
  CAF_CHECK_EQUAL(made.rooms[0].id, 3);
  CAF_CHECK_EQUAL(made.rooms[0].head, 0U);
  CAF_CHECK_EQUAL(made.rooms[0].last, 2U);
  CAF_CHECK_EQUAL(made.rooms[1].head, 10U);
  CAF_CHECK_EQUAL(made.rooms[1].last, 12U);
  CAF_CHECK((made.receipts == std::vector<receipt>{{11, 0}, {1, 0}, {12, 0}, {2, 0}}));
}

CAF_TEST(a repetition within the batch has no line and gets the first receipt) {
  const auto what = make_draft("a", "ann", "1", "x");
  const std::vector batch{what, make_draft("a", "ann", "2", "x"),
                          what, make_draft("a", "ann", "1", "y"),
                          what, make_draft("a", "ann", "3", "x")};
  const auto made = numbered(batch);
  CAF_CHECK(lines(made) == (std::vector<std::string>{"a1@11", "a2@12", "a3@13"}));
  CAF_CHECK((
    made.receipts
    == std::vector<receipt>{
      {11, 0}, {12, 0}, {11, 0, true, false}, {11, 0, true, true}, {11, 0, true, false}, {13, 0}}));
}

CAF_TEST(one id of several authors and rooms is several messages) {
  // Also where only the border between author and id is another one.
  const std::vector batch{make_draft("a", "ann", "1", "x"), make_draft("b", "ann", "1", "x"),
                          make_draft("a", "bob", "1", "x"), make_draft("a", "an", "n1", "x")};
  CAF_CHECK_EQUAL(numbered(batch).lines.size(), 4U);
}

CAF_TEST(a large batch of one draft is one line) {
  const std::vector<draft_ptr> batch(1024, make_draft("a", "ann", "1", "x"));
  const auto made = numbered(batch);
  CAF_CHECK_EQUAL(made.lines.size(), 1U);
  CAF_CHECK_EQUAL(made.rooms[0].last, 11U);
  CAF_CHECK((made.receipts.back() == receipt{11, 0, true, false}));
}

CAF_TEST(no batch with an unknown room is numbered) {
  const std::vector batch{make_draft("a", "ann", "1", "x"), make_draft("new", "ann", "2", "x")};
  CAF_CHECK(!number(batch, known));
  known.remember("new", {9, 0});
  CAF_CHECK(number(batch, known).has_value());
  known.doubt("a");
  CAF_CHECK(!number(batch, known));
}

CAF_TEST(no batch is numbered by a memory in which one row is two rooms) {
  known.remember("c", {7, 10});
  CAF_CHECK(!number(std::vector{make_draft("a", "ann", "1", "x"), make_draft("c", "ann", "1", "x")},
                    known));
  CAF_CHECK(number(std::vector{make_draft("c", "ann", "1", "x")}, known).has_value());
}

CAF_TEST(no number beyond the last of the database is given) {
  known.remember("a", {7, seq_max - 1});
  CAF_CHECK_EQUAL(+numbered({make_draft("a", "ann", "1", "x")}).receipts[0].seq, seq_max);
  CAF_CHECK(!number(std::vector{make_draft("a", "ann", "1", "x"), make_draft("a", "ann", "2", "x")},
                    known));
}

CAF_TEST(no more rooms are remembered than there is place for) {
  remembered_rooms few{2};
  few.remember("a", {1, 1});
  few.remember("b", {2, 2});
  few.remember("a", {1, 5});
  CAF_REQUIRE(few.find("b") != nullptr);
  CAF_CHECK_EQUAL(few.find("a")->head, 5U);
  few.remember("c", {3, 3});
  CAF_CHECK_EQUAL(few.size(), 1U);
  CAF_CHECK(few.find("a") == nullptr);
  CAF_CHECK_EQUAL(few.find("c")->head, 3U);
}

CAF_TEST(who fails again and again is tried less and less but not never) {
  numbering_luck luck;
  const auto pause = [&] {
    std::size_t batches = 0;
    while (!luck.try_next())
      ++batches;
    return batches;
  };
  std::vector<std::size_t> pauses;
  for (int i = 0; i < 9; ++i) {
    pauses.push_back(pause());
    luck.failed();
  }
  CAF_CHECK(pauses == (std::vector<std::size_t>{0, 0, 1, 2, 4, 8, 16, 32, 32}));
  CAF_CHECK_EQUAL(pause(), 32U);
  luck.succeeded();
  luck.failed();
  CAF_CHECK_EQUAL(pause(), 0U);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace numbering_suite
