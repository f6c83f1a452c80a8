// Each key of ux.md 1.1 has its test (goal 5.2.3); the caret never splits a character (5.2.5).
#define CAF_SUITE terminal_editor

#include "tests/terminal/fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>

using namespace callboard::client;

namespace editor_suite {

CAF_TEST_FIXTURE_SCOPE(editor_tests, screen_fixture)

CAF_TEST(C - a and C - e go to the ends of the line) {
  editor aut;
  type(aut, "one two");
  control(aut, "a");
  CAF_CHECK_EQUAL(shown(aut), "|one two");
  control(aut, "e");
  CAF_CHECK_EQUAL(shown(aut), "one two|");
  aut.press({key_code::home, {}});
  CAF_CHECK_EQUAL(shown(aut), "|one two");
  aut.press({key_code::end, {}});
  CAF_CHECK_EQUAL(shown(aut), "one two|");
}

CAF_TEST(C - b and C - f go by one character) {
  editor aut;
  type(aut, "ab");
  control(aut, "b");
  CAF_CHECK_EQUAL(shown(aut), "a|b");
  control(aut, "bb");
  CAF_CHECK_EQUAL(shown(aut), "|ab");
  control(aut, "f");
  CAF_CHECK_EQUAL(shown(aut), "a|b");
}

CAF_TEST(C - d and C - h delete on the two sides) {
  editor aut;
  type(aut, "abc");
  control(aut, "bd");
  CAF_CHECK_EQUAL(shown(aut), "ab|");
  control(aut, "h");
  CAF_CHECK_EQUAL(shown(aut), "a|");
  aut.press({key_code::backspace, {}});
  aut.press({key_code::backspace, {}});
  CAF_CHECK_EQUAL(shown(aut), "|");
}

CAF_TEST(C - k and C - u kill to the ends of the line and C - y brings it back) {
  editor aut;
  type(aut, "one two");
  control(aut, "bbbk");
  CAF_CHECK_EQUAL(shown(aut), "one |");
  control(aut, "u");
  CAF_CHECK_EQUAL(shown(aut), "|");
  control(aut, "y");
  CAF_CHECK_EQUAL(shown(aut), "one two|");
}

CAF_TEST(C - w kills the word before and kills in a row are one piece) {
  editor aut;
  type(aut, "one two-three  ");
  control(aut, "w");
  CAF_CHECK_EQUAL(shown(aut), "one |");
  control(aut, "w");
  CAF_CHECK_EQUAL(shown(aut), "|");
  control(aut, "y");
  CAF_CHECK_EQUAL(shown(aut), "one two-three  |");
}

CAF_TEST(kills forward in a row come back in their order) {
  editor aut;
  aut.press({key_code::paste, "one\ntwo"});
  control(aut, "a");
  aut.press({key_code::up, {}});
  control(aut, "kk");
  CAF_CHECK_EQUAL(shown(aut), "|two");
  control(aut, "y");
  CAF_CHECK_EQUAL(shown(aut), "one\n|two");
}

CAF_TEST(M - y takes older pieces) {
  editor aut;
  type(aut, "one");
  control(aut, "w");
  type(aut, "two");
  control(aut, "w");
  control(aut, "y");
  CAF_CHECK_EQUAL(shown(aut), "two|");
  alt(aut, "y");
  CAF_CHECK_EQUAL(shown(aut), "one|");
  alt(aut, "y");
  CAF_CHECK_EQUAL(shown(aut), "two|");
}

CAF_TEST(C - t exchanges two characters) {
  editor aut;
  type(aut, "acb");
  control(aut, "t");
  CAF_CHECK_EQUAL(shown(aut), "abc|");
  control(aut, "at");
  CAF_CHECK_EQUAL(shown(aut), "|abc");
  control(aut, "ft");
  CAF_CHECK_EQUAL(shown(aut), "ba|c");
}

CAF_TEST(M - b and M - f go by words and M - d kills one) {
  editor aut;
  type(aut, "one, two");
  alt(aut, "b");
  CAF_CHECK_EQUAL(shown(aut), "one, |two");
  aut.press({key_code::word_left, {}});
  CAF_CHECK_EQUAL(shown(aut), "|one, two");
  alt(aut, "f");
  CAF_CHECK_EQUAL(shown(aut), "one|, two");
  alt(aut, "d");
  CAF_CHECK_EQUAL(shown(aut), "one|");
  alt(aut, "\x7F");
  CAF_CHECK_EQUAL(shown(aut), "|");
}

CAF_TEST(undo takes back one deed and a run of typing at once) {
  editor aut;
  type(aut, "one two");
  control(aut, "w");
  type(aut, "xy");
  control(aut, "_");
  CAF_CHECK_EQUAL(shown(aut), "one |");
  control(aut, "_");
  CAF_CHECK_EQUAL(shown(aut), "one two|");
  control(aut, "__");
  CAF_CHECK_EQUAL(shown(aut), "|");
}

CAF_TEST(lines are broken and walked in) {
  editor aut;
  type(aut, "first");
  aut.press({key_code::line_break, {}});
  type(aut, "se");
  CAF_CHECK(!aut.on_first_line());
  CAF_CHECK(aut.press({key_code::up, {}}));
  CAF_CHECK_EQUAL(shown(aut), "fi|rst\nse");
  CAF_CHECK(!aut.press({key_code::up, {}}));
  control(aut, "e");
  aut.press({key_code::down, {}});
  CAF_CHECK_EQUAL(shown(aut), "first\nse|");
  control(aut, "u");
  CAF_CHECK_EQUAL(shown(aut), "first\n|");
}

CAF_TEST(a paste is one text with plain line ends) {
  editor aut;
  aut.press({key_code::paste, "l1\r\nl2\rl3\xFF"});
  CAF_CHECK_EQUAL(aut.text(), "l1\nl2\nl3\xEF\xBF\xBD");
  control(aut, "_");
  CAF_CHECK(aut.empty());
}

CAF_TEST(the caret never stands inside a character) {
  editor aut;
  // A family of three, e with an acute accent of its own, a flag.
  aut.press({key_code::text, "\U0001F468\u200D\U0001F469\u200D\U0001F467"});
  aut.press({key_code::text, "e\u0301"});
  aut.press({key_code::text, "\U0001F1E9\U0001F1EA"});
  const auto whole = aut.text();
  control(aut, "b");
  control(aut, "h");
  CAF_CHECK_EQUAL(aut.text(), "\U0001F468\u200D\U0001F469\u200D\U0001F467\U0001F1E9\U0001F1EA");
  control(aut, "h");
  CAF_CHECK_EQUAL(aut.text(), "\U0001F1E9\U0001F1EA");
  control(aut, "__");
  CAF_CHECK_EQUAL(aut.text(), whole);
}

CAF_TEST(words of any length cost one walk) {
  editor aut;
  aut.press({key_code::paste, std::string(50000, 'x')});
  const auto begin = std::chrono::steady_clock::now();
  alt(aut, "b");
  CAF_CHECK_EQUAL(aut.caret(), 0U);
  control(aut, "ew");
  CAF_CHECK(aut.empty());
  CAF_CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{2});
}

CAF_TEST(no way leads to a text without bound) {
  editor aut;
  aut.press({key_code::paste, std::string(100000, 'x')});
  control(aut, "u");
  control(aut, "y");
  CAF_CHECK(!aut.take_refusal());
  control(aut, "y");
  CAF_CHECK(aut.take_refusal());
  CAF_CHECK_EQUAL(aut.text().size(), 100000U);
}

CAF_TEST(replacing what is no longer there replaces what is) {
  editor aut;
  type(aut, "ab");
  aut.replace(1, 9, "x");
  CAF_CHECK_EQUAL(shown(aut), "ax|");
  aut.replace(7, 9, "y");
  CAF_CHECK_EQUAL(shown(aut), "axy|");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace editor_suite
