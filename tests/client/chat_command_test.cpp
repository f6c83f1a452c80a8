// The chat without a server: what is said, shown and ended.
#define CAF_SUITE client_command

#include "client/chat_command.hpp"

#include "tests/client/command_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::client;

using what = invocation::what;

namespace chat_command_suite {

CAF_TEST_FIXTURE_SCOPE(chat_command_tests, command_fixture)

CAF_TEST(chat asks for a name until one will do) {
  auto given = call(what::chat);
  given.name.clear();
  chat_command aut{given, actors, out, tokens(), true};
  aut.begin(now);
  CAF_CHECK_EQUAL(out.err, "Username: ");
  CAF_CHECK_EQUAL(actors.take(), "enter tea; ");
  aut.take_line("~bad");
  CAF_CHECK_EQUAL(actors.take(), "");
  aut.take_line("alice");
  CAF_CHECK_EQUAL(actors.take(), "hello alice; ");
  out.err.clear();
  aut.take(name_refused{"alice", errc::name_taken}, now);
  CAF_CHECK(out.err.ends_with("Username: "));
  aut.take_line("carol");
  CAF_CHECK_EQUAL(actors.take(), "hello carol; ");
  CAF_CHECK(!aut.result());
}

CAF_TEST(lines are said and commands are not ) {
  chat_command aut{call(what::chat), actors, out, tokens(), true};
  begin(aut);
  aut.take(log_ready{"tea", 0, false}, now);
  aut.take_line("hello");
  aut.take_line("//me");
  aut.take_line("/nosuch");
  aut.take_line("");
  aut.take_line("/who");
  aut.take_line("/history 5");
  aut.take_line("/rooms x");
  aut.take_line("/join pot");
  aut.take_line("there");
  aut.take_line("/leave");
  aut.take_line("back");
  CAF_CHECK_EQUAL(actors.take(), "say tea 1 hello; say tea 2 /me; names tea; back tea 5; rooms x; "
                                 "enter pot; say pot 3 there; leave pot; say tea 4 back; ");
  CAF_CHECK(out.err.find("not sent: unknown command") != std::string::npos);
}

CAF_TEST(what was typed is not shown again at a terminal but in a pipe) {
  chat_command person{call(what::chat), actors, out, tokens(), true};
  begin(person);
  shows(person, 1, "mine", true);
  shows(person, 2, "theirs");
  CAF_CHECK(out.out.find("mine") == std::string::npos);
  CAF_CHECK(out.out.find("bob: theirs\n") != std::string::npos);
  chat_command pipe{call(what::chat), actors, out, tokens(), false};
  begin(pipe);
  shows(pipe, 1, "mine", true);
  CAF_CHECK(out.out.find("bob: mine\n") != std::string::npos);
}

CAF_TEST(a goodbye waits for receipts) {
  chat_command aut{call(what::chat), actors, out, tokens(), true};
  begin(aut);
  aut.take_line("hello");
  aut.take_line("/quit");
  CAF_CHECK(!aut.result() && !aut.wants_input());
  stored(aut, 1, 1);
  CAF_CHECK(aut.result() == exit_ok);
  chat_command other{call(what::chat), actors, out, tokens(), true};
  begin(other);
  other.take_line("hello");
  other.end_input();
  later(other, 11s);
  CAF_CHECK(other.result() == exit_try_again);
  CAF_CHECK(out.err.find("1 message may not be stored") != std::string::npos);
}

CAF_TEST(chat waits for its server for ever and for a message that failed says the text) {
  chat_command aut{call(what::chat), actors, out, tokens(), true};
  aut.begin(now);
  CAF_CHECK(!aut.due());
  aut.take_line("typed while away");
  CAF_CHECK(actors.take().ends_with("say tea 1 typed while away; "));
  aut.take(own_failed{"tea", 1, "typed while away", errc::internal, "no."}, now);
  CAF_CHECK(out.err.find("not stored: no. The text was: typed while away") != std::string::npos);
}

CAF_TEST(what an earlier process wrote does not count as said here) {
  chat_command aut{call(what::chat), actors, out, tokens(), true};
  begin(aut);
  aut.take(outbox_told{2, {}}, now);
  CAF_CHECK(out.err.find("2 messages from before are in the outbox") != std::string::npos);
  aut.take_line("hello");
  aut.take_line("/quit");
  stored(aut, restored_tag + 1, 1);
  CAF_CHECK(!aut.result());
  actors.take();
  aut.take(own_failed{"tea", restored_tag + 2, "old\x1b", errc::internal, "no."}, now);
  CAF_CHECK(out.err.find("The text was: old\xe2\x90\x9b") != std::string::npos);
  CAF_CHECK(actors.take() == "drop tea " + std::to_string(restored_tag + 2) + "; ");
  CAF_CHECK(!aut.result());
  stored(aut, 1, 3);
  CAF_CHECK(aut.result() == exit_ok);
}

CAF_TEST(questions in a pipe wait for the room and the end of input waits for their answers) {
  chat_command aut{call(what::chat), actors, out, tokens(), false};
  begin(aut);
  aut.take_line("/who");
  aut.take_line("/history 5");
  aut.take_line("/history 6");
  aut.take_line("/rooms x");
  CAF_CHECK_EQUAL(actors.take(), "rooms x; "); // which needs no room
  aut.end_input();
  aut.take(log_ready{"tea", 9, false}, now);
  CAF_CHECK_EQUAL(actors.take(), "names tea; back tea 5; "); // a page at a time
  signal(aut, wire::who_list{"tea", {"alice"}, 1});
  aut.take(older_shown{"tea", {}, true, false}, now);
  CAF_CHECK_EQUAL(actors.take(), "back tea 6; ");
  aut.take(older_shown{"tea", {}, false, false}, now);
  CAF_CHECK(!aut.result());
  aut.take(rooms_known{"x", {}, {}}, now);
  CAF_CHECK(aut.result() == exit_ok);
  CAF_CHECK(out.err.find("here: alice (1)") != std::string::npos);
}

CAF_TEST(a question that was lost with its connection is asked again) {
  chat_command aut{call(what::chat), actors, out, tokens(), false};
  begin(aut);
  aut.take(log_ready{"tea", 9, false}, now);
  aut.take_line("/who");
  aut.take_line("/rooms");
  CAF_CHECK_EQUAL(actors.take(), "names tea; rooms ; ");
  aut.take(link_lost{"reset", 100ms, 1}, now);
  welcome(aut);
  CAF_CHECK_EQUAL(actors.take(), "rooms ; ");
  aut.take(log_ready{"tea", 9, true}, now);
  CAF_CHECK_EQUAL(actors.take(), "names tea; ");
}

CAF_TEST(a question without an answer ends a pipe with an error and holds up no person) {
  chat_command pipe{call(what::chat), actors, out, tokens(), false};
  begin(pipe);
  pipe.take_line("/who");
  pipe.end_input();
  later(pipe, 11s);
  CAF_CHECK(pipe.result() == exit_try_again);
  chat_command person{call(what::chat), actors, out, tokens(), true};
  begin(person);
  person.take_line("/who");
  person.end_input();
  CAF_CHECK(person.result() == exit_ok);
}

CAF_TEST(a question about a room that was left waits for nothing) {
  chat_command aut{call(what::chat), actors, out, tokens(), false};
  begin(aut);
  aut.take_line("/who");
  aut.take_line("/leave");
  aut.take_line("/who");
  CAF_CHECK(out.err.find("you are in no room") != std::string::npos);
  aut.end_input();
  CAF_CHECK(aut.result() == exit_ok);
}

CAF_TEST(a person may reconnect and say what they do) {
  chat_command aut{call(what::chat), actors, out, tokens(), true};
  begin(aut);
  aut.take_line("/reconnect");
  aut.take_line("/me waves");
  CAF_CHECK_EQUAL(actors.take(), "reconnect; say tea 1 /me waves; ");
  CAF_CHECK_EQUAL(actors.touched, 2);
  aut.take(link_connecting{}, now); // No link_lost came before it.
  aut.take_line("/who");
  CAF_CHECK(out.err.find("not connected") != std::string::npos);
  welcome(aut);
  aut.take(log_ready{"tea", 0, true}, now);
  CAF_CHECK_EQUAL(actors.take(), ""); // said so, and forgotten
}

CAF_TEST(signals of hostile names are made visible) {
  chat_command aut{call(what::chat), actors, out, tokens(), true};
  begin(aut);
  signal(aut, wire::presence{"tea", {"b\x1b[2Job"}, {"c\nd"}, 3});
  CAF_CHECK(out.err.find("b\xe2\x90\x9b[2Job came, c\xe2\x90\x8a"
                         "d left (3 here)")
            != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace chat_command_suite
