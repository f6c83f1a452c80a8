// Only what is seen is laid out: a repaint costs a screenful, however long the window is.
#include "client/screen/message_pane.hpp"

#include "client/screen/text_width.hpp"
#include "client/screen/wrapping.hpp"
#include "client/visible_text.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>
#include <utility>

namespace callboard::client {

namespace {

constexpr int nick_columns = 12;
constexpr int time_columns = 6;

/// Below, names have no column of their own.
constexpr int columns_for_nicks = 50;

/// So many lines beyond the edge are wanted before they are needed.
constexpr int ahead = 60;

std::tm local(std::int64_t at_ms) {
  const auto seconds = static_cast<std::time_t>(at_ms / 1000);
  std::tm found{};
  static_cast<void>(::localtime_r(&seconds, &found));
  return found;
}

std::string formatted(std::int64_t at_ms, const char* format) {
  const auto when = local(at_ms);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &when)};
}

bool same_day(std::int64_t a, std::int64_t b) {
  const auto first = local(a);
  const auto second = local(b);
  return first.tm_yday == second.tm_yday && first.tm_year == second.tm_year;
}

row ruler(const pane& in, std::string_view text, style how) {
  row line{in.columns};
  const int side = std::max(2, (in.columns - columns_of(text) - 2) / 2);
  const auto dashes = [&line, how](int count) {
    std::string all;
    for (int i = 0; i < std::min(count, line.room()); ++i)
      all += "\xE2\x94\x80";
    line.add(all, how);
  };
  dashes(side);
  line.add(" " + std::string{text} + " ", how);
  dashes(line.room());
  return line;
}

/// One line of the room on its way to rows.
struct words {
  std::string time;
  std::string who;
  style nick;
  std::string mark = " ";
  std::string text;
  style how;
};

class painter {
public:
  painter(const room_view& room, const pane& in) : room_{room}, in_{in} {}

  /// All rows of one line of the room, with the rulers above it.
  [[nodiscard]] std::vector<row> block(std::int64_t number) const {
    std::vector<row> rows;
    if (number >= room_.end()) {
      if (number == room_.end() && !room_.attached())
        rows.push_back(ruler(in_, "newer messages are not loaded", {ink::faint}));
      put_own(rows, room_.own()[static_cast<std::size_t>(number - room_.end())]);
      return rows;
    }
    const auto& line = room_.line(number);
    if (line.what == view_line::kind::message) {
      put_rulers(rows, line, number);
      put_message(rows, line);
    } else {
      const bool visits = line.what == view_line::kind::visits;
      words what;
      what.time = formatted(line.at_ms, "%H:%M");
      what.who = visits ? "\xE2\x87\x84" : "\xE2\x80\x94"; // U+21C4, U+2014
      what.nick = what.how = {ink::faint};
      what.text = line.text;
      put(rows, what);
    }
    return rows;
  }

private:
  void put_rulers(std::vector<row>& rows, const view_line& line, std::int64_t number) const {
    const view_line* before = nullptr;
    for (auto at = number - 1; at >= room_.first() && before == nullptr; --at)
      if (room_.line(at).what == view_line::kind::message)
        before = &room_.line(at);
    if (before == nullptr ? !room_.has_older() : !same_day(before->at_ms, line.at_ms))
      rows.push_back(ruler(in_, formatted(line.at_ms, "%A, %e %B %Y"), {ink::faint}));
    const auto unread = room_.unread_line();
    // In front of a window that does not hold the first new one, the line would be wrong.
    const bool is_first = before == nullptr
                            ? !room_.has_older() || line.seq <= unread.value_or(0) + 1
                            : before->seq <= unread.value_or(0);
    if (unread && line.seq > *unread && is_first)
      rows.push_back(
        ruler(in_, std::to_string(room_.unread_line_count()) + " new", {ink::loud, 0, true}));
  }

  void put_message(std::vector<row>& rows, const view_line& line) const {
    words what;
    what.time = formatted(line.at_ms, "%H:%M");
    what.nick = {ink::nick, line.colour, line.own || line.mention};
    what.mark = line.mention ? "\xC2\xBB" : " "; // U+00BB: colour is not the only sign.
    address(what, line.who, line.text);
    if (line.own)
      what.text += " \xE2\x9C\x93"; // U+2713
    put(rows, what);
  }

  void put_own(std::vector<row>& rows, const own_line& line) const {
    words what;
    what.time = formatted(line.at_ms, "%H:%M");
    what.nick = {ink::faint, 0, true};
    what.how = {ink::faint};
    address(what, in_.me, line.text);
    what.text += line.now == own_line::state::pending  ? " \xE2\x80\xA6"
                 : line.now == own_line::state::stored ? " \xE2\x9C\x93"
                                                       : " \xE2\x9C\x97"; // U+2717
    put(rows, what);
    if (line.now != own_line::state::failed)
      return;
    words why;
    why.who = "\xE2\x9C\x97";
    why.nick = why.how = {ink::bad, 0, true};
    why.text = "not stored: " + line.why + " (/retry, /edit or /drop)";
    put(rows, why);
  }

  /// "/me waves" is an act; other clients show it as it is.
  static void address(words& what, std::string_view who, const std::string& text) {
    constexpr std::string_view act = "/me ";
    const bool acts = text.starts_with(act);
    what.who = acts ? "*" : std::string{who};
    what.text = acts ? visible_line(who) + " " + text.substr(act.size()) : text;
  }

  void put(std::vector<row>& rows, const words& what) const {
    const bool wide = in_.columns >= columns_for_nicks;
    const int indent = wide ? time_columns + nick_columns + 2 : 2;
    row line{in_.columns};
    line.add_left(what.time, time_columns, {ink::faint});
    if (wide)
      line.add_right(what.who, nick_columns, what.nick).add(what.mark + " ", {ink::loud, 0, true});
    else
      line.add(fitted(visible_line(what.who), std::max(1, in_.columns / 2)), what.nick)
        .add(what.mark == " " ? ": " : what.mark, what.nick);
    // Without a column for names the first row begins behind the name: room is held for it.
    const auto held = wide ? 0U : static_cast<std::size_t>(std::max(line.used() - indent, 0));
    const auto text = std::string(held, 'x') + visible_text(what.text, {});
    const auto pieces = wrapped(text, std::max(1, in_.columns - indent));
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      auto piece = pieces[i];
      if (i > 0)
        line.skip(indent);
      else
        piece.remove_prefix(std::min(piece.size(), held));
      put_marked(line, piece, what.how);
      rows.push_back(std::exchange(line, row{in_.columns}));
    }
  }

  /// The text with what is searched for in reverse.
  void put_marked(row& line, std::string_view text, style how) const {
    auto marked = how;
    marked.reverse = true;
    const auto in = in_.search.empty() ? std::string{} : folded(text);
    const auto what = folded(in_.search);
    std::size_t from = 0;
    // Where folding changes lengths, places in one are not places in the other.
    while (in.size() == text.size()) {
      const auto at = what.empty() ? std::string::npos : in.find(what, from);
      if (at == std::string::npos)
        break;
      line.add(text.substr(from, at - from), how).add(text.substr(at, what.size()), marked);
      from = at + what.size();
    }
    line.add(text.substr(from), how);
  }

  const room_view& room_;
  const pane& in_;
};

std::int64_t lowest(const room_view& room) {
  return room.where.at_end ? room.all_end() - 1
                           : std::clamp(room.where.line, room.first() - 1, room.all_end() - 1);
}

int height(const room_view& room, const pane& in, std::int64_t line) {
  return static_cast<int>(painter{room, in}.block(line).size());
}

/// The rows above the reader's lower edge, at most `most`.
int rows_above(const room_view& room, const pane& in, int most) {
  int rows = -room.where.hidden;
  for (auto line = lowest(room); line >= room.first() && rows < most; --line)
    rows += height(room, in, line);
  return rows;
}

void scroll_down(room_view& room, const pane& in, int rows) {
  auto& where = room.where;
  where.hidden -= rows;
  while (where.hidden < 0 && where.line < room.all_end() - 1)
    where.hidden += height(room, in, ++where.line);
  if (where.hidden <= 0 && where.line >= room.all_end() - 1) {
    where.hidden = 0;
    where.at_end = room.attached();
  }
}

} // namespace

std::vector<row> painted_messages(const room_view& room, const pane& in) {
  const painter paint{room, in};
  std::vector<row> rows;
  int hidden = room.where.at_end ? 0 : room.where.hidden;
  const auto wanted = static_cast<std::size_t>(std::max(in.rows, 0));
  for (auto line = lowest(room); line >= room.first() && rows.size() < wanted; --line) {
    auto block = paint.block(line);
    for (auto one = block.rbegin(); one != block.rend() && rows.size() < wanted; ++one)
      if (hidden-- <= 0)
        rows.push_back(std::move(*one));
  }
  while (rows.size() < wanted)
    rows.emplace_back(in.columns);
  std::reverse(rows.begin(), rows.end());
  return rows;
}

void scroll(room_view& room, const pane& in, int rows) {
  auto& where = room.where;
  if (where.at_end)
    where = {false, room.all_end() - 1, 0};
  where.line = std::clamp(where.line, room.first() - 1, room.all_end() - 1);
  if (rows > 0) {
    scroll_down(room, in, rows);
    return;
  }
  where.hidden -= rows;
  while (where.line >= room.first()) {
    const int tall = height(room, in, where.line);
    if (where.hidden < tall)
      break;
    where.hidden -= tall;
    --where.line;
  }
  // Not beyond the first row.
  if (const int lacking = in.rows - rows_above(room, in, in.rows); lacking > 0)
    scroll_down(room, in, lacking);
}

void scroll_to(room_view& room, const pane& in, std::int64_t line) {
  room.where = {false, line, 0};
  scroll(room, in, in.rows / 2);
  if (room.where.at_end)
    return;
  scroll(room, in, 0);
}

bool nears_front(const room_view& room, const pane& in) {
  return lowest(room) - room.first() < in.rows + ahead;
}

bool nears_end(const room_view& room, const pane& /*in*/) {
  return room.end() - lowest(room) < ahead;
}

} // namespace callboard::client
