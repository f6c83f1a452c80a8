// A name belongs to one author at a time: online, in the store, and while the store is asked.
#include "tests/actors/lobby_fixture.hpp"

namespace lobby_names_suite {

#define CAF_SUITE lobby_names

using namespace callboard;
using namespace callboard::doubles;

CAF_TEST_FIXTURE_SCOPE(lobby_names_tests, lobby_fixture)

CAF_TEST(a new author is minted when the store grants the name) {
  begin();
  by_name(alice, "Ada", 7);
  CAF_CHECK_EQUAL(alice.count<signed_in>(), 0U);
  CAF_REQUIRE_EQUAL(persistence().count<claim>(), 1U);
  const auto asked = persistence().only<claim>();
  CAF_CHECK_EQUAL(asked.what.key, "ada");
  CAF_CHECK(asked.what.who == (author{"id1", "Ada"}));
  CAF_CHECK(asked.what.hold == bounds.name_hold);
  CAF_CHECK(!asked.what.by_force);
  say(persistence().actor, aut, claimed{asked.ticket, true});
  CAF_CHECK(alice.only<signed_in>() == (signed_in{7, {"id1", "Ada"}}));
}

CAF_TEST(a name that the store holds for another is taken and free to try again) {
  begin();
  by_name(alice, "ada");
  decide(false);
  const auto refusal = alice.only<sign_in_refused>();
  CAF_CHECK(refusal.why == errc::name_taken);
  CAF_CHECK(!refusal.too_many_connections);
  by_name(bob, "ada");
  decide(true);
  CAF_CHECK_EQUAL(bob.count<signed_in>(), 1U);
}

CAF_TEST(a name is reserved while the store is asked) {
  begin();
  by_name(alice, "ada");
  by_name(bob, "ADA");
  CAF_CHECK(bob.only<sign_in_refused>().why == errc::name_taken);
  CAF_CHECK_EQUAL(persistence().count<claim>(), 1U);
}

CAF_TEST(a name is taken while its author is online and then the store decides) {
  begin();
  by_name(alice, "ada");
  decide(true);
  by_name(bob, "ada");
  CAF_CHECK(bob.only<sign_in_refused>().why == errc::name_taken);
  CAF_CHECK_EQUAL(persistence().count<claim>(), 0U);
  kill(alice.actor);
  by_name(bob, "ada");
  CAF_CHECK_EQUAL(persistence().count<claim>(), 1U);
}

CAF_TEST(a store that does not answer is unavailable and the name is released) {
  begin();
  by_name(alice, "ada");
  say(persistence().actor, aut, claim_refused{persistence().only<claim>().ticket});
  CAF_CHECK(alice.only<sign_in_refused>().why == errc::unavailable);
  by_name(bob, "ada");
  CAF_CHECK_EQUAL(persistence().count<claim>(), 1U);
}

CAF_TEST(
  a claim that is stored after its asker was refused does not hold the name against anybody) {
  begin();
  by_name(alice, "ada");
  say(persistence().actor, aut, claim_refused{persistence().only<claim>().ticket});
  by_name(alice, "ADA");
  const auto again = persistence().only<claim>();
  CAF_CHECK(again.what.who == (author{"id1", "ADA"}));
  say(persistence().actor, aut, claim_refused{again.ticket});
  by_name(bob, "ada");
  decide(true);
  CAF_CHECK(bob.only<signed_in>().who == (author{"id1", "ada"}));
}

CAF_TEST(an id that the store refused is not given again) {
  begin();
  by_name(alice, "ada");
  decide(false);
  by_name(bob, "ada");
  CAF_CHECK_EQUAL(persistence().only<claim>().what.who.id, "id2");
}

CAF_TEST(a token always gets its name) {
  begin();
  by_name(alice, "ada");
  decide(true);
  by_token(bob, {"a1", "ada"});
  CAF_CHECK(bob.only<signed_in>().who == (author{"a1", "ada"}));
  CAF_CHECK_EQUAL(persistence().count<claim>(), 0U); // and the store is not asked
}

CAF_TEST(a token that comes while another asks for the name wins) {
  begin();
  by_name(alice, "ada");
  by_token(bob, {"a1", "ada"});
  decide(true);
  CAF_CHECK(alice.only<sign_in_refused>().why == errc::name_taken);
  CAF_CHECK_EQUAL(alice.count<signed_in>(), 0U);
}

CAF_TEST(an old token marks the name as seen) {
  begin();
  by_token(alice, {"a1", "Ada"}, true);
  CAF_CHECK_EQUAL(alice.count<signed_in>(), 1U);
  const auto mark = persistence().only<claim>();
  CAF_CHECK_EQUAL(mark.what.key, "ada");
  CAF_CHECK(mark.what.by_force);
  say(persistence().actor, aut, claimed{mark.ticket, true});
  CAF_CHECK_EQUAL(alice.count<signed_in>(), 1U); // its answer is nobody's
}

CAF_TEST(who goes offline is marked as seen unless that was lately) {
  begin();
  by_token(alice, {"a1", "ada"});
  by_name(bob, "bert");
  decide(true);
  kill(bob.actor);
  CAF_CHECK_EQUAL(persistence().count<claim>(), 0U);
  kill(alice.actor);
  const auto mark = persistence().only<claim>();
  CAF_CHECK(mark.what.who == (author{"a1", "ada"}));
  CAF_CHECK(mark.what.by_force);
}

CAF_TEST(an author who stays long is marked when going offline) {
  begin();
  by_name(alice, "ada");
  decide(true);
  wait(1h);
  kill(alice.actor);
  CAF_CHECK_EQUAL(persistence().count<claim>(), 1U);
}

CAF_TEST(an author who stays is marked before the name could be free after a crash) {
  begin();
  by_name(alice, "ada");
  decide(true);
  by_token(bob, {"b1", "Bert"}); // nobody knows when the store was told of this one
  wait(2min);
  CAF_CHECK(persistence().only<claim>().what.who == (author{"b1", "Bert"}));
  wait(11h);
  CAF_CHECK_EQUAL(persistence().count<claim>(), 0U);
  wait(2h);
  const auto marks = persistence().take<claim>();
  CAF_REQUIRE_EQUAL(marks.size(), 2U);
  CAF_CHECK(marks.front().what.by_force);
  wait(48h);
  CAF_CHECK(persistence().take<claim>().size() >= 2 * 3);
  kill(alice.actor);
  kill(bob.actor);
  (void)persistence().take<claim>();
  wait(48h);
  CAF_CHECK_EQUAL(persistence().count<claim>(), 0U);
  CAF_CHECK(!sched.has_pending_timeout());
}

CAF_TEST(a mark that the store refuses is made again) {
  begin();
  by_token(bob, {"b1", "Bert"});
  wait(1min);
  say(persistence().actor, aut, claim_refused{persistence().only<claim>().ticket});
  wait(1min);
  const auto again = persistence().only<claim>();
  CAF_CHECK(again.what.by_force);
  say(persistence().actor, aut, claimed{again.ticket, true});
  wait(1h);
  CAF_CHECK_EQUAL(persistence().count<claim>(), 0U);
}

CAF_TEST(many who came in the same minute are marked one after another) {
  begin();
  for (int i = 0; i < 1000; ++i)
    by_token(alice, {"a" + std::to_string(i), "ada" + std::to_string(i)});
  wait(1min);
  const auto first = persistence().take<claim>().size();
  CAF_CHECK(first >= 1 && first < 10);
  wait(6h);
  CAF_CHECK_EQUAL(first + persistence().take<claim>().size(), 1000U);
}

CAF_TEST(names that are not held are not marked while their author is there) {
  bounds.name_hold = 0s;
  begin();
  by_token(alice, {"a1", "ada"});
  wait(48h);
  CAF_CHECK_EQUAL(persistence().count<claim>(), 0U);
}

CAF_TEST(the name stays while another connection of the author is there) {
  begin();
  by_token(alice, {"a1", "ada"});
  by_token(bob, {"a1", "ada"});
  kill(alice.actor);
  CAF_CHECK_EQUAL(persistence().count<claim>(), 0U);
  auto eve = play<session_actor>("eve");
  by_name(eve, "ada");
  CAF_CHECK(eve.only<sign_in_refused>().why == errc::name_taken);
}

CAF_TEST(an author has at most eight connections) {
  begin();
  std::vector<role<session_actor>> tabs;
  for (int i = 0; i < 9; ++i) {
    tabs.push_back(play<session_actor>("tab"));
    by_token(tabs.back(), {"a1", "ada"});
  }
  for (int i = 0; i < 8; ++i)
    CAF_CHECK_EQUAL(tabs[static_cast<std::size_t>(i)].count<signed_in>(), 1U);
  CAF_CHECK(tabs.back().only<sign_in_refused>().too_many_connections);
  kill(tabs.front().actor);
  by_token(tabs.back(), {"a1", "ada"});
  CAF_CHECK_EQUAL(tabs.back().count<signed_in>(), 1U);
}

CAF_TEST(a session that dies while the store is asked leaves nothing behind) {
  begin();
  by_name(alice, "ada");
  kill(alice.actor);
  decide(true);
  by_name(bob, "ada");
  // The store holds the name for an id that nobody was given: it is the next one's.
  CAF_CHECK_EQUAL(persistence().only<claim>().what.who.id, "id1");
}

CAF_TEST(claims under way are refused when the way to the store crashes) {
  begin();
  by_name(alice, "ada");
  wait(2s);
  kill(ways.front()->persistence.actor);
  CAF_CHECK(alice.only<sign_in_refused>().why == errc::unavailable);
  by_name(bob, "ada");
  decide(true);
  CAF_CHECK_EQUAL(bob.count<signed_in>(), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace lobby_names_suite
