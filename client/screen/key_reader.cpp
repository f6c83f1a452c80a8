// ECMA-48 (5.4) says where a control sequence ends, so one that nobody knows can be left out whole.
#include "client/screen/key_reader.hpp"

#include <string_view>
#include <utility>

namespace callboard::client {

namespace {

constexpr char32_t escape = 0x1B;
constexpr std::string_view paste_begin = "200~";
constexpr std::string_view paste_end = "\033[201~";

/// Longer is no sequence of a terminal.
constexpr std::size_t sequence_most = 64;

void append_utf8(std::string& out, char32_t point) {
  const auto tail = [&out, point](unsigned shift) {
    out += static_cast<char>(0x80U | ((point >> shift) & 0x3FU));
  };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0U | (point >> 6U));
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0U | (point >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (point >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string utf8(char32_t code) {
  std::string out;
  append_utf8(out, code);
  return out;
}

key key_of(char32_t code) {
  switch (code) {
    case '\r':
      return {key_code::enter, {}};
    case '\n':
      return {key_code::line_break, {}};
    case '\t':
      return {key_code::tab, {}};
    case 0x7F:
    case 0x08:
      return {key_code::backspace, {}};
    default:
      break;
  }
  if (code < 0x20)
    return {key_code::control, std::string(1, code == 0x1F ? '_' : static_cast<char>(code + 0x60))};
  return {key_code::text, utf8(code)};
}

key alt_key_of(char32_t code) {
  if (code == '\r' || code == '\n')
    return {key_code::line_break, {}};
  if (code == '<')
    return {key_code::first, {}};
  if (code == '>')
    return {key_code::last, {}};
  return {key_code::alt, utf8(code)};
}

/// Behind "ESC O": the number pad of terminals that obey ncurses's wish for it (PuTTY, rxvt).
key pad_key_of(char32_t code) {
  constexpr std::string_view from_j = "*+,-./";
  if (code == 'M')
    return {key_code::enter, {}};
  if (code >= 'j' && code <= 'o')
    return {key_code::text, std::string(1, from_j[code - 'j'])};
  if (code >= 'p' && code <= 'y')
    return {key_code::text, std::string(1, static_cast<char>('0' + (code - 'p')))};
  return {};
}

} // namespace

void key_reader::take(char32_t code, std::vector<key>& into) {
  switch (where_) {
    case place::paste:
      take_paste(code, into);
      return;
    case place::escaped:
      take_escaped(code, into);
      return;
    case place::sequence:
      take_sequence(code, into);
      return;
    case place::single:
      if (code >= '0' && code <= '9')
        return; // With Shift or Ctrl.
      where_ = place::plain;
      if (const auto found = pad_key_of(code); found.code != key_code::none)
        into.push_back(found);
      return;
    case place::plain:
      break;
  }
  if (code == escape)
    where_ = place::escaped;
  else
    into.push_back(key_of(code));
}

void key_reader::take_escaped(char32_t code, std::vector<key>& into) {
  where_ = place::plain;
  if (code == escape) {
    into.push_back({key_code::escape, {}});
    where_ = place::escaped;
  } else if (code == '[') {
    where_ = place::sequence;
    sequence_.clear();
  } else if (code == 'O') {
    where_ = place::single;
  } else {
    into.push_back(alt_key_of(code));
  }
}

void key_reader::take_sequence(char32_t code, std::vector<key>& into) {
  const bool parameter = code >= 0x20 && code < 0x40;
  if (parameter && sequence_.size() < sequence_most) {
    sequence_ += static_cast<char>(code);
    return;
  }
  where_ = place::plain;
  if (code < 0x20 || code >= 0x7F) { // Broken off: this begins something else.
    take(code, into);
    return;
  }
  sequence_ += static_cast<char>(code);
  if (sequence_ == paste_begin)
    begin_paste();
}

void key_reader::take_paste(char32_t code, std::vector<key>& into) {
  const auto put = [this](char32_t point) {
    if (paste_.size() < paste_most)
      append_utf8(paste_, point);
  };
  if (code == static_cast<unsigned char>(paste_end[ending_])) {
    if (++ending_ == paste_end.size())
      end_paste(into);
    return;
  }
  for (std::size_t i = 0; i < ending_; ++i)
    put(static_cast<unsigned char>(paste_end[i]));
  ending_ = code == escape ? 1 : 0;
  if (ending_ == 0)
    put(code);
}

void key_reader::begin_paste() {
  where_ = place::paste;
  paste_.clear();
  ending_ = 0;
}

void key_reader::end_paste(std::vector<key>& into) {
  if (where_ == place::paste)
    into.push_back({key_code::paste, std::exchange(paste_, {})});
  where_ = place::plain;
}

void key_reader::take(key_code known, std::vector<key>& into) {
  if (where_ == place::paste)
    return; // An arrow in a text is no key.
  const bool alt = std::exchange(where_, place::plain) == place::escaped;
  if (alt && (known == key_code::up || known == key_code::down))
    into.push_back({known == key_code::up ? key_code::alt_up : key_code::alt_down, {}});
  else if (alt && known == key_code::backspace)
    into.push_back({key_code::alt, "\x7F"});
  else if (alt && known == key_code::enter)
    into.push_back({key_code::line_break, {}});
  else
    into.push_back({known, {}});
}

void key_reader::pause(std::vector<key>& into) {
  const bool alone = where_ == place::escaped;
  // "ESC [" alone is Alt and a bracket, as "ESC O" is; of a longer sequence, the rest will come.
  if (alone || where_ == place::single || (where_ == place::sequence && sequence_.empty()))
    where_ = place::plain;
  if (alone)
    into.push_back({key_code::escape, {}});
}

} // namespace callboard::client
