// The commands without a server: what they ask for, print, and end with.
#define CAF_SUITE client_command

#include "client/line_splitter.hpp"
#include "client/list_command.hpp"
#include "client/send_command.hpp"
#include "client/tail_command.hpp"
#include "tests/client/command_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::client;

using what = invocation::what;

namespace command_suite {

CAF_TEST_FIXTURE_SCOPE(command_tests, command_fixture)

// -- all of them
// ----------------------------------------------------------------------------------

CAF_TEST(the token of the last time is used) {
  CAF_CHECK(!tokens().save("alice", "kept"));
  rooms_command aut{call(what::rooms), actors, out, tokens()};
  aut.begin(now);
  CAF_CHECK_EQUAL(actors.take(), "hello alice with kept; ");
  welcome(aut);
  CAF_CHECK(tokens().load("alice") == "t1");
}

CAF_TEST(a process that dies before its welcome leaves the claim to the next one) {
  for (int life = 0; life < 2; ++life) {
    rooms_command aut{call(what::rooms), actors, out, tokens()};
    aut.begin(now);
    CAF_CHECK_EQUAL(actors.take(), "hello alice; ");
  }
  CAF_REQUIRE_EQUAL(actors.claims.size(), 1U);
  CAF_CHECK_EQUAL(actors.claims.begin()->size(), 32U);
}

CAF_TEST(no server within the timeout is 69 with the last reason) {
  rooms_command aut{call(what::rooms), actors, out, tokens()};
  aut.begin(now);
  aut.take(link_lost{"refused\x1b[2J", 100ms}, now);
  later(aut, 29s);
  CAF_CHECK(!aut.result());
  later(aut, 2s);
  CAF_CHECK(aut.result() == exit_unreachable);
  CAF_CHECK(out.err.find("refused\xe2\x90\x9b[2J") != std::string::npos);
  CAF_CHECK(out.err.find('\x1b') == std::string::npos);
}

CAF_TEST(a server that does not answer within the timeout is 75) {
  rooms_command aut{call(what::rooms), actors, out, tokens()};
  begin(aut);
  later(aut, 31s);
  CAF_CHECK(aut.result() == exit_try_again);
}

CAF_TEST(whoever is no server or sends us away has a code) {
  const auto code = [this](closing why) {
    rooms_command aut{call(what::rooms), actors, out, tokens()};
    aut.begin(now);
    aut.take(link_ended{std::move(why)}, now);
    return aut.result();
  };
  using reason = closing::reason;
  CAF_CHECK(code({reason::mismatch, 0, "x"}) == exit_protocol);
  CAF_CHECK(code({reason::refused, 0, "x"}) == exit_not_allowed);
  CAF_CHECK(code({reason::closed, 4501, "x"}) == exit_not_allowed);
  CAF_CHECK(code({reason::closed, 4502, "x"}) == exit_try_again);
  CAF_CHECK(code({reason::closed, 1002, "x"}) == exit_protocol);
}

CAF_TEST(a taken name is tried again for a moment and then 77) {
  rooms_command aut{call(what::rooms), actors, out, tokens()};
  aut.begin(now);
  for (int i = 0; i < 4; ++i) {
    actors.take();
    aut.take(name_refused{"alice", errc::name_taken}, now);
    CAF_CHECK(!aut.result());
    later(aut, 500ms);
    CAF_CHECK_EQUAL(actors.take(), "hello alice; ");
  }
  aut.take(name_refused{"alice", errc::name_taken}, now);
  CAF_CHECK(aut.result() == exit_not_allowed);
}

CAF_TEST(a name that another process has just got is shared with it) {
  rooms_command aut{call(what::rooms), actors, out, tokens()};
  aut.begin(now);
  actors.take();
  CAF_CHECK(!tokens().save("alice", "theirs"));
  aut.take(name_refused{"alice", errc::name_taken}, now);
  CAF_CHECK_EQUAL(actors.take(), "hello alice with theirs; ");
}

CAF_TEST(a name that is ours but for an unreadable token is said to be so) {
  CAF_CHECK(!tokens().save("alice", "t1"));
  for (const auto& file : std::filesystem::directory_iterator{folder + "/callboard"}) {
    std::filesystem::remove(file.path());
    std::filesystem::create_directory(file.path());
    break;
  }
  rooms_command aut{call(what::rooms), actors, out, tokens()};
  aut.begin(now);
  for (int i = 0; i < 5; ++i) {
    aut.take(name_refused{"alice", errc::name_taken}, now);
    later(aut, 500ms);
  }
  CAF_CHECK(aut.result() == exit_not_allowed);
  CAF_CHECK(out.err.find("Is a directory") != std::string::npos);
  CAF_CHECK(out.err.find("Somebody else") == std::string::npos);
}

// -- send
// -----------------------------------------------------------------------------------------

CAF_TEST(a text is sent and its receipt printed) {
  auto given = call(what::send);
  given.text = "hello";
  send_command aut{given, actors, out, tokens()};
  begin(aut);
  aut.take(log_ready{"tea", 0, false}, now);
  CAF_CHECK(!aut.result());
  stored(aut, 1, 42);
  CAF_CHECK(aut.result() == exit_ok);
  CAF_CHECK_EQUAL(out.out, "42 id1\n");
}

CAF_TEST(a text that can never be stored is 65 and is not sent) {
  for (const std::string text : {"", "  ", "\xff"}) {
    auto given = call(what::send);
    given.text = text;
    send_command aut{given, actors, out, tokens()};
    begin(aut);
    CAF_CHECK(aut.result() == exit_bad_data);
    CAF_CHECK(actors.take().find("say") == std::string::npos);
  }
}

CAF_TEST(lines stop at the first refusal and what is under way is waited for) {
  auto given = call(what::send);
  given.lines = true;
  send_command aut{given, actors, out, tokens()};
  aut.begin(now);
  CAF_CHECK(!aut.wants_input()); // The server's limits are not known yet.
  actors.take();
  welcome(aut, "alice", 5);
  CAF_CHECK(aut.wants_input());
  aut.take_line("one");
  aut.take_line("two");
  aut.take_line("three three");
  CAF_CHECK(!aut.wants_input());
  aut.take_line("four");
  CAF_CHECK_EQUAL(actors.take(), "say tea 1 one; say tea 2 two; ");
  stored(aut, 2, 11);
  CAF_CHECK_EQUAL(out.out, "");
  CAF_CHECK(!aut.result());
  stored(aut, 1, 10);
  CAF_CHECK_EQUAL(out.out, "10 id1\n11 id2\n");
  CAF_CHECK(aut.result() == exit_bad_data);
  CAF_CHECK(out.err.find("line 3") != std::string::npos);
}

CAF_TEST(a refusal by the server stops the lines too) {
  auto given = call(what::send);
  given.lines = true;
  given.quiet = true;
  send_command aut{given, actors, out, tokens()};
  begin(aut);
  aut.take_line("one");
  aut.take_line("two");
  aut.take(own_failed{"tea", 1, "one", errc::internal, "no"}, now);
  CAF_CHECK(!aut.result() && !aut.wants_input());
  stored(aut, 2, 11);
  CAF_CHECK(aut.result() == exit_bad_data);
  CAF_CHECK_EQUAL(out.out, "");
}

CAF_TEST(stdin waits while too many lines are under way) {
  auto given = call(what::send);
  given.lines = true;
  send_command aut{given, actors, out, tokens()};
  begin(aut);
  int lines = 0;
  for (; aut.wants_input() && lines < 1000; ++lines)
    aut.take_line("x");
  CAF_CHECK_EQUAL(lines, 64);
  stored(aut, 1, 1);
  CAF_CHECK(aut.wants_input());
}

CAF_TEST(what is not confirmed in time is 75 or 69 and says how much) {
  auto given = call(what::send);
  given.text = "x";
  send_command aut{given, actors, out, tokens()};
  begin(aut);
  later(aut, 31s);
  CAF_CHECK(aut.result() == exit_try_again);
  CAF_CHECK(out.err.find("0 messages are stored, 1 may or may not be") != std::string::npos);
  send_command other{given, actors, out, tokens()};
  begin(other);
  other.take(link_lost{"reset", 1s}, now);
  later(other, 31s);
  CAF_CHECK(other.result() == exit_unreachable);
}

// -- tail
// -----------------------------------------------------------------------------------------

CAF_TEST(tail reads a room that exists and ends when it has caught up) {
  auto given = call(what::tail);
  given.last = 3;
  given.json = true;
  tail_command aut{given, actors, out, tokens()};
  begin(aut);
  aut.take(rooms_known{"tea", {{"tea", 9, 0}, {"teapot", 1, 0}}, {}}, now);
  CAF_CHECK_EQUAL(actors.take(), "enter tea; ");
  CAF_CHECK(actors.entered == (log_start{log_start::from::count, 3}));
  shows(aut, 9, "hi");
  CAF_CHECK(out.out.starts_with(R"({"type":"message","room":"tea","seq":9,)"));
  CAF_CHECK(!aut.result());
  aut.take(log_ready{"tea", 9, false}, now);
  CAF_CHECK(aut.result() == exit_ok);
}

CAF_TEST(tail does not create a room but says 66) {
  tail_command aut{call(what::tail), actors, out, tokens()};
  begin(aut);
  aut.take(rooms_known{"tea", {{"teapot", 1, 0}}, {}}, now);
  CAF_CHECK(aut.result() == exit_no_room);
  CAF_CHECK_EQUAL(actors.take(), "");
}

CAF_TEST(a list that cannot be read now is asked for again) {
  tail_command aut{call(what::tail), actors, out, tokens()};
  begin(aut);
  aut.take(rooms_known{"tea", {}, errc::unavailable}, now);
  CAF_CHECK_EQUAL(actors.take(), "");
  later(aut, 1s);
  CAF_CHECK_EQUAL(actors.take(), "rooms tea; ");
}

CAF_TEST(following goes on for ever and through losses) {
  auto given = call(what::tail);
  given.follow = true;
  given.since = 5;
  tail_command aut{given, actors, out, tokens()};
  aut.begin(now);
  CAF_CHECK_EQUAL(actors.take(), "hello alice; enter tea; ");
  CAF_CHECK(actors.entered == (log_start{log_start::from::seq, 5}));
  welcome(aut);
  aut.take(log_ready{"tea", 9, false}, now);
  CAF_CHECK(!aut.due());
  aut.take(link_lost{"reset", 1s}, now);
  CAF_CHECK(!aut.due());
  shows(aut, 6, "a\nb");
  CAF_CHECK(out.out.ends_with("] bob: a\n        b\n"));
  CAF_CHECK(!aut.result());
}

// -- rooms and who
// --------------------------------------------------------------------------------

CAF_TEST(rooms are lines or objects) {
  rooms_command aut{call(what::rooms), actors, out, tokens()};
  begin(aut);
  aut.take(rooms_known{"tea", {{"tea\x1b", 9, 2}}, {}}, now);
  CAF_CHECK_EQUAL(out.out, "tea\xe2\x90\x9b\t9\t2\n");
  CAF_CHECK(aut.result() == exit_ok);
  auto given = call(what::rooms);
  given.json = true;
  rooms_command json{given, actors, out, tokens()};
  begin(json);
  out.out.clear();
  json.take(rooms_known{"tea", {{"tea\"", 9, 2}}, {}}, now);
  CAF_CHECK_EQUAL(out.out, "{\"name\":\"tea\\\"\",\"head\":9,\"members\":2}\n");
}

CAF_TEST(who asks again after a loss) {
  who_command aut{call(what::who), actors, out, tokens()};
  begin(aut);
  aut.take(rooms_known{"tea", {{"tea", 9, 2}}, {}}, now);
  CAF_CHECK_EQUAL(actors.take(), "enter tea; ");
  aut.take(log_ready{"tea", 9, false}, now);
  CAF_CHECK_EQUAL(actors.take(), "names tea; ");
  aut.take(link_lost{"reset", 1s}, now);
  welcome(aut);
  aut.take(log_ready{"tea", 9, true}, now);
  CAF_CHECK_EQUAL(actors.take(), "names tea; ");
  signal(aut, wire::presence{"tea", {"carl"}, {}, 2});
  CAF_CHECK(!aut.result());
  signal(aut, wire::who_list{"tea", {"alice", "bob"}, 2});
  CAF_CHECK_EQUAL(out.out, "alice\nbob\n");
  CAF_CHECK(aut.result() == exit_ok);
}

// -- lines of stdin
// -------------------------------------------------------------------------------

CAF_TEST(bytes become lines however they are cut) {
  const std::string text = "one\r\ntwo\n\nlast";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    line_splitter lines{100};
    std::string found;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      lines.add(std::string_view{text}.substr(at, piece));
      while (auto line = lines.next())
        found += "<" + *line + ">";
    }
    CAF_CHECK_EQUAL(found, "<one><two><>");
    CAF_CHECK(!lines.empty());
    CAF_CHECK_EQUAL(lines.rest(), "last");
    CAF_CHECK(lines.empty());
  }
  line_splitter endless{10};
  endless.add("0123456789a");
  CAF_CHECK(!endless.next() && endless.overflows());
}

CAF_TEST(a time is found in a log by halving it) {
  auto call_of = call(what::tail);
  for (std::int64_t wanted = 0; wanted <= 101; ++wanted) { // Entry n is of the time n * 10.
    call_of.since_ms = wanted * 10 - 5;
    tail_command aut{call_of, actors, out, tokens()};
    begin(aut);
    aut.take(rooms_known{"tea", {{"tea", 100, 1}}, {}}, now);
    CAF_REQUIRE_EQUAL(actors.take(), "enter tea; ");
    aut.take(log_ready{"tea", 100, false}, now);
    int questions = 0;
    for (auto asked = actors.take(); asked.starts_with("look "); asked = actors.take()) {
      CAF_REQUIRE(++questions <= 7);
      const auto seq = actors.looked_after.value() + 1;
      aut.take(page_shown{"tea",
                          0,
                          seq - 1,
                          {{{seq, {"id-b", "bob"}, "c", "x", static_cast<std::int64_t>(seq) * 10}}},
                          true,
                          false},
               now);
      if (actors.asked.starts_with("leave"))
        break;
    }
    CAF_CHECK_EQUAL(actors.take(), "leave tea; enter tea; ");
    const auto first = static_cast<std::uint64_t>(std::max<std::int64_t>(wanted, 1));
    CAF_CHECK_EQUAL(actors.entered.number, first - 1);
    aut.take(log_ready{"tea", 100, true}, now); // A last word of the timeline that searched.
    CAF_CHECK(!aut.result());
    aut.take(log_ready{"tea", 100, false}, now);
    CAF_CHECK(aut.result() == exit_ok);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace command_suite
