// Crash only: whatever actor is killed, its users stay connected, nothing is missed and nothing is
// stored twice.
#include "tests/actors/server_fixture.hpp"

namespace rebuild_suite {

#define CAF_SUITE rebuild

using namespace callboard;
using namespace callboard::doubles;

CAF_TEST_FIXTURE_SCOPE(rebuild_tests, server_fixture)

CAF_TEST(two members talk) {
  begin();
  auto alice = member("alice");
  auto bob = member("bob");
  post(alice, "p1");
  post(bob, "p2");
  CAF_CHECK_EQUAL(alice.wire->told(), (lines{"message den 1", "posted den p1 1", "message den 2"}));
  CAF_CHECK_EQUAL(bob.wire->told(), (lines{"message den 1", "message den 2", "posted den p2 2"}));
}

CAF_TEST(members stay when their room is killed) {
  begin();
  auto alice = member("alice");
  auto bob = member("bob");
  post(alice, "p1");
  const auto old = den();
  kill(old);
  CAF_CHECK(den() && den() != old);
  post(alice, "p2");
  CAF_CHECK_EQUAL(bob.wire->told(), (lines{"message den 1", "message den 2"}));
  CAF_CHECK(!alice.wire->closed_with);
  CAF_CHECK(!bob.wire->closed_with);
  CAF_CHECK_EQUAL(status->room_restarts.load(), 1U);
}

CAF_TEST(posts that died with a room are stored by its successor in order) {
  begin();
  auto alice = member("alice");
  auto bob = member("bob");
  store.mood.silent = true;
  post(alice, "p1"); // under way
  post(alice, "p2"); // behind it
  store.mood.silent = false;
  kill(den());
  CAF_CHECK_EQUAL(stored(), 2U);
  CAF_CHECK_EQUAL(bob.wire->told(), (lines{"message den 1", "message den 2"}));
  CAF_CHECK_EQUAL(alice.wire->told(),
                  (lines{"message den 1", "message den 2", "posted den p1 1", "posted den p2 2"}));
}

CAF_TEST(posts whose answer died with a room are stored once and everybody sees them) {
  begin();
  auto alice = member("alice");
  auto bob = member("bob");
  store.mood.mute = true;
  post(alice, "p1"); // committed, and nobody hears of it
  CAF_CHECK_EQUAL(stored(), 1U);
  CAF_CHECK(bob.wire->told().empty());
  store.mood.mute = false;
  kill(den());
  CAF_CHECK_EQUAL(stored(), 1U);
  CAF_CHECK_EQUAL(bob.wire->told(), lines{"message den 1"});
  CAF_CHECK_EQUAL(alice.wire->told(), (lines{"message den 1", "posted den p1 1 again"}));
}

CAF_TEST(a room that opens late has its members and posts all the same) {
  begin();
  auto alice = member("alice");
  store.mood.silent = true;
  kill(den());
  post(alice, "p1");
  CAF_CHECK(alice.wire->told().empty());
  store.mood.silent = false;
  kill(den()); // the successor, which waits for its row
  wait(2s);
  CAF_CHECK_EQUAL(alice.wire->told(), (lines{"message den 1", "posted den p1 1"}));
}

CAF_TEST(members stay when persistence is killed) {
  begin();
  auto alice = member("alice");
  auto bob = member("bob");
  wait(2s);
  store.mood.mute = true;
  post(alice, "p1");
  store.mood.mute = false;
  kill(way.persistence);
  wait(2s);
  post(alice, "p2");
  CAF_CHECK_EQUAL(stored(), 2U);
  auto told = bob.wire->told();
  std::erase_if(told, [](const std::string& line) { return line.starts_with("presence"); });
  CAF_CHECK_EQUAL(told, (lines{"message den 1", "message den 2"}));
  CAF_CHECK(!bob.wire->closed_with);
}

CAF_TEST(a reader whose page was lost with the cache goes on) {
  bounds.page = 2;
  begin();
  auto alice = member("alice");
  for (const auto* id : {"p1", "p2", "p3", "p4", "p5"})
    post(alice, id);
  auto bob = connect();
  frame(bob, R"({"type":"hello","name":"bob"})");
  wait(2s);
  store.mood.silent = true;
  frame(bob, R"({"type":"join","room":"den","after":0,"epoch":"epoch-1"})");
  store.mood.silent = false;
  kill(way.cache);
  wait(3s);
  CAF_CHECK_EQUAL(bob.wire->told(),
                  (lines{"welcome bob", "joined den paged 1..2 of 5 more",
                         "history den 3..4 more resume", "history den 5..5 resume"}));
}

CAF_TEST(a store that is away refuses posts and the same ids are stored later in order) {
  begin();
  auto alice = member("alice");
  store.mood.refuses = true;
  post(alice, "p1");
  post(alice, "p2");
  CAF_CHECK_EQUAL(alice.wire->told(), (lines{"error unavailable den p1", "error busy den p2"}));
  store.mood.refuses = false;
  post(alice, "p3");
  CAF_CHECK_EQUAL(alice.wire->told(), lines{"error busy den p3"}); // p1 is first
  for (const auto* id : {"p1", "p2", "p3"})
    post(alice, id);
  CAF_CHECK_EQUAL(alice.wire->told(),
                  (lines{"message den 1", "posted den p1 1", "message den 2", "posted den p2 2",
                         "message den 3", "posted den p3 3"}));
}

CAF_TEST(a room that cannot open again keeps its members until it can) {
  begin();
  auto alice = member("alice");
  auto bob = member("bob");
  post(alice, "p1");
  store.mood.refuses = true;
  kill(den());
  wait(5s);
  store.mood.refuses = false;
  wait(2s);
  post(alice, "p2");
  const auto told = bob.wire->told();
  CAF_REQUIRE(!told.empty());
  CAF_CHECK_EQUAL(told.back(), "message den 2");
  CAF_CHECK(!bob.wire->closed_with);
}

CAF_TEST(a token brings author and place back on another connection) {
  begin();
  auto alice = connect();
  frame(alice, R"({"type":"hello","name":"alice"})");
  const auto welcome = wire::parse_answer(alice.wire->raw().front());
  const auto token = std::get<wire::welcome>(std::get<wire::answer>(welcome).body).token;
  frame(alice, R"({"type":"join","room":"den","last":0})");
  post(alice, "p1");
  say(self, alice.session, connection_closed{});
  auto again = connect();
  frame(again, R"({"type":"hello","token":")" + token + R"("})");
  frame(again, R"({"type":"join","room":"den","after":0,"epoch":"epoch-1"})");
  post(again, "p1");
  CAF_CHECK_EQUAL(again.wire->told(), (lines{"welcome alice", "joined den resumed 1..1 of 1",
                                             "posted den p1 1 again"}));
  CAF_CHECK_EQUAL(stored(), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace rebuild_suite
