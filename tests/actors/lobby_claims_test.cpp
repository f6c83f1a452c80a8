// Who says hello by name with a claim is the same author each time, so that a welcome may be lost;
// and nobody else ever is.
#include "tests/actors/lobby_fixture.hpp"

namespace lobby_claims_suite {

#define CAF_SUITE lobby_claims

using namespace callboard;
using namespace callboard::doubles;

namespace {

const std::string mine = "c1a1";
const std::string yours = "c2b2";

} // namespace

CAF_TEST_FIXTURE_SCOPE(lobby_claims_tests, lobby_fixture)

CAF_TEST(the repeated hello asks the store for the same id after the first connection ended) {
  begin();
  by_claim(alice, "Ada", mine);
  decide(true);
  CAF_CHECK(alice.only<signed_in>().who == (author{mine, "Ada"}));
  kill(alice.actor);
  by_claim(bob, "Ada", mine);
  const auto again = persistence().only<claim>();
  CAF_CHECK(again.what.who == (author{mine, "Ada"}));
  say(persistence().actor, aut, claimed{again.ticket, true});
  CAF_CHECK(bob.only<signed_in>().who == (author{mine, "Ada"}));
}

CAF_TEST(the repeated hello is welcome while the server still holds the first connection) {
  begin();
  by_claim(alice, "Ada", mine);
  decide(true);
  by_claim(bob, "ADA", mine);
  decide(true);
  CAF_CHECK(bob.only<signed_in>().who == (author{mine, "ADA"}));
  kill(alice.actor);
  auto eve = play<session_actor>("eve");
  by_claim(eve, "ada", yours);
  CAF_CHECK(eve.only<sign_in_refused>().why == errc::name_taken); // bob is still there
}

CAF_TEST(another claim and no claim find the name taken) {
  begin();
  by_claim(alice, "Ada", mine);
  by_claim(bob, "Ada", yours);
  CAF_CHECK(bob.only<sign_in_refused>().why == errc::name_taken);
  by_name(bob, "Ada");
  CAF_CHECK(bob.only<sign_in_refused>().why == errc::name_taken);
  CAF_CHECK_EQUAL(persistence().count<claim>(), 1U);
}

CAF_TEST(the first hello that ends unheard takes nothing from the second one under way) {
  begin();
  by_claim(alice, "Ada", mine);
  by_claim(bob, "Ada", mine);
  kill(alice.actor);
  const auto asked = persistence().take<claim>();
  CAF_REQUIRE_EQUAL(asked.size(), 2U);
  say(persistence().actor, aut, claimed{asked[0].ticket, true});
  auto eve = play<session_actor>("eve");
  by_claim(eve, "Ada", yours);
  CAF_CHECK(eve.only<sign_in_refused>().why == errc::name_taken);
  say(persistence().actor, aut, claimed{asked[1].ticket, true});
  CAF_CHECK(bob.only<signed_in>().who == (author{mine, "Ada"}));
}

CAF_TEST(the id of a claim is never given to somebody else) {
  begin();
  by_claim(alice, "Ada", mine);
  kill(alice.actor);
  decide(true); // nobody hears of it
  by_name(bob, "Ada");
  auto asked = persistence().only<claim>();
  CAF_CHECK_EQUAL(asked.what.who.id, "id1");
  say(persistence().actor, aut, claim_refused{asked.ticket});
  CAF_CHECK(bob.only<sign_in_refused>().why == errc::unavailable);
  by_claim(bob, "Ada", yours);
  asked = persistence().only<claim>();
  CAF_CHECK_EQUAL(asked.what.who.id, yours); // nor is the id that was left behind given to a claim
  say(persistence().actor, aut, claimed{asked.ticket, false});
  CAF_CHECK(bob.only<sign_in_refused>().why == errc::name_taken);
}

CAF_TEST(a claim told unavailable may be repeated) {
  begin();
  by_claim(alice, "Ada", mine);
  say(persistence().actor, aut, claim_refused{persistence().only<claim>().ticket});
  CAF_CHECK(alice.only<sign_in_refused>().why == errc::unavailable);
  by_claim(alice, "Ada", mine);
  decide(true);
  CAF_CHECK(alice.only<signed_in>().who.id == mine);
}

CAF_TEST(a claim gives no more connections than a token does) {
  begin();
  std::vector<role<session_actor>> tabs;
  for (std::size_t i = 0; i <= bounds.connections_per_author; ++i) {
    tabs.push_back(play<session_actor>("tab"));
    by_claim(tabs.back(), "ada", mine);
    decide(true);
  }
  CAF_CHECK(tabs.back().only<sign_in_refused>().too_many_connections);
  CAF_CHECK_EQUAL(tabs.back().count<signed_in>(), 0U);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace lobby_claims_suite
