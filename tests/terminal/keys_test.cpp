// From what a terminal sends to keys: nothing of a sequence lands in the text, wherever the line
// breaks it, and a paste has an end.
#define CAF_SUITE terminal_keys

#include "client/screen/key_reader.hpp"

#include <caf/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace callboard::client;

namespace keys_suite {

namespace {

struct fixture {
  key_reader aut;

  /// Bytes that come one after the other; `|` is a moment in which nothing comes.
  std::vector<key> reads(std::string_view bytes) {
    std::vector<key> keys;
    for (const char c : bytes)
      if (c == '|')
        aut.pause(keys);
      else
        aut.take(static_cast<unsigned char>(c), keys);
    aut.pause(keys);
    return keys;
  }

  /// What of it is text.
  std::string text_of(std::string_view bytes) {
    std::string text;
    for (const auto& one : reads(bytes))
      if (one.code == key_code::text)
        text += one.text;
    return text;
  }
};

key text(std::string what) {
  return {key_code::text, std::move(what)};
}

using keys = std::vector<key>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(keys_tests, fixture)

CAF_TEST(letters and controls and Alt are keys) {
  CAF_CHECK(reads("a") == keys{text("a")});
  CAF_CHECK(reads("\x01\x1f") == (keys{{key_code::control, "a"}, {key_code::control, "_"}}));
  CAF_CHECK(reads("\r\n\t\x7f")
            == (keys{{key_code::enter, {}},
                     {key_code::line_break, {}},
                     {key_code::tab, {}},
                     {key_code::backspace, {}}}));
  CAF_CHECK(reads("\033a") == (keys{{key_code::alt, "a"}}));
  CAF_CHECK(reads("\033\r") == (keys{{key_code::line_break, {}}}));
  CAF_CHECK(reads("\033<\033>") == (keys{{key_code::first, {}}, {key_code::last, {}}}));
  std::vector<key> wide;
  aut.take(U'\U0001F600', wide);
  aut.take(U'\u4F60', wide);
  aut.take(U'\u00E9', wide);
  CAF_CHECK(wide == (keys{text("\U0001F600"), text("\u4F60"), text("\u00E9")}));
}

CAF_TEST(an Esc with nothing behind it is the key Esc) {
  CAF_CHECK(reads("\033") == (keys{{key_code::escape, {}}}));
  CAF_CHECK(reads("\033|a") == (keys{{key_code::escape, {}}, text("a")}));
  CAF_CHECK(reads("\033\033") == (keys{{key_code::escape, {}}, {key_code::escape, {}}}));
}

CAF_TEST(Esc before a known key is Alt with it) {
  const auto known = [this](key_code code) {
    std::vector<key> found;
    aut.take(char32_t{0x1B}, found);
    aut.take(code, found);
    aut.pause(found);
    return found;
  };
  CAF_CHECK(known(key_code::up) == (keys{{key_code::alt_up, {}}}));
  CAF_CHECK(known(key_code::down) == (keys{{key_code::alt_down, {}}}));
  CAF_CHECK(known(key_code::backspace) == (keys{{key_code::alt, "\x7F"}}));
  CAF_CHECK(known(key_code::enter) == (keys{{key_code::line_break, {}}}));
  CAF_CHECK(known(key_code::page_up) == (keys{{key_code::page_up, {}}}));
}

CAF_TEST(a sequence that nobody knows leaves no letters behind) {
  CAF_CHECK_EQUAL(text_of("a\033[1;2Pb"), "ab");
  CAF_CHECK_EQUAL(text_of("a\033[27;5;13~b"), "ab");
  CAF_CHECK_EQUAL(text_of("a\033[?62;4cb"), "ab"); // A terminal that tells what it is.
  CAF_CHECK_EQUAL(text_of("a\033[1;|2Pb"), "ab");  // On a slow line.
  CAF_CHECK_EQUAL(text_of("a\033O2Pb"), "ab");
}

CAF_TEST(a sequence that is broken off takes nothing along) {
  CAF_CHECK_EQUAL(text_of("\033[|b"), "b");
  CAF_CHECK_EQUAL(text_of("\033O|b"), "b");
  CAF_CHECK(reads("\033[1\r") == (keys{{key_code::enter, {}}}));
  CAF_CHECK_EQUAL(text_of("\033[" + std::string(500, '1') + "~"), std::string(435, '1') + "~");
}

CAF_TEST(the number pad is numbers) {
  CAF_CHECK_EQUAL(text_of("\033Op\033Oy\033Ok\033On"), "09+.");
  CAF_CHECK(reads("\033OM") == (keys{{key_code::enter, {}}}));
}

CAF_TEST(a paste is one key whatever is in it) {
  std::vector<key> found;
  aut.begin_paste();
  for (const char c : std::string_view{"a\r\033b\t"})
    aut.take(static_cast<unsigned char>(c), found);
  aut.take(key_code::up, found);
  aut.pause(found);
  CAF_CHECK(found.empty());
  aut.end_paste(found);
  CAF_CHECK(found == (keys{{key_code::paste, "a\r\033b\t"}}));
  CAF_CHECK(reads("c") == keys{text("c")});
}

CAF_TEST(a paste ends also where the line breaks its end in two) {
  std::vector<key> found;
  aut.begin_paste();
  for (const auto* const part : {"one\033[20", "1~", "two"}) {
    for (const char c : std::string_view{part})
      aut.take(static_cast<unsigned char>(c), found);
    aut.pause(found);
  }
  CAF_CHECK(found == (keys{{key_code::paste, "one"}, text("t"), text("w"), text("o")}));
  aut.begin_paste();
  found.clear();
  for (const char c : std::string_view{"x\033[20\033\033[201~"})
    aut.take(static_cast<unsigned char>(c), found);
  CAF_CHECK(found == (keys{{key_code::paste, "x\033[20\033"}}));
}

CAF_TEST(a paste begins also where the line breaks its beginning in two) {
  CAF_CHECK(reads("\033[2|00~in it\033[201~!") == (keys{{key_code::paste, "in it"}, text("!")}));
  CAF_CHECK(reads("\033[201~!") == keys{text("!")}); // An end without a beginning.
}

CAF_TEST(a paste without end is bounded and its end is still found) {
  std::vector<key> found;
  aut.begin_paste();
  for (std::size_t i = 0; i < key_reader::paste_most + 1000; ++i)
    aut.take(U'x', found);
  for (const char c : std::string_view{"\033[201~"})
    aut.take(static_cast<unsigned char>(c), found);
  CAF_REQUIRE_EQUAL(found.size(), 1U);
  CAF_CHECK_EQUAL(found.front().text.size(), key_reader::paste_most);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace keys_suite
