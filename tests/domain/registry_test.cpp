// A name belongs to one author at a time, and a token always gets it.
#define CAF_SUITE registry

#include "domain/registry.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace std::chrono_literals;

namespace registry_suite {

namespace {

const author ada{"1", "Ada"};
const author eve{"2", "ada"};

struct fixture {
  registry authors;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(registry_tests, fixture)

CAF_TEST(a name is reserved once) {
  CAF_CHECK(!authors.is_taken("ada"));
  authors.reserve("ada", ada.id);
  CAF_CHECK(authors.is_taken("ada"));
  authors.reserve("ada", eve.id);
  CAF_CHECK(authors.holds("ada", ada.id));
  CAF_CHECK(!authors.holds("ada", eve.id));
}

CAF_TEST(a name that the same author asks for twice is free when both have their answer) {
  authors.reserve("ada", ada.id);
  authors.reserve("ada", ada.id);
  authors.release("ada", ada.id);
  CAF_CHECK(authors.holds("ada", ada.id));
  authors.release("ada", ada.id);
  CAF_CHECK(!authors.is_taken("ada"));
}

CAF_TEST(a name stays reserved for who asks again while a first connection goes) {
  authors.reserve("ada", ada.id);
  (void)authors.online(ada);
  authors.release("ada", ada.id);
  authors.reserve("ada", ada.id);
  CAF_CHECK(authors.offline(ada.id).last);
  CAF_CHECK(authors.holds("ada", ada.id));
  authors.release("ada", ada.id);
  CAF_CHECK(!authors.is_taken("ada"));
}

CAF_TEST(a released name is free again) {
  authors.reserve("ada", ada.id);
  authors.release("ada", eve.id);
  CAF_CHECK(authors.is_taken("ada"));
  authors.release("ada", ada.id);
  CAF_CHECK(!authors.is_taken("ada"));
}

CAF_TEST(a name in use cannot be reserved nor released) {
  (void)authors.online(ada);
  authors.release("ada", ada.id);
  CAF_CHECK(authors.is_taken("ada"));
}

CAF_TEST(the name is free when the last connection has gone) {
  (void)authors.online(ada);
  (void)authors.online(ada);
  CAF_CHECK_EQUAL(authors.connections(ada.id), 2U);
  CAF_CHECK(!authors.offline(ada.id).last);
  CAF_CHECK(authors.is_taken("ada"));
  const auto gone = authors.offline(ada.id);
  CAF_CHECK(gone.last);
  CAF_CHECK(gone.who == ada);
  CAF_CHECK_EQUAL(authors.connections(ada.id), 0U);
  CAF_CHECK(!authors.is_taken("ada"));
}

CAF_TEST(a token takes the name from whoever has it or asks for it) {
  authors.reserve("ada", eve.id);
  (void)authors.online(ada);
  CAF_CHECK(!authors.holds("ada", eve.id));
  authors.release("ada", eve.id);
  CAF_CHECK(authors.holds("ada", ada.id));
}

CAF_TEST(who lost the name does not free it by leaving) {
  (void)authors.online(eve);
  (void)authors.online(ada);
  CAF_CHECK(authors.offline(eve.id).last);
  CAF_CHECK(authors.holds("ada", ada.id));
}

CAF_TEST(a departure says when the author was last marked) {
  const registry::time_point now{5h};
  (void)authors.online(ada);
  authors.marked(ada.id, now);
  CAF_CHECK(authors.offline(ada.id).marked_at == now);
  (void)authors.online(ada);
  CAF_CHECK(!authors.offline(ada.id).marked_at);
}

CAF_TEST(who was never marked or long ago is found and no more than were asked for) {
  using time_point = registry::time_point;
  (void)authors.online(ada);
  (void)authors.online({"3", "Bert"});
  CAF_CHECK_EQUAL(authors.unmarked(time_point{5h}, 9).size(), 2U);
  CAF_CHECK_EQUAL(authors.unmarked(time_point{5h}, 1).size(), 1U);
  authors.marked(ada.id, time_point{4h});
  authors.marked("3", time_point{5h});
  CAF_REQUIRE_EQUAL(authors.unmarked(time_point{5h}, 9).size(), 1U);
  CAF_CHECK(authors.unmarked(time_point{5h}, 9).front() == ada);
}

CAF_TEST(an abandoned id is adopted once and with it the name is free) {
  authors.reserve("ada", ada.id);
  authors.abandon("ada", ada.id);
  CAF_CHECK(!authors.is_taken("ada"));
  CAF_CHECK_EQUAL(authors.adopt("bert"), "");
  CAF_CHECK_EQUAL(authors.adopt("ada"), ada.id);
  CAF_CHECK_EQUAL(authors.adopt("ada"), "");
}

CAF_TEST(abandoned ids are bounded) {
  for (std::size_t i = 0; i <= registry::abandoned_limit; ++i)
    authors.abandon(std::to_string(i), "id" + std::to_string(i));
  std::size_t kept = 0;
  for (std::size_t i = 0; i <= registry::abandoned_limit; ++i)
    kept += authors.adopt(std::to_string(i)).empty() ? 0 : 1;
  CAF_CHECK_EQUAL(kept, registry::abandoned_limit);
}

CAF_TEST(somebody unknown departs without effect) {
  CAF_CHECK(!authors.offline("9").last);
  authors.marked("9", registry::time_point{5h});
  CAF_CHECK_EQUAL(authors.connections("9"), 0U);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace registry_suite
