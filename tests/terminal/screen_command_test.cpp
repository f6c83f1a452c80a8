// The full-screen client without a terminal and without actors: keys and events in, pictures and
// wishes out.
#define CAF_SUITE terminal_screen_command

#include "tests/terminal/screen_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::client;

namespace screen_command_suite {

namespace {

using fixture = screen_command_fixture;

} // namespace

CAF_TEST_FIXTURE_SCOPE(screen_command_tests, fixture)

CAF_TEST(what is said is pending and then stored and shown once) {
  signs_in();
  types("hello");
  CAF_CHECK_EQUAL(wishes(), "say tea 1 hello; ");
  CAF_CHECK(has("hello \u2026"));
  comes(own_stored{"tea", 1, "c", 1});
  CAF_CHECK(has("hello \u2713"));
  shows(1, "hello", "tea", 1);
  const auto text = picture();
  CAF_CHECK(text.find("hello") == text.rfind("hello"));
}

CAF_TEST(what failed can be retried or edited or dropped) {
  signs_in();
  types("hello");
  wishes();
  comes(own_failed{"tea", 1, "hello", errc::too_long, "The text is too long."});
  CAF_CHECK(has("not stored: The text is too long."));
  press(key_code::alt, "r");
  CAF_CHECK_EQUAL(wishes(), "retry tea 1; ");
  CAF_CHECK(has("hello \u2026"));
  comes(own_failed{"tea", 1, "hello", errc::too_long, "The text is too long."});
  types("/edit");
  CAF_CHECK_EQUAL(wishes(), "drop tea 1; ");
  comes(own_dropped{"tea", 1, "hello", true});
  CAF_CHECK(!has("not stored"));
  CAF_CHECK(has("alice> hello"));
}

CAF_TEST(a slip in a command is kept to be mended and not sent) {
  signs_in();
  types("/jion cake");
  CAF_CHECK_EQUAL(wishes(), "");
  CAF_CHECK(has("did you mean /join?"));
  CAF_CHECK(has("alice> /jion cake"));
}

CAF_TEST(each room keeps what was typed in it) {
  signs_in();
  types("half", false);
  aut->press({key_code::alt, "a"}, now);
  CAF_CHECK(has("everything is read"));
  press(key_code::control, "u");
  types("/join cake");
  CAF_CHECK_EQUAL(wishes(), "enter cake; ");
  types("in cake", false);
  press(key_code::alt, "1");
  CAF_CHECK(!has("in cake"));
  press(key_code::alt, "2");
  CAF_CHECK(has("alice> in cake"));
}

CAF_TEST(looking through the list of rooms reads nothing) {
  start(call(invocation::what::chat), {"tea", "cake"});
  signs_in();
  comes(log_ready{"cake", 0, false});
  shows(1, "news", "cake");
  CAF_CHECK(has("1 unread"));
  press(key_code::alt_down);
  CAF_CHECK(has("1 unread"));
  press(key_code::enter);
  CAF_CHECK(!has("unread"));
  CAF_CHECK(has("news"));
}

CAF_TEST(a mention calls only who looks elsewhere) {
  signs_in();
  press(key_code::focus_in);
  shows(1, "alice: one");
  CAF_CHECK_EQUAL(aut->take_bytes(), "");
  press(key_code::focus_out);
  shows(2, "no name in it");
  CAF_CHECK_EQUAL(aut->take_bytes(), "");
  shows(3, "alice: two");
  CAF_CHECK_EQUAL(aut->take_bytes(), "\033]9;bob in tea: alice: two\a");
  CAF_CHECK(has("2 unread"));
  press(key_code::focus_in);
  CAF_CHECK(!has("unread"));
}

CAF_TEST(the status bar counts down and tells the measured way) {
  signs_in();
  comes(link_pulse{std::chrono::microseconds{2300}});
  CAF_CHECK(has("online 2.3 ms"));
  comes(link_lost{"gone", std::chrono::milliseconds{4000}, 3});
  CAF_CHECK(has("reconnecting in 4 s (try 3) /reconnect: gone"));
  CAF_REQUIRE(aut->next_picture(now).has_value());
  now += std::chrono::seconds{1};
  CAF_CHECK(has("reconnecting in 3 s"));
  types("/reconnect");
  CAF_CHECK_EQUAL(wishes(), "reconnect; ");
}

CAF_TEST(who types is told for some seconds) {
  signs_in();
  signal(*aut, wire::typing_notice{"tea", "bob"});
  aut->note(
    signal_shown{"tea", std::make_shared<const client::signal>(wire::typing_notice{"tea", "bob"})},
    now);
  CAF_CHECK(has("bob types"));
  now += std::chrono::seconds{7};
  CAF_CHECK(!has("bob types"));
  CAF_CHECK(!aut->next_picture(now));
}

CAF_TEST(a goodbye waits until all is stored) {
  signs_in();
  types("last words");
  types("/quit");
  CAF_CHECK(!aut->result());
  CAF_CHECK_EQUAL(aut->leftovers().size(), 1U);
  comes(own_stored{"tea", 1, "c", 1});
  CAF_CHECK(aut->result() == 0);
  CAF_CHECK(aut->leftovers().empty());
}

CAF_TEST(a second look at the end asks for what the window lacks) {
  signs_in();
  for (seq_t seq = 501; seq <= 530; ++seq)
    shows(seq, "entry");
  press(key_code::page_up);
  CAF_CHECK_EQUAL(wishes(), "look tea 501 200; ");
  comes(page_shown{"tea", 501, {}, {}, false, true});
  press(key_code::page_up);
  CAF_CHECK_EQUAL(wishes(), "look tea 501 200; ");
}

CAF_TEST(what was read is remembered by the next process and moves only under eyes) {
  const auto read_up_to = [this](seq_t first, seq_t last) {
    for (auto seq = first; seq <= last; ++seq)
      shows(seq, "entry " + std::to_string(seq) + ".");
  };
  const auto restart = [this] {
    aut->save();
    start(call(invocation::what::chat), {"tea"});
  };
  const auto welcome = [this](seq_t last) {
    comes(link_welcome{std::make_shared<const wire::welcome>(
      wire::welcome{{"id-a", "alice"}, "t1", "test", {}, 25})});
    for (seq_t seq = 1; seq <= last; ++seq)
      shows(seq, "entry " + std::to_string(seq) + ".");
    comes(log_ready{"tea", last, false, "e1"});
  };
  welcome(3);
  CAF_CHECK(!has(" new ")); // Nobody was here before: it is no news.
  CAF_REQUIRE(aut->chores_due().has_value());
  now = *aut->chores_due();
  aut->do_chores(now);
  CAF_CHECK(!aut->chores_due()); // Nothing to write: nothing to wake up for.
  press(key_code::focus_out);
  read_up_to(4, 5);
  restart();
  press(key_code::focus_out);
  welcome(6);
  CAF_CHECK(has(" 3 new ") && has("3 unread"));
  restart();
  welcome(6); // Without a report of focus, somebody who starts it looks.
  CAF_CHECK(has(" 3 new ") && !has("unread"));
  press(key_code::page_up);
  for (seq_t seq = 7; seq <= 40; ++seq)
    shows(seq, "entry " + std::to_string(seq) + ".");
  press(key_code::page_up);
  shows(41, "entry 41.");
  CAF_CHECK(has("1 new"));
  restart();
  welcome(41);
  CAF_CHECK(has(" 1 new "));
  restart();
  welcome(41);
  CAF_CHECK(!has(" new "));
}

CAF_TEST(marks of another log under the same name say nothing) {
  comes(link_welcome{
    std::make_shared<const wire::welcome>(wire::welcome{{"id-a", "alice"}, "t1", "test", {}, 25})});
  shows(1, "old");
  comes(log_ready{"tea", 1, false, "e1"});
  comes(log_reset{"tea"});
  shows(1, "other");
  shows(2, "another");
  comes(log_ready{"tea", 2, true, "e2"});
  CAF_CHECK(!has(" new ") && !has("unread"));
  shows(3, "news");
  CAF_CHECK(!has("unread"));
}

CAF_TEST(what the same author says elsewhere is shown as own and never unread) {
  signs_in();
  press(key_code::focus_out);
  shown_entry what{make_entry(1, "from my phone", "alice"), false, 0};
  what.what.from.id = "id-a";
  comes(entries_shown{"tea", {what}});
  CAF_CHECK(has("from my phone \u2713") && !has("unread"));
}

CAF_TEST(C - Home goes to the very beginning and End comes back) {
  signs_in();
  for (seq_t seq = 501; seq <= 530; ++seq)
    shows(seq, "entry " + std::to_string(seq) + ".");
  press(key_code::first);
  CAF_CHECK_EQUAL(wishes(), "look tea after 0 200; ");
  CAF_CHECK(has("entry 530.")); // Until it is here, nothing is lost.
  std::vector<shown_entry> page;
  for (seq_t seq = 1; seq <= 200; ++seq)
    page.push_back({make_entry(seq, "entry " + std::to_string(seq) + "."), false, 0});
  comes(page_shown{"tea", 0, seq_t{0}, page, true, false});
  CAF_CHECK(has("entry 1.") && !has("entry 200."));
  press(key_code::end);
  CAF_CHECK_EQUAL(wishes(), "look tea 531 200; ");
  comes(page_shown{"tea", 531, {}, {}, true, true});
  CAF_CHECK(has("cannot be read now") && has("entry 1."));
}

CAF_TEST(a name is asked for in the input) {
  auto what = call(invocation::what::chat);
  what.name.clear();
  start(what, {"tea"});
  CAF_CHECK(has("Username: "));
  types("carol");
  CAF_CHECK(wishes().find("hello carol; ") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace screen_command_suite
