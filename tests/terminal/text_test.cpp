// Widths, wrapping and rows: nothing vanishes and no row is too wide (goals 5.2.1 and 5.2.5).
#define CAF_SUITE terminal_text

#include "client/screen/frame.hpp"
#include "client/screen/input_area.hpp"
#include "client/screen/notification.hpp"
#include "client/screen/text_width.hpp"
#include "client/screen/wrapping.hpp"
#include "tests/terminal/fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard::client;

namespace text_suite {

namespace {

std::string drawn(std::string_view text) {
  std::string out;
  while (!text.empty())
    append_drawn(out, take_glyph(text));
  return out;
}

std::string joined(const std::vector<std::string_view>& lines) {
  std::string text;
  for (const auto line : lines)
    text.append(line).append("|");
  return text;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(text_tests, screen_fixture)

CAF_TEST(widths are those of terminals) {
  CAF_CHECK_EQUAL(columns_of("abc"), 3);
  CAF_CHECK_EQUAL(columns_of("\u4F60\u597D\U0001F600\u00E9"), 7);
  CAF_CHECK_EQUAL(columns_of("e\u0301"), 1);
  CAF_CHECK_EQUAL(columns_of("\u2764\uFE0F"), 1);
  CAF_CHECK_EQUAL(columns_of("\U0001F468\u200D\U0001F469\u200D\U0001F467"), 6);
}

CAF_TEST(what libc does not know is shown as a box of its width) {
  CAF_CHECK_EQUAL(columns_of("\U0001FAE8"), 2);
  CAF_CHECK_EQUAL(drawn("\U0001FAE8"), "\u25A1 ");
  CAF_CHECK_EQUAL(drawn("\u0301"), "\u25CC\u0301");
  CAF_CHECK_EQUAL(drawn("\uFE0F"), "\u25A1");
  CAF_CHECK_EQUAL(drawn("a\xFFz"), "a\uFFFDz");
}

CAF_TEST(joiners that terminals disagree about are not drawn) {
  CAF_CHECK_EQUAL(drawn("\u2764\uFE0F"), "\u2764");
  CAF_CHECK_EQUAL(drawn("\U0001F468\u200D\U0001F467"), "\U0001F468\U0001F467");
  CAF_CHECK_EQUAL(drawn("a\u200Db\u200Cc"), "abc");
  CAF_CHECK_EQUAL(drawn("\u200D"), "\u25A1");
}

CAF_TEST(a text is cut with an ellipsis) {
  CAF_CHECK_EQUAL(fitted("abc", 3), "abc");
  CAF_CHECK_EQUAL(fitted("abcd", 3), "ab\u2026");
  CAF_CHECK_EQUAL(fitted("\u4F60\u597D", 3), "\u4F60\u2026");
  CAF_CHECK_EQUAL(fitted("abc", 0), "");
}

CAF_TEST(names are found as words in any case) {
  CAF_CHECK(mentions("hello ADA!", "ada"));
  CAF_CHECK(mentions("\u00C4NNE: hi", "\u00E4nne"));
  CAF_CHECK(!mentions("adapter", "ada"));
  CAF_CHECK(!mentions("anything", ""));
}

CAF_TEST(lines break at spaces or else inside words and keep their breaks) {
  CAF_CHECK_EQUAL(joined(wrapped("one two three", 8)), "one two |three|");
  CAF_CHECK_EQUAL(joined(wrapped("one two", 3)), "one|two|");
  CAF_CHECK_EQUAL(joined(wrapped("abcdefgh", 3)), "abc|def|gh|");
  CAF_CHECK_EQUAL(joined(wrapped("a\n\nb", 5)), "a||b|");
  CAF_CHECK_EQUAL(joined(wrapped("", 5)), "|");
  CAF_CHECK_EQUAL(joined(wrapped("\u4F60\u597D\u4F60", 5)), "\u4F60\u597D|\u4F60|");
  CAF_CHECK_EQUAL(joined(wrapped("\u4F60", 1)), "\u4F60|");
}

CAF_TEST(a row makes harmless what it is given and is never too wide) {
  row aut{6};
  aut.add("\x1b[2J\x07").add("more than fits");
  CAF_CHECK_EQUAL(aut.text(), "\u241B[2J\u2407m");
  CAF_CHECK_EQUAL(aut.used(), 6);
  row wide{3};
  wide.add("a\u4F60\u597D");
  CAF_CHECK_EQUAL(wide.text(), "a\u4F60");
}

CAF_TEST(the caret is where the text says) {
  editor input;
  input.press({key_code::text, "\u4F60\u597D\U0001F600\u00E9"});
  auto area = painted_input(input, "> ", 40, 5);
  CAF_CHECK_EQUAL(area.caret_column, 9);
  control(input, "bb");
  CAF_CHECK_EQUAL(painted_input(input, "> ", 40, 5).caret_column, 6);
  control(input, "e");
  area = painted_input(input, "> ", 8, 5);
  CAF_CHECK_EQUAL(area.rows.size(), 2U);
  CAF_CHECK_EQUAL(area.caret_row, 1);
  CAF_CHECK_EQUAL(area.caret_column, 5);
}

CAF_TEST(a long input shows the part around the caret) {
  editor input;
  input.press({key_code::paste, "1\n2\n3\n4\n5"});
  auto area = painted_input(input, "> ", 20, 2);
  CAF_REQUIRE_EQUAL(area.rows.size(), 2U);
  CAF_CHECK_EQUAL(area.rows[1].text(), "  5");
  CAF_CHECK_EQUAL(area.caret_row, 1);
}

CAF_TEST(notifications are exactly these bytes and hold nothing else) {
  CAF_CHECK_EQUAL(notification_bytes(notification::off, "a", "b"), "");
  CAF_CHECK_EQUAL(notification_bytes(notification::bell, "a", "b"), "\a");
  CAF_CHECK_EQUAL(notification_bytes(notification::osc9, "a", "b"), "\033]9;a: b\a");
  CAF_CHECK_EQUAL(notification_bytes(notification::osc99, "a", "b"), "\033]99;;a: b\033\\");
  CAF_CHECK_EQUAL(notification_bytes(notification::osc777, "a;x", "b\a\033["),
                  "\033]777;notify;a,x;b\u2407\u241B[\a");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace text_suite
