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
  if (!welcome_)
    return;
  if (!entered_)
    ask_for_room();
  else if (search_ && search_->ready)
    look();
}

void tail_command::enter() {
  entered_ = true;
  if (what_.since_ms) {
    search_ = search{};
    desk_.enter(what_.room, {log_start::from::latest, 0});
  } else if (what_.since)
    desk_.enter(what_.room, {log_start::from::seq, *what_.since});
  else
    desk_.enter(what_.room, {log_start::from::count, what_.last.value_or(50)});
}

/// The log knows no times, but they rise with the numbers: twenty questions find one of a million.
void tail_command::look() {
  if (search_->low >= search_->high) {
    read_from(search_->low - 1);
    return;
  }
  search_->middle = search_->low + (search_->high - search_->low) / 2;
  desk_.look_at(what_.room, 0, search_->middle - 1, 1);
}

void tail_command::on_page(const page_shown& what) {
  if (!search_ || !search_->ready)
    return;
  if (what.failed) {
    pause(std::chrono::seconds{1});
    return;
  }
  progressed();
  if (what.entries.empty() || what.entries.front().what.at_ms >= *what_.since_ms)
    search_->high = search_->middle;
  else
    search_->low = what.entries.front().what.seq + 1;
  look();
}

/// Another timeline reads from there; the one that searched stands at the end of the log.
void tail_command::read_from(std::uint64_t seq) {
  search_.reset();
  found_ = true;
  desk_.leave(what_.room);
  desk_.enter(what_.room, {log_start::from::seq, seq});
}

void tail_command::on_entries(const entries_shown& what) {
  if (search_)
    return; // Written meanwhile; they are read afterwards.
  progressed();
  for (const auto& shown : what.entries)
    out_.data(what_.json ? message_json(what.room, shown.what)
                         : message_line(shown.what, {}, what_.colours));
}

void tail_command::on_ready(const log_ready& what) {
  if (search_) {
    search_ = search{1, what.head + 1, 1, true}; // After a reconnect: from the beginning.
    look();
    return;
  }
  if (found_ && what.again)
    return; // A last word of the timeline that searched.
  if (!what_.follow)
    finish();
}

} // namespace callboard::client
