// Nothing that passes can command a terminal, reorder a line or forge one (robustness.md 3.6).
#define CAF_SUITE client_visible_text

#include "client/visible_text.hpp"

#include "domain/unicode.hpp"
#include "domain/validate.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <random>
#include <vector>

using namespace callboard;
using namespace callboard::client;

namespace visible_text_suite {

namespace {

constexpr std::string_view indent = "        ";

void append_utf8(std::string& out, char32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0U | (point >> 6U));
    out += static_cast<char>(0x80U | (point & 0x3FU));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0U | (point >> 12U));
    out += static_cast<char>(0x80U | ((point >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (point & 0x3FU));
  } else {
    out += static_cast<char>(0xF0U | (point >> 18U));
    out += static_cast<char>(0x80U | ((point >> 12U) & 0x3FU));
    out += static_cast<char>(0x80U | ((point >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (point & 0x3FU));
  }
}

bool is_joiner(char32_t point) {
  return point == 0x200C || point == 0x200D || point == 0xFE0E || point == 0xFE0F;
}

/// True when a terminal may get it: well-formed, no control, nothing that hides or reorders; in
/// texts also line ends, each followed by the indent, and the four joiners.
bool harmless(std::string_view shown, bool text) {
  if (!is_utf8(shown))
    return false;
  while (!shown.empty()) {
    const auto point = take_code_point(shown);
    if (!point)
      return false;
    if (text && *point == '\n') {
      if (!shown.starts_with(indent))
        return false;
    } else if (!(text && is_joiner(*point)) && (is_control(*point) || is_invisible(*point))) {
      return false;
    }
  }
  return true;
}

void check(const std::string& hostile) {
  CAF_CHECK(harmless(visible_line(hostile), false));
  CAF_CHECK(harmless(visible_text(hostile, indent), true));
}

} // namespace

CAF_TEST(no code point from U + 0000 to U + 00A0 commands a terminal) {
  for (char32_t point = 0; point <= 0xA0; ++point) {
    std::string text = "a";
    append_utf8(text, point);
    text += "b";
    check(text);
    check(std::string{static_cast<char>(point)} + "x"); // The same as a bare byte.
    CAF_CHECK(visible_line(text).starts_with('a') && visible_line(text).ends_with('b'));
  }
}

CAF_TEST(known attacks come out as text) {
  const std::array<std::string, 22> attacks{"\x1b]0;PWNED\x07",
                                            "\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
                                            "\x1b]52;c;ZXZpbA==\x07",
                                            "\x1b]10;?\x07",
                                            "\x1b]4;1;?\x07",
                                            "\x1bP$q\"p\x1b\\",
                                            "\x1b[6n",
                                            "\x1b[c",
                                            "\x1b[21t",
                                            "\x1b[2J\x1b[3J",
                                            "\x1b[?1049h",
                                            "\x1b[?1000h",
                                            "\x1b[?2004l",
                                            "\x1b"
                                            "c",
                                            "\xc2\x9b"
                                            "31m",
                                            "\xc2\x9d"
                                            "0;x\xc2\x9c",
                                            "\x9b"
                                            "2J",
                                            "\x1b[1A\x1b[2K[12:00] bob: yes",
                                            "\xe2\x80\xae"
                                            "evil",
                                            "\xe2\x81\xa6"
                                            "x\xe2\x81\xa9",
                                            "a\xe2\x80\x8b"
                                            "b",
                                            "\xf3\xa0\x80\xa1"};
  for (const auto& attack : attacks)
    check(attack);
  CAF_CHECK_EQUAL(visible_line("\x1b[2J"), "\xe2\x90\x9b[2J");
  CAF_CHECK_EQUAL(visible_line("\xc2\x9b"
                               "31m"),
                  "\\u{9b}31m");
  CAF_CHECK_EQUAL(visible_line("\xe2\x80\xae"
                               "x"),
                  "\\u{202e}x");
  CAF_CHECK_EQUAL(visible_line("\x7f"), "\xe2\x90\xa1");
  CAF_CHECK_EQUAL(visible_line("a\xffz"), "a\xef\xbf\xbdz");
}

CAF_TEST(a message cannot forge another line) {
  CAF_CHECK_EQUAL(visible_text("hi\n[12:00] bob: yes", indent), "hi\n        [12:00] bob: yes");
  CAF_CHECK_EQUAL(visible_text("hi\r\nyou", indent), "hi\n        you");
  CAF_CHECK_EQUAL(visible_text("hi\r[12:00] bob: yes", indent), "hi\xe2\x90\x8d[12:00] bob: yes");
  CAF_CHECK_EQUAL(visible_line("a\nb"), "a\xe2\x90\x8a"
                                        "b");
  check("x\xe2\x80\xa8[12:00] bob: yes");
  check("x\xc2\x85[12:00] bob: yes");
}

CAF_TEST(ordinary text of any language is not touched) {
  for (const std::string text :
       {"hello", "\xc3\xa4\xc3\xb6\xc3\xbc", "\xe4\xbd\xa0\xe5\xa5\xbd", "\xf0\x9f\x98\x80",
        "e\xcc\x81", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", // Hebrew is ordered by the terminal.
        "\xe2\x9d\xa4\xef\xb8\x8f", // A red heart, with its variation selector.
        "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"}) // A family, with its joiner.
    CAF_CHECK_EQUAL(visible_text(text, indent), text);
  CAF_CHECK_EQUAL(visible_text("a\tb", indent), "a    b");
}

CAF_TEST(joiners and marks do not pile up) {
  CAF_CHECK_EQUAL(visible_text("a\xe2\x80\x8d\xe2\x80\x8d\xe2\x80\x8d"
                               "b",
                               indent),
                  "a\xe2\x80\x8d"
                  "b");
  std::string zalgo = "a";
  for (int i = 0; i < 1000; ++i)
    zalgo += "\xcc\x81";
  CAF_CHECK(visible_text(zalgo, indent).size() <= 1 + 8 * 2);
}

CAF_TEST(ten thousand random mixes are harmless) {
  std::mt19937 random{20261123};
  const std::vector<std::string> pieces{"\x1b",
                                        "[",
                                        "]",
                                        "\x07",
                                        "\\",
                                        "\x9b",
                                        "\xc2\x9b",
                                        "\xc2\x90",
                                        "\x9c",
                                        "31m",
                                        "2J",
                                        "\r",
                                        "\n",
                                        "\t",
                                        "\xe2\x80",
                                        "\xe2",
                                        "\x80",
                                        "\xae",
                                        "\xe2\x80\xae",
                                        "\xe2\x81\xa7",
                                        "\xef\xbb\xbf",
                                        "\xf0\x9f",
                                        "\x98\x80",
                                        "a",
                                        "\xc3",
                                        "\xa4",
                                        "\xcc\x81",
                                        "\xe2\x80\x8d",
                                        std::string(1, '\0'),
                                        "\xf3\xa0\x81\xbf",
                                        "\xed\xa0\x80",
                                        "\xc0\x9b",
                                        "\x7f"};
  for (int round = 0; round < 10000; ++round) {
    std::string text;
    for (auto length = random() % 40; length > 0; --length) {
      if (random() % 4 == 0)
        text += static_cast<char>(random() & 0xFFU);
      else if (random() % 8 == 0)
        append_utf8(text, static_cast<char32_t>(random() % 0xD800U));
      else
        text += pieces[random() % pieces.size()];
    }
    CAF_REQUIRE(harmless(visible_line(text), false));
    CAF_REQUIRE(harmless(visible_text(text, indent), true));
  }
}

} // namespace visible_text_suite
