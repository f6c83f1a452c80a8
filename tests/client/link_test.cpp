// Connecting, staying connected, coming back.
#define CAF_SUITE client_link

#include "client/link.hpp"

#include "tests/client/link_fixture.hpp"

using namespace callboard;
using namespace callboard::client;

namespace link_suite {

CAF_TEST_FIXTURE_SCOPE(link_tests, link_fixture)

CAF_TEST(nothing is dialled before it is known who to be) {
  pass(60s);
  CAF_CHECK_EQUAL(way->opens, 0);
  tell_link(introduce{"alice", {}});
  CAF_CHECK_EQUAL(way->opens, 1);
}

CAF_TEST(the first hello is by name and later ones by token) {
  start_as_alice();
  CAF_CHECK_EQUAL(screen->seen.all<link_welcome>().size(), 1U);
  drop();
  pass(50ms);
  CAF_CHECK_EQUAL(way->opens, 2);
  accept();
  const auto hellos = requests<wire::hello>();
  CAF_REQUIRE_EQUAL(hellos.size(), 1U);
  CAF_CHECK(hellos[0].second.token == "t1");
  CAF_CHECK(!hellos[0].second.name);
}

CAF_TEST(a hello by name is repeated with its claim until there is a token) {
  tell_link(introduce{"alice", {}, "a-secret-of-hers"});
  accept();
  CAF_CHECK(requests<wire::hello>().at(0).second.claim == "a-secret-of-hers");
  drop(); // and with it the welcome, perhaps
  pass(50ms);
  accept();
  const auto again = requests<wire::hello>();
  CAF_REQUIRE_EQUAL(again.size(), 1U);
  CAF_CHECK(again[0].second.name == "alice");
  CAF_CHECK(again[0].second.claim == "a-secret-of-hers");
  say(again[0].first, welcome());
  drop();
  pass(50ms);
  accept();
  CAF_CHECK(requests<wire::hello>().at(0).second.token == "t1");
  CAF_CHECK(!requests<wire::hello>().at(0).second.claim);
}

CAF_TEST(a token from an earlier run is used at once) {
  tell_link(introduce{"alice", "old"});
  accept();
  CAF_CHECK(requests<wire::hello>().at(0).second.token == "old");
}

CAF_TEST(a token that is not good here gives way to the name) {
  tell_link(introduce{"alice", "old"});
  accept();
  refuse(requests<wire::hello>().at(0).first, errc::bad_token);
  const auto hellos = requests<wire::hello>();
  CAF_REQUIRE_EQUAL(hellos.size(), 2U);
  CAF_CHECK(hellos[1].second.name == "alice");
  say(hellos[1].first, welcome());
  CAF_CHECK_EQUAL(screen->seen.all<link_welcome>().size(), 1U);
}

CAF_TEST(a name that is taken is asked about without holding a connection) {
  tell_link(introduce{"alice", {}});
  accept();
  refuse(requests<wire::hello>().at(0).first, errc::name_taken);
  CAF_REQUIRE_EQUAL(screen->seen.all<name_refused>().size(), 1U);
  CAF_CHECK(!way->connected);
  pass(120s);
  CAF_CHECK_EQUAL(way->opens, 1);
  tell_link(introduce{"carol", {}});
  CAF_CHECK_EQUAL(way->opens, 2);
  accept();
  CAF_CHECK(requests<wire::hello>().at(0).second.name == "carol");
}

CAF_TEST(a store that is away at the hello is waited for) {
  tell_link(introduce{"alice", {}});
  accept();
  refuse(requests<wire::hello>().at(0).first, errc::unavailable, 3000);
  CAF_CHECK(screen->seen.all<link_lost>().at(0).retry_in >= 3000ms);
  pass(3050ms);
  CAF_CHECK_EQUAL(way->opens, 2);
}

CAF_TEST(delays are jittered from nothing to a ceiling that doubles) {
  tell_link(introduce{"alice", {}});
  for (const auto ceiling : {2000ms, 4000ms, 8000ms, 16000ms, 30000ms, 30000ms}) {
    dice = static_cast<std::uint64_t>(ceiling.count()); // The longest of this round.
    const auto opens = way->opens;
    drop();
    CAF_CHECK(screen->seen.all<link_lost>().back().retry_in == ceiling);
    pass(ceiling - 50ms);
    CAF_CHECK_EQUAL(way->opens, opens);
    pass(100ms);
    CAF_CHECK_EQUAL(way->opens, opens + 1);
  }
  dice = 0;
  drop();
  CAF_CHECK(screen->seen.all<link_lost>().back().retry_in == 0ms);
}

CAF_TEST(a welcome of less than five seconds does not shorten the delays) {
  tell_link(introduce{"alice", {}});
  drop();
  pass(50ms);
  drop();
  pass(50ms);
  become_welcome();
  pass(4s);
  dice = 7000; // Below the third ceiling, far above the first.
  drop();
  CAF_CHECK(screen->seen.all<link_lost>().back().retry_in == 7000ms);
  pass(7050ms);
  become_welcome();
  pass(5s);
  dice = 2001 + 500; // Beyond the first ceiling it begins at 0 again.
  drop();
  CAF_CHECK(screen->seen.all<link_lost>().back().retry_in == 500ms);
  pass(550ms);
  CAF_CHECK_EQUAL(way->opens, 5);
}

CAF_TEST(an appointment is kept and jittered) {
  start_as_alice();
  say({}, wire::bye{"restart", 7000});
  dice = 500;
  drop({closing::reason::closed, 1012, "restart"});
  CAF_CHECK(screen->seen.all<link_lost>().back().retry_in == 7500ms);
  pass(7450ms);
  CAF_CHECK_EQUAL(way->opens, 1);
  pass(100ms);
  CAF_CHECK_EQUAL(way->opens, 2);
}

CAF_TEST(an appointment of years is not believed) {
  start_as_alice();
  say({}, wire::bye{"restart", 1LL << 50});
  drop({closing::reason::closed, 1012, "restart"});
  CAF_CHECK(screen->seen.all<link_lost>().back().retry_in <= 301s);
}

CAF_TEST(close codes decide whether to come back) {
  for (const std::uint16_t code : {1000, 1001, 1006, 1011, 1012, 1013, 4000, 4001}) {
    tell_link(introduce{"alice", {}});
    become_welcome();
    drop({closing::reason::closed, code, "x"});
    pass(50ms);
    CAF_CHECK(screen->seen.all<link_ended>().empty());
    CAF_CHECK(way->connected);
    drop();
    pass(30s);
  }
  for (const std::uint16_t code : {1002, 1003, 1007, 1008, 1009, 4500, 4501, 4502}) {
    screen->seen.events.clear();
    tell_link(introduce{"alice", {}});
    become_welcome();
    const auto opens = way->opens;
    drop({closing::reason::closed, code, "x"});
    CAF_REQUIRE_EQUAL(screen->seen.all<link_ended>().size(), 1U);
    CAF_CHECK(screen->seen.all<link_ended>()[0].what.code == code);
    pass(120s);
    CAF_CHECK_EQUAL(way->opens, opens);
  }
}

CAF_TEST(whoever is no callboard server is not dialled again) {
  tell_link(introduce{"alice", {}});
  drop({closing::reason::mismatch, 0, "HTTP 404"});
  CAF_CHECK_EQUAL(screen->seen.all<link_ended>().size(), 1U);
  pass(120s);
  CAF_CHECK_EQUAL(way->opens, 1);
}

CAF_TEST(after a first welcome a mismatch is a proxy in between) {
  start_as_alice();
  drop();
  pass(50ms);
  drop({closing::reason::mismatch, 0, "HTTP 404"});
  CAF_CHECK(screen->seen.all<link_ended>().empty());
  pass(50ms);
  CAF_CHECK_EQUAL(way->opens, 3);
}

CAF_TEST(a silent line is asked after one heartbeat and left after two) {
  start_as_alice();
  pass(24900ms);
  CAF_CHECK(requests<wire::ping>().empty());
  pass(200ms);
  CAF_CHECK_EQUAL(requests<wire::ping>().size(), 1U);
  pass(24800ms);
  CAF_CHECK_EQUAL(way->opens, 1);
  pass(200ms);
  CAF_CHECK_EQUAL(screen->seen.all<link_lost>().size(), 1U);
  pass(50ms);
  CAF_CHECK_EQUAL(way->opens, 2);
}

CAF_TEST(any frame proves that the line lives) {
  start_as_alice();
  for (int i = 0; i < 10; ++i) {
    pass(20s);
    say({}, wire::pong{});
  }
  CAF_CHECK(requests<wire::ping>().empty());
  for (int i = 0; i < 5; ++i) {
    pass(26s);
    const auto pings = requests<wire::ping>();
    CAF_REQUIRE_EQUAL(pings.size(), static_cast<std::size_t>(i) + 1);
    say(pings.back().first, wire::pong{});
  }
  CAF_CHECK_EQUAL(way->opens, 1);
}

CAF_TEST(a server that never welcomes is left) {
  tell_link(introduce{"alice", {}});
  accept();
  pass(9900ms);
  CAF_CHECK_EQUAL(way->opens, 1);
  pass(200ms);
  CAF_CHECK_EQUAL(way->opens, 2);
}

CAF_TEST(events of an earlier connection change nothing) {
  start_as_alice();
  const auto old = way->number;
  drop();
  pass(50ms);
  become_welcome("t2");
  tell_link(transport_closed{old, {}});
  tell_link(transport_text{old, wire::encode(wire::answer{{}, wire::bye{"x", 99999}})});
  tell_link(transport_opened{old});
  CAF_CHECK_EQUAL(way->opens, 2);
  CAF_CHECK(way->connected);
}

CAF_TEST(a frame is read only after one before has been handled) {
  start_as_alice();
  const auto before = way->granted;
  CAF_CHECK(before <= 17U);
  say({}, wire::pong{});
  CAF_CHECK_EQUAL(way->granted, before + 1);
  tell_link(hold_reading{true});
  say({}, wire::pong{});
  say({}, wire::pong{});
  CAF_CHECK_EQUAL(way->granted, before + 1);
  pass(120s); // We do not read, so its silence means nothing.
  CAF_CHECK_EQUAL(way->opens, 1);
  tell_link(hold_reading{false});
  CAF_CHECK_EQUAL(way->granted, before + 3);
}

CAF_TEST(frames that are no frames are survived) {
  start_as_alice();
  for (const auto* const text :
       {"", "x", "[]", "{}", R"({"type":"welcome"})", R"({"type":"joined","room":"tea"})",
        R"({"type":"posted","room":"?","id":"x","seq":1,"at":"2026-11-23T17:02:26.123Z"})",
        R"({"type":"error","code":"busy","ref":"99999999999999999999999"})", R"({"type":"nova"})"})
    tell_link(transport_text{way->number, text});
  CAF_CHECK_EQUAL(way->opens, 1);
  attend();
  CAF_CHECK_EQUAL(room_count<link_up>(), 1U);
}

CAF_TEST(a link that hangs up is gone) {
  start_as_alice();
  tell_link(hang_up{});
  CAF_CHECK(!way->connected);
  pass(120s);
  CAF_CHECK_EQUAL(way->opens, 1);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace link_suite
