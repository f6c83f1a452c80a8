// Every cell that ncurses puts out was computed from a frame; no text reaches the terminal beside
// it, except by `send`.
#define NCURSES_WIDECHAR 1
#include "client/screen/curses_screen.hpp"

#include "client/screen/terminal_guard.hpp"
#include "domain/unicode.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <curses.h>
#include <optional>
#include <stdexcept>
#include <unistd.h>

namespace callboard::client {

namespace {

/// Bracketed paste and reports of focus.
constexpr std::string_view modes_on = "\033[?2004h\033[?1004h";
constexpr std::string_view modes_off = "\033[?2004l\033[?1004l";

struct sequence {
  const char* bytes;
  key_code code;
};

/// What terminfo does not name. Numbers of our own begin behind those of ncurses.
constexpr int first_own = 2000;
constexpr int paste_begins = first_own;
constexpr int paste_ends = first_own + 1;
constexpr int first_sequence = first_own + 2;
constexpr std::array<sequence, 18> sequences{{
  {"\033[1;5D", key_code::word_left},
  {"\033[1;5C", key_code::word_right},
  {"\033[1;3D", key_code::word_left},
  {"\033[1;3C", key_code::word_right},
  {"\033[1;3A", key_code::alt_up},
  {"\033[1;3B", key_code::alt_down},
  {"\033[1;5H", key_code::first},
  {"\033[1;5F", key_code::last},
  {"\033[H", key_code::home},
  {"\033[F", key_code::end},
  {"\033[1~", key_code::home},
  {"\033[4~", key_code::end},
  {"\033[13;2u", key_code::line_break}, // Shift-Enter, where terminals tell.
  {"\033[13;3u", key_code::line_break},
  {"\033[27;2;13~", key_code::line_break},
  {"\033[I", key_code::focus_in},
  {"\033[O", key_code::focus_out},
  {"\033[Z", key_code::back_tab},
}};

constexpr std::array<short, nick_colours> nicks_of_256{39,  208, 113, 170, 220, 75,
                                                       203, 43,  141, 179, 111, 168};
constexpr std::array<short, nick_colours> nicks_of_8{
  COLOR_CYAN, COLOR_GREEN, COLOR_MAGENTA, COLOR_YELLOW, COLOR_BLUE, COLOR_RED,
  COLOR_CYAN, COLOR_GREEN, COLOR_MAGENTA, COLOR_YELLOW, COLOR_BLUE, COLOR_RED};
constexpr short pair_faint = 1;
constexpr short pair_good = 2;
constexpr short pair_bad = 3;
constexpr short pair_loud = 4;
constexpr short pair_nicks = 5;

std::wstring wide(std::string_view text) {
  std::wstring out;
  while (!text.empty()) {
    const auto point = take_code_point(text);
    if (!point)
      text.remove_prefix(1);
    else if (!is_control(*point))
      out += static_cast<wchar_t>(*point);
  }
  return out;
}

/// A capability of the terminal without its padding, "$<5>".
std::string capability(const char* name) {
  const char* const found = ::tigetstr(name);
  if (found == nullptr || reinterpret_cast<std::intptr_t>(found) == -1)
    return {};
  std::string text = found;
  for (auto at = text.find("$<"); at != std::string::npos; at = text.find("$<"))
    text.erase(at, std::min(text.find('>', at), text.size() - 1) - at + 1);
  return text;
}

std::optional<key_code> code_of(unsigned code) {
  switch (code) {
    case KEY_LEFT:
      return key_code::left;
    case KEY_RIGHT:
      return key_code::right;
    case KEY_UP:
      return key_code::up;
    case KEY_DOWN:
      return key_code::down;
    case KEY_HOME:
      return key_code::home;
    case KEY_END:
      return key_code::end;
    case KEY_PPAGE:
      return key_code::page_up;
    case KEY_NPAGE:
      return key_code::page_down;
    case KEY_BACKSPACE:
      return key_code::backspace;
    case KEY_DC:
      return key_code::erase_next;
    case KEY_BTAB:
      return key_code::back_tab;
    case KEY_ENTER:
      return key_code::enter;
    case KEY_RESIZE:
      return key_code::resize;
    default:
      break;
  }
  const auto own = static_cast<int>(code) - first_sequence;
  if (own >= 0 && own < static_cast<int>(sequences.size()))
    return sequences.at(static_cast<std::size_t>(own)).code;
  return std::nullopt;
}

} // namespace

curses_screen::curses_screen(bool colours) : colours_{colours} {
  screen_ = ::newterm(nullptr, stdout, stdin);
  if (screen_ == nullptr) {
    const char* const name = std::getenv("TERM");
    throw no_terminal{"the terminal type " + std::string{name == nullptr ? "" : name}
                      + " is unknown here (TERM)"};
  }
  // Modes are those of before: newterm has only read them.
  std::string back{modes_off};
  for (const auto* const name : {"sgr0", "op", "rmkx", "cnorm", "rmcup"})
    back += capability(name);
  ::reset_shell_mode();
  guard_terminal(STDOUT_FILENO, back + "\r");
  ::reset_prog_mode();
  ::raw();
  ::noecho();
  ::nonl();
  ::keypad(stdscr, true);
  ::nodelay(stdscr, true);
  ::meta(stdscr, true);
  ::set_escdelay(25);
  ::define_key("\033[200~", paste_begins);
  ::define_key("\033[201~", paste_ends);
  for (std::size_t i = 0; i < sequences.size(); ++i)
    ::define_key(sequences.at(i).bytes, first_sequence + static_cast<int>(i));
  prepare_colours();
  start_modes();
}

curses_screen::~curses_screen() {
  stop_modes();
  ::endwin();
  restore_terminal(); // ncurses has done it; a terminal that ncurses knows badly is helped twice.
  ::delscreen(static_cast<SCREEN*>(screen_));
}

void curses_screen::start_modes() {
  send(modes_on);
}

void curses_screen::stop_modes() {
  send(modes_off);
}

// NOLINTNEXTLINE(readability-convert-member-functions-to-static): this object's terminal.
void curses_screen::send(std::string_view bytes) {
  static_cast<void>(std::fwrite(bytes.data(), 1, bytes.size(), stdout));
  static_cast<void>(std::fflush(stdout));
}

void curses_screen::suspend() {
  stop_modes();
  ::endwin();
  ::raise(SIGTSTP);
  start_modes();
  forget();
}

// NOLINTNEXTLINE(readability-convert-member-functions-to-static): this object's terminal.
int curses_screen::rows() const {
  return getmaxy(stdscr);
}

// NOLINTNEXTLINE(readability-convert-member-functions-to-static): this object's terminal.
int curses_screen::columns() const {
  return getmaxx(stdscr);
}

// -- out ------------------------------------------------------------------------------------------

void curses_screen::prepare_colours() {
  colours_ = colours_ && ::has_colors();
  if (!colours_)
    return;
  ::start_color();
  ::use_default_colors();
  const bool many = COLORS >= 256;
  const auto& nicks = many ? nicks_of_256 : nicks_of_8;
  ::init_pair(pair_faint, many ? 245 : -1, -1);
  ::init_pair(pair_good, COLOR_GREEN, -1);
  ::init_pair(pair_bad, COLOR_RED, -1);
  ::init_pair(pair_loud, COLOR_YELLOW, -1);
  for (short i = 0; i < static_cast<short>(nicks.size()); ++i)
    ::init_pair(static_cast<short>(pair_nicks + i), nicks.at(static_cast<std::size_t>(i)), -1);
}

unsigned long curses_screen::attributes_of(const style& how, short& pair) const {
  unsigned long what = A_NORMAL;
  if (how.bold)
    what |= A_BOLD;
  if (how.reverse)
    what |= A_REVERSE;
  if (how.underline)
    what |= A_UNDERLINE;
  pair = 0;
  switch (how.colour) {
    case ink::plain:
      break;
    case ink::faint:
      pair = pair_faint;
      break;
    case ink::good:
      pair = pair_good;
      break;
    case ink::bad:
      pair = pair_bad;
      break;
    case ink::loud:
      pair = pair_loud;
      break;
    case ink::nick:
      pair = static_cast<short>(pair_nicks + how.nick % nick_colours);
      break;
  }
  if (!colours_)
    pair = 0;
  return what;
}

void curses_screen::draw_row(int number, const row& what) {
  ::wmove(stdscr, number, 0);
  for (const auto& part : what.spans()) {
    short pair = 0;
    const auto attributes = attributes_of(part.how, pair);
    ::attr_set(static_cast<attr_t>(attributes), pair, nullptr);
    const auto text = wide(part.text);
    ::addnwstr(text.data(), static_cast<int>(text.size()));
  }
  ::attr_set(A_NORMAL, 0, nullptr);
}

void curses_screen::draw(const frame& what) {
  ::erase();
  for (int i = 0; i < static_cast<int>(what.lines.size()) && i < rows(); ++i)
    draw_row(i, what.lines[static_cast<std::size_t>(i)]);
  ::wmove(stdscr, std::clamp(what.caret_row, 0, rows() - 1),
          std::clamp(what.caret_column, 0, columns() - 1));
  ::refresh();
}

// NOLINTNEXTLINE(readability-convert-member-functions-to-static): this object's terminal.
void curses_screen::forget() {
  ::clearok(curscr, true);
}

// -- in -------------------------------------------------------------------------------------------

std::vector<key> curses_screen::take_keys() {
  std::vector<key> keys;
  wint_t code = 0;
  for (int kind = ::get_wch(&code); kind != ERR; kind = ::get_wch(&code)) {
    if (kind != KEY_CODE_YES)
      reader_.take(static_cast<char32_t>(code), keys);
    else if (code == paste_begins)
      reader_.begin_paste();
    else if (code == paste_ends)
      reader_.end_paste(keys);
    else if (const auto known = code_of(static_cast<unsigned>(code)))
      reader_.take(*known, keys);
  }
  reader_.pause(keys);
  return keys;
}

} // namespace callboard::client
