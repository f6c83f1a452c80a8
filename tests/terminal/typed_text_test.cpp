// Whatever was typed on a full screen stays its author's: it is sent once, shown, or given back,
// whatever happens to its room, the connection or the name.
#define CAF_SUITE terminal_typed_text

#include "tests/terminal/screen_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace callboard;
using namespace callboard::client;

namespace typed_text_suite {

namespace {

struct fixture : screen_command_fixture {
  void lose() { comes(link_lost{"gone", std::chrono::milliseconds{4000}, 3}); }

  void signs_in_with_two() {
    start(call(invocation::what::chat), {"tea", "cake"});
    signs_in();
    comes(log_ready{"cake", 0, false});
  }

  void detach() {
    signs_in();
    for (seq_t seq = 501; seq <= 530; ++seq)
      shows(seq, "entry " + std::to_string(seq) + ".");
    press(key_code::first);
    std::vector<shown_entry> page;
    for (seq_t seq = 1; seq <= 200; ++seq)
      page.push_back({make_entry(seq, "entry " + std::to_string(seq) + "."), false, 0});
    comes(page_shown{"tea", 0, seq_t{0}, page, true, false});
    wishes();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(typed_text_tests, fixture)

CAF_TEST(a room with messages that are not stored is only left when asked twice) {
  signs_in_with_two();
  lose();
  types("precious");
  wishes();
  types("/leave");
  CAF_CHECK_EQUAL(wishes(), "");
  CAF_CHECK(has("precious") && has("/leave again"));
  types("/leave");
  CAF_CHECK_EQUAL(wishes(), "leave tea; ");
  CAF_CHECK(has("not confirmed in tea: precious"));
}

CAF_TEST(what was not stored in the last room comes back into the input) {
  signs_in();
  lose();
  types("precious");
  types("/leave");
  types("/leave");
  CAF_CHECK(has("alice> precious"));
}

CAF_TEST(a refused join takes no messages away) {
  signs_in_with_two();
  types("precious");
  wishes();
  comes(log_refused{"tea", errc::too_many_rooms});
  CAF_CHECK_EQUAL(wishes(), "");
  CAF_CHECK(has("precious \u2026") && has("/reconnect"));
}

CAF_TEST(a refused join leaves what is being typed in its room) {
  signs_in_with_two();
  types("for tea only", false);
  comes(log_refused{"tea", errc::too_many_rooms});
  press(key_code::enter);
  CAF_CHECK_EQUAL(wishes(), "say tea 1 for tea only; ");
}

CAF_TEST(a refused room without a text is closed and the draft of the next one comes up) {
  signs_in_with_two();
  press(key_code::alt, "2");
  types("for cake", false);
  press(key_code::alt, "1");
  comes(log_refused{"tea", errc::too_many_rooms});
  CAF_CHECK_EQUAL(wishes(), "typing cake; leave tea; ");
  CAF_CHECK(has("alice> for cake"));
}

CAF_TEST(leaving a room brings up the draft of the next one) {
  signs_in_with_two();
  press(key_code::alt, "2");
  types("for cake", false);
  press(key_code::alt, "1");
  types("/leave");
  CAF_CHECK(has("alice> for cake"));
}

CAF_TEST(notices are kept and told while the window is far from the end) {
  detach();
  types("/notify nonsense");
  CAF_CHECK(has("/notify takes off") || has("mentions while you look elsewhere"));
  press(key_code::end);
  std::vector<shown_entry> page;
  for (seq_t seq = 331; seq <= 530; ++seq)
    page.push_back({make_entry(seq, "entry " + std::to_string(seq) + "."), false, 0});
  comes(page_shown{"tea", 531, {}, page, true, false});
  CAF_CHECK(has("entry 530.") && has("/notify takes off"));
}

CAF_TEST(what is said far from the end is shown also when the end cannot be read) {
  detach();
  lose();
  types("precious");
  comes(page_shown{"tea", 531, {}, {}, true, true});
  CAF_CHECK(has("precious \u2026"));
  CAF_CHECK(has("newer messages are not loaded"));
}

CAF_TEST(half a message does not become the name) {
  signs_in();
  types("half a mess", false);
  comes(name_refused{"alice", errc::name_taken});
  CAF_CHECK(has("Username: ") && !has("half a mess"));
  types("carol");
  CAF_CHECK(wishes().find("hello carol; ") != std::string::npos);
  CAF_CHECK(has("> half a mess"));
}

CAF_TEST(rooms can be looked at while a name is asked for) {
  signs_in_with_two();
  types("for tea", false);
  comes(name_refused{"alice", errc::name_taken});
  types("ca", false);
  press(key_code::alt, "2");
  types("rol");
  CAF_CHECK(wishes().find("hello carol; ") != std::string::npos);
  press(key_code::alt, "1");
  CAF_CHECK(has("> for tea"));
}

CAF_TEST(quit is no name) {
  auto what = call(invocation::what::chat);
  what.name.clear();
  start(what, {"tea"});
  wishes();
  types("/who");
  CAF_CHECK(wishes().find("hello") == std::string::npos);
  press(key_code::control, "u");
  types("/quit");
  CAF_CHECK(aut->result() == 0);
}

CAF_TEST(walking in the history ends with the room) {
  signs_in_with_two();
  types("said before");
  types("for tea", false);
  press(key_code::up);
  press(key_code::alt, "2");
  press(key_code::down);
  CAF_CHECK(!has("alice> for tea"));
  press(key_code::alt, "1");
  CAF_CHECK(has("alice> for tea"));
}

CAF_TEST(giving up a search brings back what was typed) {
  signs_in();
  types("one");
  types("precious", false);
  press(key_code::control, "r");
  press(key_code::text, "on");
  CAF_CHECK(has("alice> one"));
  press(key_code::escape);
  CAF_CHECK(has("alice> precious"));
}

CAF_TEST(what is taken back for editing never replaces what is being typed) {
  signs_in_with_two();
  types("failed one");
  comes(own_failed{"tea", 1, "failed one", errc::too_long, "The text is too long."});
  types("precious", false);
  wishes();
  press(key_code::alt, "e");
  CAF_CHECK_EQUAL(wishes(), "");
  CAF_CHECK(has("alice> precious"));
  press(key_code::control, "u");
  press(key_code::alt, "e");
  types("other", false);
  press(key_code::alt, "2");
  types("for cake", false);
  comes(own_dropped{"tea", 1, "failed one", true});
  CAF_CHECK(has("alice> for cake"));
  press(key_code::alt, "1");
  CAF_CHECK(has("alice> other") && has("failed one"));
}

CAF_TEST(Esc drops a paste but never what was typed after it) {
  signs_in();
  press(key_code::paste, "a\nb");
  CAF_CHECK(has("Esc drops"));
  press(key_code::control, "_");
  types("precious", false);
  press(key_code::escape);
  CAF_CHECK(has("alice> precious"));
  press(key_code::control, "u");
  types("one");
  press(key_code::paste, "a\r\nb");
  press(key_code::up);
  press(key_code::up);
  CAF_CHECK(has("alice> one") && !has("Esc drops"));
}

CAF_TEST(Esc takes the paste away and leaves what was typed around it) {
  signs_in();
  types("before ", false);
  press(key_code::paste, "a\nb");
  types(" behind", false);
  press(key_code::escape);
  CAF_CHECK(has("alice> before  behind"));
}

CAF_TEST(C - p and C - n go by lines in a text of several) {
  signs_in();
  types("said");
  press(key_code::paste, "one\ntwo");
  press(key_code::control, "p");
  types("!", false);
  CAF_CHECK(has("alice> one!"));
  press(key_code::control, "n");
  types("?", false);
  CAF_CHECK(has("two?"));
  press(key_code::control, "p");
  press(key_code::control, "p");
  CAF_CHECK(has("alice> said"));
}

CAF_TEST(a paste that is too long is told) {
  signs_in();
  press(key_code::paste, std::string(200000, 'x'));
  CAF_CHECK(has("too long"));
}

CAF_TEST(several mentions at once call several times) {
  signs_in();
  press(key_code::focus_out);
  shown_entry one{make_entry(1, "alice: one"), false, 0};
  shown_entry two{make_entry(2, "alice: two"), false, 0};
  comes(entries_shown{"tea", {one, two}});
  CAF_CHECK_EQUAL(aut->take_bytes(),
                  "\033]9;bob in tea: alice: one\a\033]9;bob in tea: alice: two\a");
}

CAF_TEST(history goes back as many messages as it is told) {
  signs_in();
  for (seq_t seq = 1; seq <= 300; ++seq)
    shows(seq, "entry " + std::to_string(seq) + ".");
  types("/history 100");
  CAF_CHECK(has("entry 200.") && !has("entry 201."));
}

CAF_TEST(a long reason does not hide what is unread) {
  signs_in_with_two();
  shows(1, "news", "cake");
  comes(link_lost{std::string(90, 'y'), std::chrono::milliseconds{4000}, 3});
  CAF_CHECK(has("1 unread") && has("reconnecting in 4 s"));
}

CAF_TEST(a failure that the timeline has forgotten can still be dropped) {
  signs_in();
  types("failed one");
  comes(own_failed{"tea", 1, "failed one", errc::too_long, "The text is too long."});
  types("/drop");
  comes(own_dropped{"tea", 1, {}, false});
  CAF_CHECK(!has("failed one"));
}

CAF_TEST(the end tells that unconfirmed messages are kept) {
  signs_in();
  types("last words");
  CAF_REQUIRE(aut->leftovers().size() == 1);
  CAF_CHECK(aut->leftovers().front().find("outbox") != std::string::npos);
}

CAF_TEST(what was typed and not sent stands in its input when the process was killed) {
  signs_in_with_two();
  types("unsent in tea", false);
  press(key_code::alt, "2");
  types("unsent in cake", false);
  CAF_REQUIRE(aut->chores_due().has_value());
  CAF_CHECK(*aut->chores_due() <= now + std::chrono::seconds{1});
  now = *aut->chores_due();
  aut->do_chores(now);
  press(key_code::text, ", and more");
  start(call(invocation::what::chat), {"tea"});
  CAF_CHECK(has("alice> unsent in tea"));
  types("/leave nowhere", false);
  press(key_code::control, "u");
  types("/join cake");
  CAF_CHECK(has("alice> unsent in cake") && !has("and more"));
}

CAF_TEST(what was typed and not sent stands in its input after the end) {
  signs_in();
  types("precious", false);
  aut->save();
  CAF_CHECK(!aut->leftovers().empty()
            && aut->leftovers().back().find("again at the next start") != std::string::npos);
  auto what = call(invocation::what::chat);
  what.name.clear();
  start(what, {"tea"});
  CAF_CHECK(has("Username: ") && !has("precious"));
  types("carol");
  CAF_CHECK(has("> precious"));
}

CAF_TEST(a line of the history that is looked at is no draft) {
  signs_in();
  types("said before");
  types("half", false);
  press(key_code::up);
  CAF_CHECK(has("alice> said before"));
  aut->save();
  start(call(invocation::what::chat), {"tea"});
  CAF_CHECK(has("alice> half"));
  types("x");
  signs_in();
  press(key_code::control, "r");
  press(key_code::text, "said");
  CAF_CHECK(has("alice> said before"));
  aut->save();
  start(call(invocation::what::chat), {"tea"});
  CAF_CHECK(!has("alice> said before"));
}

CAF_TEST(what may be a secret is not written to disk) {
  signs_in();
  types(" hunter2", false);
  aut->save();
  CAF_CHECK(aut->leftovers().size() == 1);
  start(call(invocation::what::chat), {"tea"});
  CAF_CHECK(!has("hunter2"));
}

CAF_TEST(what went out right before a crash does not wait to be sent once more) {
  for (const bool is_stored : {false, true}) {
    signs_in();
    types("sent already", false);
    aut->save();
    press(key_code::enter);
    start(call(invocation::what::chat), {"tea"}); // Killed before the disk had heard of Enter.
    CAF_CHECK(has("alice> sent already"));
    signs_in();
    if (is_stored) {
      shown_entry what{make_entry(1, "sent already", "alice"), false, 0};
      what.what.from.id = "id-a";
      comes(entries_shown{"tea", {what}});
    } else {
      comes(own_restored{"tea", restored_tag + 1, "sent already"});
    }
    CAF_CHECK(!has("alice> sent already") && has("sent already"));
    start(call(invocation::what::chat), {"tea"});
    press(key_code::control, "u");
    aut->save();
    start(call(invocation::what::chat), {"tea"});
  }
}

CAF_TEST(what an earlier process wrote and the server refuses can be edited too) {
  signs_in();
  comes(own_restored{"tea", restored_tag + 1, "failed one"});
  comes(own_failed{"tea", restored_tag + 1, "failed one", errc::too_long, "The text is too long."});
  CAF_CHECK(has("failed one \u2717"));
  wishes();
  types("/retry");
  CAF_CHECK_EQUAL(wishes(), "retry tea 9223372036854775809; ");
  comes(
    own_failed{"cake", restored_tag + 1, "in no room", errc::too_long, "The text is too long."});
  CAF_CHECK(has("The text was: in no room")); // Nobody can be asked.
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace typed_text_suite
