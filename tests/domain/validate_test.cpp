// What may enter the log: each rule at its limit and one beyond.
#define CAF_SUITE validate

#include "domain/validate.hpp"

#include <caf/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace callboard;
using namespace std::string_literals;

namespace validate_suite {

namespace {

constexpr limits bounds;
constexpr std::optional<errc> fine;

std::string times(std::size_t n, const std::string& what) {
  std::string all;
  for (std::size_t i = 0; i < n; ++i)
    all += what;
  return all;
}

/// One of each class that no name may hold.
const std::vector<std::string>& deceivers() {
  static const std::vector<std::string> all{
    "\0"s,          "\n", "\t", "\x1B", "\x7F",
    "\u0085",     // C1
    "\u009B",     // C1: starts a terminal's command
    "\u00AD",     // soft hyphen
    "\u034F",     // combining grapheme joiner
    "\u061C",     // Arabic letter mark
    "\u115F",     // Hangul filler
    "\u17B4",     // Khmer inherent vowel
    "\u180E",     // Mongolian vowel separator
    "\u200B",     // zero width space
    "\u200D",     // zero width joiner
    "\u202E",     // right-to-left override
    "\u2028",     // line separator
    "\u2029",     // paragraph separator
    "\u2060",     // word joiner
    "\u2066",     // left-to-right isolate
    "\u2800",     // blank Braille pattern
    "\u3164",     // Hangul filler
    "\uFE0F",     // variation selector
    "\uFEFF",     // byte order mark
    "\uFFA0",     // halfwidth Hangul filler
    "\uFFF9",     // interlinear annotation
    "\uFFFE",     // noncharacter
    "\U0001BCA0", // shorthand format control
    "\U0001D173", // musical format control
    "\U000E0041", // tag
    "\U000E0100", // variation selector
    "\x80",       // not UTF-8
    "\xED\xA0\x80",
  };
  return all;
}

} // namespace

CAF_TEST(bytes are well formed or they are refused) {
  CAF_CHECK(is_utf8(""));
  CAF_CHECK(is_utf8("Grüße 漢字 🔑 \0 NUL too"s));
  CAF_CHECK(!is_utf8("good then \xC3"));
  CAF_CHECK(!is_utf8("\xC0\x80"));
  CAF_CHECK(!is_utf8("\xED\xA0\x80"));
  CAF_CHECK(!is_utf8("\xF4\x90\x80\x80"));
}

CAF_TEST(code points are counted and not bytes) {
  CAF_CHECK_EQUAL(code_points(""), 0u);
  CAF_CHECK_EQUAL(code_points("aß漢🔑"), 4u);
}

CAF_TEST(a text may have text_bytes bytes and not one more) {
  CAF_CHECK(check_text(std::string(bounds.text_bytes, 'x'), bounds) == fine);
  CAF_CHECK(check_text(std::string(bounds.text_bytes + 1, 'x'), bounds) == errc::too_long);
  const auto umlauts = times(bounds.text_bytes / 2, "ß");
  CAF_CHECK(check_text(umlauts, bounds) == fine);
  CAF_CHECK(check_text(umlauts + "x", bounds) == errc::too_long);
}

CAF_TEST(a text of nothing but white space is empty) {
  for (const auto* text :
       {"", " ", "\n\t\r ", "\u00A0\u2003\u3000", "\u2028\u2029\u0085", "\u202F\u205F"})
    CAF_CHECK(check_text(text, bounds) == errc::empty);
  CAF_CHECK(check_text(std::string(bounds.text_bytes + 1, ' '), bounds) == errc::empty);
  CAF_CHECK(check_text(" . ", bounds) == fine);
}

CAF_TEST(a text may hold every character but NUL) {
  CAF_CHECK(check_text("a\0b"s, bounds) == errc::bad_text);
  CAF_CHECK(check_text("\0"s, bounds) == errc::bad_text);
  CAF_CHECK(check_text("bad \xFF", bounds) == errc::bad_text);
  CAF_CHECK(check_text("\x1B[31m red \u202E and back \u200D", bounds) == fine);
}

CAF_TEST(names have one to name_chars code points) {
  CAF_CHECK(check_author_name("", bounds) == errc::bad_name);
  CAF_CHECK(check_author_name("A", bounds) == fine);
  CAF_CHECK(check_author_name(times(bounds.name_chars, "漢"), bounds) == fine);
  CAF_CHECK(check_author_name(times(bounds.name_chars + 1, "漢"), bounds) == errc::bad_name);
  CAF_CHECK(check_room_name("", bounds) == errc::bad_room);
  CAF_CHECK(check_room_name(times(bounds.room_chars, "🔑"), bounds) == fine);
  CAF_CHECK(check_room_name(times(bounds.room_chars + 1, "🔑"), bounds) == errc::bad_room);
}

CAF_TEST(names hold no character that deceives wherever it stands) {
  for (const auto& bad : deceivers())
    for (const auto& name : {bad, bad + "Ada", "A" + bad + "da", "Ada" + bad}) {
      CAF_CHECK(check_author_name(name, bounds) == errc::bad_name);
      CAF_CHECK(check_room_name(name, bounds) == errc::bad_room);
    }
}

CAF_TEST(a prefix is what the name of some room may begin with) {
  for (const auto* prefix : {"", "a", "a ", "two words ", "~", "漢"})
    CAF_CHECK(check_room_prefix(prefix, bounds) == fine);
  for (const auto& bad : deceivers())
    for (const auto& prefix : {bad, bad + "a", "a" + bad})
      CAF_CHECK(check_room_prefix(prefix, bounds) == errc::bad_room);
  CAF_CHECK(check_room_prefix(" a", bounds) == errc::bad_room);
  CAF_CHECK(check_room_prefix(times(bounds.room_chars, "漢"), bounds) == fine);
  CAF_CHECK(check_room_prefix(times(bounds.room_chars + 1, "漢"), bounds) == errc::bad_room);
}

CAF_TEST(names have no white space at their ends) {
  for (const auto* name : {" Ada", "Ada ", " ", "\u3000Ada", "Ada\u00A0"}) {
    CAF_CHECK(check_author_name(name, bounds) == errc::bad_name);
    CAF_CHECK(check_room_name(name, bounds) == errc::bad_room);
  }
  CAF_CHECK(check_author_name("Ada Lovelace", bounds) == fine);
}

CAF_TEST(only rooms may begin with a tilde) {
  CAF_CHECK(check_author_name("~Ada", bounds) == errc::bad_name);
  CAF_CHECK(check_author_name("A~da", bounds) == fine);
  CAF_CHECK(check_room_name("~room", bounds) == fine);
}

CAF_TEST(ids have one to 64 characters of their alphabet) {
  CAF_CHECK(check_client_id("aZ09_-") == fine);
  CAF_CHECK(check_client_id(std::string(64, 'x')) == fine);
  CAF_CHECK(check_client_id(std::string(65, 'x')) == errc::bad_frame);
  for (const auto& id : {""s, " "s, "a b"s, "a.b"s, "a+b"s, "ü"s, "a\0"s, "a\n"s})
    CAF_CHECK(check_client_id(id) == errc::bad_frame);
}

CAF_TEST(names are compared with ASCII lowered and the rest as it is) {
  CAF_CHECK_EQUAL(name_key("ADA Lovelace [@Z`{"), "ada lovelace [@z`{");
  CAF_CHECK_EQUAL(name_key("ÄÖÜ"), "ÄÖÜ");
}

CAF_TEST(a guest name is fit to show whatever the guest wrote) {
  CAF_CHECK_EQUAL(guest_name("Grace", bounds), "~Grace");
  CAF_CHECK_EQUAL(guest_name("  Grace  ", bounds), "~Grace");
  CAF_CHECK_EQUAL(guest_name("\u202EGr\x1B\0ace\xFF\u200B "s, bounds), "~Grace");
  for (const auto& nothing : {""s, " \t"s, "\u200B"s, "\xFF"s})
    CAF_CHECK_EQUAL(guest_name(nothing, bounds), "~anonymous");
  const auto longest = times(bounds.name_chars, "漢");
  CAF_CHECK_EQUAL(guest_name(longest + "x", bounds), "~" + longest);
  const auto cut_at_space = times(bounds.name_chars - 1, "a");
  CAF_CHECK_EQUAL(guest_name(cut_at_space + " b", bounds), "~" + cut_at_space);
}

CAF_TEST(a guest name without its tilde obeys the rules for names) {
  for (const auto& bad : deceivers())
    for (const auto& name : {bad, bad + " Ada " + bad, "Ada" + bad}) {
      const auto shown = guest_name(name, bounds);
      CAF_CHECK(check_author_name(shown.substr(1), bounds) == fine);
      CAF_CHECK(check_author_name(shown, bounds) == errc::bad_name);
    }
}

} // namespace validate_suite
