// Who says hello how, and what happens to those who do not.
#include "tests/actors/session_fixture.hpp"

#define CAF_SUITE session_hello

using namespace callboard;
using namespace callboard::doubles;

namespace {

struct hello_fixture : session_fixture {
  void hello_with(const std::string& token) {
    frame(R"({"type":"hello","token":")" + token + R"("})");
  }

  /// The token in the last welcome.
  std::string token_of_welcome() {
    const auto texts = wire->raw();
    CAF_REQUIRE_EQUAL(texts.size(), 1U);
    const auto parsed = wire::parse_answer(texts.front());
    return std::get<wire::welcome>(std::get<wire::answer>(parsed).body).token;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(session_hello_tests, hello_fixture)

CAF_TEST(a new author says hello by name and is welcome when the lobby says so) {
  begin();
  frame(R"({"type":"hello","ref":"h","name":"ada"})");
  CAF_CHECK(wire->told().empty());
  const auto asked = lobby.only<sign_in>();
  CAF_CHECK(asked.who == (author{"", "ada"}));
  CAF_CHECK(asked.session == aut);
  say(lobby.actor, aut, signed_in{asked.ticket, ada});
  CAF_CHECK_EQUAL(wire->told(), lines{"h: welcome ada"});
  CAF_CHECK_EQUAL(wire->given_back, 1U);
}

CAF_TEST(the claim of a hello by name becomes the id to mint) {
  begin();
  frame(R"({"type":"hello","name":"Ada","claim":"0123456789abcdef"})");
  const auto asked = lobby.only<sign_in>();
  CAF_CHECK(asked.who == (author{"", "Ada"}));
  CAF_CHECK_EQUAL(asked.claim_id, signer->author_id("ada", "0123456789abcdef"));
}

CAF_TEST(the token of a welcome proves the author later) {
  begin();
  frame(R"({"type":"hello","name":"ada"})");
  say(lobby.actor, aut, signed_in{lobby.only<sign_in>().ticket, ada});
  const auto claims = signer->verify(token_of_welcome(), today_s);
  CAF_REQUIRE(claims.has_value());
  CAF_CHECK(claims->who == ada);
}

CAF_TEST(a fresh token is taken and given back as it is) {
  begin();
  const auto token = signer->sign(ada, today_s - 3600);
  hello_with(token);
  const auto asked = lobby.only<sign_in>();
  CAF_CHECK(asked.who == ada);
  CAF_CHECK(!asked.refresh);
  say(lobby.actor, aut, signed_in{asked.ticket, ada});
  CAF_CHECK_EQUAL(token_of_welcome(), token);
}

CAF_TEST(an old token is renewed) {
  begin();
  const auto token = signer->sign(ada, today_s - 13 * hour_s);
  hello_with(token);
  const auto asked = lobby.only<sign_in>();
  CAF_CHECK(asked.refresh);
  say(lobby.actor, aut, signed_in{asked.ticket, ada});
  const auto renewed = token_of_welcome();
  CAF_CHECK_NOT_EQUAL(renewed, token);
  CAF_CHECK(signer->verify(renewed, today_s + 20 * hour_s).has_value());
  CAF_CHECK(!signer->verify(token, today_s + 20 * hour_s).has_value());
}

CAF_TEST(a bad token and one of another secret and an expired one are refused) {
  begin();
  const token_signer other{"another secret of thirty-two byt", std::chrono::hours{24}};
  hello_with("nonsense");
  hello_with(other.sign(ada, today_s));
  hello_with(signer->sign(ada, today_s - 25 * hour_s));
  CAF_CHECK_EQUAL(wire->told(), (lines{"error bad_token", "error bad_token", "error bad_token"}));
  CAF_CHECK_EQUAL(lobby.count<sign_in>(), 0U);
  CAF_CHECK_EQUAL(wire->given_back, 3U);
  frame(R"({"type":"hello","name":"ada"})"); // and may say hello by name
  CAF_CHECK_EQUAL(lobby.count<sign_in>(), 1U);
}

CAF_TEST(a token after a refused hello by name does not bring the name back) {
  begin();
  hello_with(signer->sign(ada, today_s));
  say(lobby.actor, aut, sign_in_refused{lobby.only<sign_in>().ticket, errc::unavailable});
  CAF_CHECK_EQUAL(wire->told(), lines{"error unavailable"});
  frame(R"({"type":"hello","name":"eve"})");
  say(lobby.actor, aut, signed_in{lobby.only<sign_in>().ticket, {"e1", "eve"}});
  CAF_CHECK(signer->verify(token_of_welcome(), today_s)->who == (author{"e1", "eve"}));
}

CAF_TEST(a bad name is refused before anybody is asked) {
  begin();
  frame(R"({"type":"hello","name":"~ada"})");
  CAF_CHECK_EQUAL(wire->told(), lines{"error bad_name"});
  CAF_CHECK_EQUAL(lobby.count<sign_in>(), 0U);
}

CAF_TEST(a taken name is told and another one may be tried) {
  begin();
  frame(R"({"type":"hello","ref":"1","name":"ada"})");
  say(lobby.actor, aut, sign_in_refused{lobby.only<sign_in>().ticket, errc::name_taken});
  CAF_CHECK_EQUAL(wire->told(), lines{"1: error name_taken"});
  frame(R"({"type":"hello","ref":"2","name":"eve"})");
  say(lobby.actor, aut, signed_in{lobby.only<sign_in>().ticket, {"e1", "eve"}});
  CAF_CHECK_EQUAL(wire->told(), lines{"2: welcome eve"});
}

CAF_TEST(hello is said once also while the first is not answered) {
  begin();
  frame(R"({"type":"hello","name":"ada"})");
  frame(R"({"type":"hello","ref":"2","name":"ada"})");
  CAF_CHECK_EQUAL(wire->told(), lines{"2: error bad_frame"});
  say(lobby.actor, aut, signed_in{lobby.only<sign_in>().ticket, ada});
  frame(R"({"type":"hello","ref":"3","name":"ada"})");
  CAF_CHECK_EQUAL(wire->told(), (lines{"welcome ada", "3: error bad_frame"}));
  CAF_CHECK_EQUAL(wire->given_back, 3U);
}

CAF_TEST(a connection without hello is closed after ten seconds) {
  begin();
  wait(9s);
  CAF_CHECK(!wire->closed_with);
  wait(2s);
  CAF_CHECK(wire->closed_with == close_code::no_hello);
}

CAF_TEST(a connection whose hello was refused is closed in time as well) {
  begin();
  frame(R"({"type":"hello","name":"ada"})");
  wait(20s); // the lobby takes its time: not the client's fault
  CAF_CHECK(!wire->closed_with);
  say(lobby.actor, aut, sign_in_refused{lobby.only<sign_in>().ticket, errc::name_taken});
  wait(2s);
  CAF_CHECK(wire->closed_with == close_code::no_hello);
}

CAF_TEST(who is welcome is not closed and does not tick) {
  begin_as_ada();
  wait(30s);
  CAF_CHECK(!wire->closed_with);
  CAF_CHECK(!sched.has_pending_timeout());
}

CAF_TEST(too many connections of an author close this one) {
  begin();
  hello_with(signer->sign(ada, today_s));
  say(lobby.actor, aut, sign_in_refused{lobby.only<sign_in>().ticket, errc::rate_limited, true});
  CAF_CHECK(wire->closed_with == close_code::too_many_connections);
}

CAF_TEST(every request before hello is refused and the connection stays) {
  begin();
  for (const auto* text :
       {R"({"type":"join","ref":"r","room":"den"})", R"({"type":"leave","ref":"r","room":"den"})",
        R"({"type":"post","ref":"r","room":"den","id":"p1","text":"hi"})",
        R"({"type":"history","ref":"r","room":"den","before":3})",
        R"({"type":"typing","ref":"r","room":"den"})", R"({"type":"who","ref":"r","room":"den"})",
        R"({"type":"rooms","ref":"r","prefix":""})", R"({"type":"ping","ref":"r"})"}) {
    frame(text);
    CAF_CHECK_EQUAL(wire->told(), lines{"r: error not_welcome_yet"});
  }
  CAF_CHECK(!wire->closed_with);
  CAF_CHECK_EQUAL(wire->given_back, 8U);
  CAF_CHECK(said().empty());
}

CAF_TEST(every bad frame is answered and the connection stays) {
  begin_as_ada();
  const auto before = wire->given_back;
  std::uint32_t sent = 0;
  for (const auto* text : {"", "nonsense", "[]", "7", R"({"type":"fly"})", R"({"no":"type"})",
                           R"({"type":7})", R"({"type":"join"})", R"({"type":"join","room":7})",
                           R"({"type":"join","room":"den","after":1})",
                           R"({"type":"join","room":"den","after":1,"epoch":"e","last":3})",
                           R"({"type":"post","room":"den","id":"no spaces","text":"x"})",
                           R"({"type":"history","room":"den"})",
                           R"({"type":"history","room":"den","before":1,"after":1})"}) {
    frame(text);
    const auto answer = wire->told();
    CAF_REQUIRE_EQUAL(answer.size(), 1U);
    CAF_CHECK(answer.front().starts_with("error bad_frame"));
    ++sent;
  }
  CAF_CHECK(!wire->closed_with);
  CAF_CHECK_EQUAL(wire->given_back - before, sent);
  frame(R"({"type":"ping","ref":"p"})");
  CAF_CHECK_EQUAL(wire->told(), lines{"p: pong"});
}

CAF_TEST(a session ends with its connection and one that crashes closes it) {
  begin();
  CAF_CHECK_EQUAL(status->sessions.load(), 1U);
  say(self, aut, connection_closed{});
  CAF_CHECK_EQUAL(status->sessions.load(), 0U);
  wire = std::make_shared<fake_connection>();
  begin_as_ada();
  kill(aut);
  CAF_CHECK(wire->closed_with == close_code::internal_error);
}

CAF_TEST_FIXTURE_SCOPE_END()
