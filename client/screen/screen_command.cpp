// What does not belong to events (screen_events.cpp) or keys (screen_keys.cpp): begin, picture,
// end.
#include "client/screen/screen_command.hpp"

#include "client/visible_text.hpp"

#include <utility>

namespace callboard::client {

screen_command::screen_command(const invocation& what, desk& actors, screen_printer& out,
                               token_store tokens, screen_setup setup)
  : command{what, actors, out, std::move(tokens)},
    says_{out},
    setup_{std::move(setup)},
    file_{setup_.state_folder} {
  file_.load(history_);
  state_.my_name = what.name;
}

void screen_command::on_begin() {
  for (const auto& room : setup_.rooms) {
    state_.rooms.open(room);
    desk_.enter(room, {log_start::from::latest, 100});
  }
  if (!setup_.rooms.empty())
    state_.rooms.open(setup_.rooms.front());
  if (name_.empty())
    static_cast<void>(ask_name({}));
  else
    sign_in();
}

bool screen_command::ask_name(const std::string& why) {
  state_.hint = why;
  state_.asking_name = true;
  return true;
}

void screen_command::on_welcome(bool first) {
  if (first)
    state_.hint = "connected to " + what_.url + " as " + name_ + "; /help lists commands";
}

void screen_command::on_refused(const log_refused& what) {
  say_notice(what.room + ": " + std::string{describe(what.why).sentence});
  desk_.leave(what.room);
  state_.rooms.close(what.room);
}

void screen_command::resize(int rows, int columns) {
  rows_ = rows;
  columns_ = columns;
}

frame screen_command::picture(time_point now) const {
  return painted_screen(state_, rows_, columns_, now);
}

std::optional<screen_command::time_point> screen_command::next_picture(time_point now) const {
  return next_change(state_, now);
}

std::size_t screen_command::open_posts() const {
  std::size_t count = 0;
  for (const auto& room : state_.rooms.all())
    for (const auto& line : room->view.own())
      count += line.now == own_line::state::pending ? 1 : 0;
  return count;
}

/// Ends once nothing is under way, if it is time to end.
void screen_command::settle() {
  if (leaving_ && open_posts() == 0)
    finish(exit_ok);
}

std::string screen_command::unfinished() const {
  const auto open = open_posts();
  return open == 0
           ? std::string{}
           : std::to_string(open) + (open == 1 ? " message" : " messages") + " may not be stored";
}

std::vector<std::string> screen_command::leftovers() const {
  std::vector<std::string> lines;
  for (const auto& room : state_.rooms.all())
    for (const auto& line : room->view.own())
      if (line.now != own_line::state::stored)
        lines.push_back(
          (line.now == own_line::state::failed ? "not stored in " : "not confirmed in ")
          + visible_line(room->name) + ": " + visible_line(line.text));
  return lines;
}

} // namespace callboard::client
