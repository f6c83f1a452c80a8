// What a person did at the keyboard, whatever the terminal sends for it.
#pragma once

#include <cstdint>
#include <string>

namespace callboard::client {

enum class key_code : std::uint8_t {
  none,
  text,       ///< `key::text` was typed.
  paste,      ///< `key::text` was pasted, as a whole.
  enter,      ///< Enter.
  line_break, ///< Alt-Enter, C-j.
  backspace,
  erase_next, ///< Delete.
  left,
  right,
  up,
  down,
  home,
  end,
  page_up,
  page_down,
  first,      ///< C-Home, M-<
  last,       ///< C-End, M->
  word_left,  ///< C-Left, M-b
  word_right, ///< C-Right, M-f
  tab,
  back_tab,
  escape,
  control, ///< Ctrl and the letter in `key::text`: "a" for C-a, "_" for C-_.
  alt,     ///< Alt and what is in `key::text`: "a" for M-a.
  alt_up,
  alt_down,
  focus_in,
  focus_out,
  resize,
};

struct key {
  key_code code = key_code::none;
  std::string text;

  friend bool operator==(const key&, const key&) = default;
};

} // namespace callboard::client
