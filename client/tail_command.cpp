// Joining a room creates it, so without `--follow` the list of rooms is asked first: reading must
// not leave rooms behind that somebody only mistyped.
#include "client/tail_command.hpp"

#include "client/message_line.hpp"
#include "client/visible_text.hpp"

#include <algorithm>
#include <string>

namespace callboard::client {

void tail_command::on_begin() {
  sign_in();
  if (what_.follow)
    enter();
}

void tail_command::on_welcome(bool /*first*/) {
  if (!entered_)
    ask_for_room();
}

void tail_command::ask_for_room() {
  desk_.ask_rooms(what_.room, 500);
}

void tail_command::on_rooms(const rooms_known& what) {
  if (entered_ || what.prefix != what_.room)
    return;
  if (what.failed) {
    pause(std::chrono::seconds{1});
    return;
  }
  const bool there = std::any_of(what.rooms.begin(), what.rooms.end(),
                                 [this](const room_info& room) { return room.name == what_.room; });
  if (there)
    enter();
  else
    fail(exit_no_room, "there is no room " + visible_line(what_.room) + " (callboard rooms)");
}

void tail_command::on_pause_over() {
  if (welcome_ && !entered_)
    ask_for_room();
}

void tail_command::enter() {
  entered_ = true;
  if (what_.since)
    desk_.enter(what_.room, {log_start::from::seq, *what_.since});
  else
    desk_.enter(what_.room, {log_start::from::count, what_.last.value_or(50)});
}

void tail_command::on_entries(const entries_shown& what) {
  progressed();
  for (const auto& shown : what.entries)
    out_.data(what_.json ? message_json(what.room, shown.what) : message_line(shown.what));
}

void tail_command::on_ready(const log_ready& /*what*/) {
  if (!what_.follow)
    finish();
}

} // namespace callboard::client
