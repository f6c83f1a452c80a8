// What the tests of the screen's values share: a UTF-8 locale, whose widths they check, and a time
// zone.
#pragma once

#include "client/screen/editor.hpp"
#include "client/screen/room_view.hpp"

#include <clocale>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

namespace callboard::client {

struct screen_fixture {
  screen_fixture() {
    std::setlocale(LC_CTYPE, "C.UTF-8");
    ::setenv("TZ", "CET-1", 1);
    ::tzset();
  }
};

inline void type(editor& into, std::string_view text) {
  for (const char c : text)
    into.press({key_code::text, std::string(1, c)});
}

inline void control(editor& into, std::string_view letters) {
  for (const char c : letters)
    into.press({key_code::control, std::string(1, c)});
}

inline void alt(editor& into, std::string_view letter) {
  into.press({key_code::alt, std::string{letter}});
}

/// The text with a bar where the caret is.
inline std::string shown(const editor& what) {
  auto text = what.text();
  return text.insert(what.caret(), "|");
}

inline entry make_entry(seq_t seq, std::string text, std::string name = "bob",
                        std::int64_t at_ms = 0) {
  const auto id = "id-" + name;
  return {seq, {id, std::move(name)}, "c", std::move(text), at_ms, entry_kind::message};
}

} // namespace callboard::client
