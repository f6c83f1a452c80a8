// From top to bottom: messages (and the rooms beside them), a hint if there is one, the status bar,
// the input.
#include "client/screen/chat_state.hpp"

#include "client/screen/input_area.hpp"
#include "client/screen/text_width.hpp"
#include "client/visible_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace callboard::client {

namespace {

/// Below, messages have the whole width.
constexpr int columns_for_rooms = 80;
constexpr int rooms_columns = 21;

constexpr style bar{ink::plain, 0, false, true};
constexpr style loud_bar{ink::loud, 0, true, true};

std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string{what};
}

std::string milliseconds(std::chrono::microseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), time.count() < 10000 ? "%.1f ms" : "%.0f ms",
                static_cast<double>(time.count()) / 1000);
  return text.data();
}

std::string connection_text(const connection_state& what, screen_clock::time_point now) {
  using phase = connection_state::phase;
  switch (what.now) {
    case phase::connecting:
      return "connecting";
    case phase::online:
      return what.round_trip ? "online " + milliseconds(*what.round_trip) : "online";
    case phase::waiting: {
      const auto left = std::chrono::ceil<std::chrono::seconds>(what.retry_at - now).count();
      return "reconnecting in " + std::to_string(std::max<long long>(left, 0)) + " s (try "
             + std::to_string(what.attempt) + ") /reconnect: " + what.why;
    }
    case phase::ended:
      return "not connected: " + what.why;
  }
  return {};
}

std::string typing_text(const chat_state& state, const std::string& room,
                        screen_clock::time_point now) {
  const auto place = state.typing.find(room);
  if (place == state.typing.end())
    return {};
  std::vector<std::string> names;
  for (const auto& [name, until] : place->second)
    if (until > now)
      names.push_back(name);
  if (names.empty())
    return {};
  return names.size() > 2    ? counted(names.size(), "people type")
         : names.size() == 2 ? names[0] + " and " + names[1] + " type"
                             : names[0] + " types";
}

row status_row(const chat_state& state, int columns, screen_clock::time_point now) {
  row line{columns};
  const auto* const room = state.rooms.current();
  line.add(" ", bar);
  if (room != nullptr) {
    line.add(fitted(visible_line(room->name), std::max(4, columns / 3)),
             {ink::plain, 0, true, true});
    if (room->view.members > 0 && columns >= 40)
      line.add(" (" + std::to_string(room->view.members) + ")", bar);
    if (!room->view.where.at_end || !room->view.attached())
      line.add(room->view.unread() > 0
                 ? "  \xE2\x86\x93 " + counted(room->view.unread(), "new") // U+2193
                 : "  \xE2\x86\x93 End",
               loud_bar);
  }
  const bool online = state.connection.now == connection_state::phase::online;
  const auto count = state.rooms.unread();
  const auto calls = state.rooms.mentions();
  const auto unread = count > 0 ? "  " + counted(count, "unread") : std::string{};
  const auto mentions = calls > 0 ? "  @" + std::to_string(calls) : std::string{};
  // However long the reason is, what is unread stands behind it.
  const int columns_left = line.room() - 2 - columns_of(unread) - columns_of(mentions);
  line.add("  ", bar)
    .add(fitted(connection_text(state.connection, now), columns_left), online ? bar : loud_bar)
    .add(unread, bar)
    .add(mentions, loud_bar);
  if (room != nullptr)
    if (const auto text = typing_text(state, room->name, now); !text.empty())
      line.add("  " + text + " \xE2\x80\xA6", bar);
  return std::move(line.skip_to(columns, bar));
}

std::string hint_text(const chat_state& state) {
  if (state.searching) {
    const bool lost = !state.searching->what.empty() && !state.searching->found;
    return std::string{lost ? "no such line" : "search in what you typed"} + ": "
           + state.searching->what + "  (C-r older, Enter takes it, Esc)";
  }
  if (state.pasted) {
    const auto& text = state.input.text();
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    return counted(lines, lines == 1 ? "line" : "lines") + ", Enter sends, Esc drops";
  }
  return state.hint;
}

/// One line of the list of rooms; signs, and not only colours, tell them apart.
row room_row(const listed_room& room, bool current, bool selected) {
  row line{rooms_columns};
  const auto& view = room.view;
  const bool news = view.unread() > 0;
  style how{ink::plain, 0, news || current, selected};
  if (!news && !current)
    how.colour = ink::faint;
  std::string count;
  if (view.unread_mentions() > 0)
    count = "@" + std::to_string(view.unread_mentions()) + " ";
  if (news)
    count += std::to_string(std::min<std::size_t>(view.unread(), 99999));
  line.add(current ? "\xE2\x96\xB8" : " ", how); // U+25B8
  const int counted_columns = columns_of(count);
  line.add_left(room.name, line.room() - counted_columns - 4, how).add(" ", how);
  line.add(count, {view.unread_mentions() > 0 ? ink::loud : how.colour, 0, true, selected});
  return std::move(line.skip_to(rooms_columns - 2, how).add("\xE2\x94\x82 ", {ink::faint}));
}

void add_rooms(const chat_state& state, std::vector<row>& lines, int rows) {
  const auto& rooms = state.rooms.all();
  const auto* const current = state.rooms.current();
  const auto chosen = state.rooms.selected();
  // The one that is looked at is always in sight.
  std::size_t first = 0;
  for (std::size_t i = 0; i < rooms.size(); ++i)
    if (chosen ? rooms[i]->name == *chosen : rooms[i].get() == current)
      first = i + 1 > static_cast<std::size_t>(rows) ? i + 1 - static_cast<std::size_t>(rows) : 0;
  for (std::size_t i = first; i < first + static_cast<std::size_t>(rows); ++i) {
    if (i < rooms.size()) {
      lines.push_back(
        room_row(*rooms[i], rooms[i].get() == current, chosen && *chosen == rooms[i]->name));
    } else {
      lines.emplace_back(rooms_columns);
      lines.back().skip_to(rooms_columns - 2).add("\xE2\x94\x82 ", {ink::faint});
    }
  }
}

/// What stands beside each other becomes one row.
row joined(const row& left, const row& right, int columns) {
  row line{columns};
  for (const auto* const side : {&left, &right})
    for (const auto& part : side->spans())
      line.add(part.text, part.how);
  return line;
}

struct areas {
  int messages = 0;
  int hint = 0;
  int status = 0;
  int input = 1;
};

areas areas_of(int rows, int input_rows, bool hint) {
  areas found;
  found.input = std::min(input_rows, rows);
  found.status = rows - found.input >= 2 ? 1 : 0;
  found.hint = hint && rows - found.input - found.status >= 2 ? 1 : 0;
  found.messages = rows - found.input - found.status - found.hint;
  return found;
}

int input_most(int rows) {
  return std::clamp(rows / 3, 1, 8);
}

std::string prompt_of(const chat_state& state, int columns) {
  if (state.asking_name)
    return "Username: ";
  if (columns < 40 || state.my_name.empty())
    return "> ";
  return fitted(visible_line(state.my_name), 16) + "> ";
}

} // namespace

pane message_area(const chat_state& state, int rows, int columns) {
  const auto input =
    painted_input(state.input, prompt_of(state, columns), std::max(columns, 1), input_most(rows));
  const auto area =
    areas_of(std::max(rows, 1), static_cast<int>(input.rows.size()), !hint_text(state).empty());
  const bool list = columns >= columns_for_rooms;
  return {area.messages, std::max(list ? columns - rooms_columns : columns, 1), state.search,
          state.my_name};
}

frame painted_screen(const chat_state& state, int rows, int columns, screen_clock::time_point now) {
  frame out;
  out.rows = rows = std::max(rows, 1);
  out.columns = columns = std::max(columns, 1);
  auto input = painted_input(state.input, prompt_of(state, columns), columns, input_most(rows));
  const auto hint = hint_text(state);
  const auto area = areas_of(rows, static_cast<int>(input.rows.size()), !hint.empty());
  const auto where = message_area(state, rows, columns);
  const auto* const room = state.rooms.current();
  auto messages = room != nullptr
                    ? painted_messages(room->view, where)
                    : std::vector<row>(static_cast<std::size_t>(area.messages), row{where.columns});
  if (columns >= columns_for_rooms) {
    std::vector<row> list;
    add_rooms(state, list, area.messages);
    for (std::size_t i = 0; i < messages.size(); ++i)
      out.lines.push_back(joined(list[i], messages[i], columns));
  } else {
    out.lines = std::move(messages);
  }
  if (area.hint > 0)
    out.lines.push_back(row{columns}.add(fitted(visible_line(hint), columns), {ink::loud}));
  if (area.status > 0)
    out.lines.push_back(status_row(state, columns, now));
  out.caret_row = static_cast<int>(out.lines.size()) + input.caret_row;
  out.caret_column = input.caret_column;
  for (int i = 0; i < area.input; ++i)
    out.lines.push_back(std::move(input.rows[static_cast<std::size_t>(i)]));
  return out;
}

std::optional<screen_clock::time_point> next_change(const chat_state& state,
                                                    screen_clock::time_point now) {
  std::optional<screen_clock::time_point> next;
  const auto want = [&next](screen_clock::time_point at) {
    next = next ? std::min(*next, at) : at;
  };
  const auto& connection = state.connection;
  if (connection.now == connection_state::phase::waiting && connection.retry_at > now) {
    // When one second less is left.
    const auto left = connection.retry_at - now;
    const auto whole = std::chrono::floor<std::chrono::seconds>(left);
    want(now + std::max<screen_clock::duration>(left - whole, std::chrono::milliseconds{20}));
  }
  const auto* const room = state.rooms.current();
  const auto place = room == nullptr ? state.typing.end() : state.typing.find(room->name);
  if (place != state.typing.end())
    for (const auto& [name, until] : place->second)
      if (until > now)
        want(until);
  return next;
}

} // namespace callboard::client
