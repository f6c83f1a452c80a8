// Presence counts authors, and a short absence is none.
#define CAF_SUITE roster

#include "domain/roster.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace std::chrono_literals;

namespace roster_suite {

namespace {

const author ada{"1", "ada"};
const author bob{"2", "bob"};
const roster::time_point start{1h};

struct fixture {
  roster present{5s};

  /// What would be told at `start + after`.
  roster::change told(std::chrono::milliseconds after) {
    return present.gather(start + after).value_or(roster::change{});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(roster_tests, fixture)

CAF_TEST(the first connection brings an author and the second none) {
  present.enter(ada);
  CAF_CHECK(told(0s) == (roster::change{{ada}, {}}));
  present.enter(ada);
  CAF_CHECK(!present.gather(start));
  CAF_CHECK_EQUAL(present.members(), 1U);
}

CAF_TEST(the last connection takes an author away after the grace) {
  present.enter(ada);
  present.enter(ada);
  (void)present.gather(start);
  present.leave(ada.id, start);
  CAF_CHECK(!present.gather(start + 10s));
  present.leave(ada.id, start + 10s);
  CAF_CHECK(!present.gather(start + 14999ms));
  CAF_CHECK(present.pending());
  CAF_CHECK_EQUAL(present.members(), 1U);
  CAF_CHECK(told(15s) == (roster::change{{}, {ada}}));
  CAF_CHECK_EQUAL(present.members(), 0U);
  CAF_CHECK(!present.pending());
}

CAF_TEST(a return within the grace is told to nobody) {
  present.enter(ada);
  (void)present.gather(start);
  present.leave(ada.id, start);
  (void)present.gather(start + 1s);
  present.enter(ada);
  CAF_CHECK(!present.gather(start + 10s));
  CAF_CHECK(!present.pending());
  CAF_CHECK_EQUAL(present.members(), 1U);
}

CAF_TEST(a second absence has a grace of its own) {
  present.enter(ada);
  (void)present.gather(start);
  present.leave(ada.id, start);
  present.enter(ada);
  present.leave(ada.id, start + 4s);
  CAF_CHECK(!present.gather(start + 6s));
  CAF_CHECK(told(9s) == (roster::change{{}, {ada}}));
}

CAF_TEST(who comes and goes between two gatherings is not named) {
  present.enter(ada);
  present.leave(ada.id, start);
  CAF_CHECK(!present.pending());
  CAF_CHECK(!present.gather(start + 10s));
  CAF_CHECK_EQUAL(present.members(), 0U);
}

CAF_TEST(several changes are told at once) {
  present.enter(ada);
  (void)present.gather(start);
  present.leave(ada.id, start);
  present.enter(bob);
  CAF_CHECK(told(5s) == (roster::change{{bob}, {ada}}));
}

CAF_TEST(who comes again to the successor of a dead room is told to nobody) {
  present.enter(ada, true);
  CAF_CHECK(!present.gather(start));
  CAF_CHECK_EQUAL(present.members(), 1U);
}

CAF_TEST(leaving without having come changes nothing) {
  present.leave(ada.id, start);
  CAF_CHECK(!present.pending());
  CAF_CHECK_EQUAL(present.members(), 0U);
}

CAF_TEST(a new name is shown and told to nobody) {
  present.enter(ada);
  (void)present.gather(start);
  present.rename({ada.id, "countess"});
  CAF_CHECK(!present.gather(start + 1s));
  CAF_CHECK(present.names(10) == std::vector<std::string>{"countess"});
  present.rename({"9", "nobody"});
  CAF_CHECK_EQUAL(present.members(), 1U);
}

CAF_TEST(names are bounded and those in their grace are among them) {
  present.enter(ada);
  present.enter(bob);
  (void)present.gather(start);
  present.leave(bob.id, start);
  CAF_CHECK(present.names(10) == (std::vector<std::string>{"ada", "bob"}));
  CAF_CHECK(present.names(1) == std::vector<std::string>{"ada"});
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace roster_suite
