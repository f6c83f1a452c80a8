// What slash commands do on a full screen.
#include "client/screen/screen_command.hpp"
#include "domain/validate.hpp"

#include <cstdint>
#include <utility>

namespace callboard::client {

namespace {

/// How long a goodbye waits for receipts when no `--timeout` was given.
constexpr std::chrono::seconds goodbye_patience{10};

constexpr std::string_view keys_help =
  "/search TEXT    the newest loaded message with it; Alt-p older, Alt-n newer; /search ends\n"
  "/notify HOW     a mention while you look elsewhere: bell, osc9, osc99, osc777, off\n"
  "/retry          what was not stored: once more; /edit takes it back, /drop forgets it\n"
  "Enter sends; Alt-Enter or C-j begins a new line; Tab completes; C-r searches what you typed\n"
  "PgUp PgDn scroll, C-Home the beginning, End returns; Alt-a next unread room; Alt-Up Alt-Down "
  "Enter chooses a room\n"
  "Alt-r retries what was not stored, Alt-e edits it, Alt-x drops it; C-c C-c or C-d ends";

} // namespace

void screen_command::act(say_line& line) {
  auto* const room = state_.rooms.current();
  if (room == nullptr) {
    say_notice("not sent: you are in no room; /join ROOM");
    state_.input.set(line.text);
    return;
  }
  go_to_end();
  room->view.mark_read();
  room->view.say(++said_, line.text, setup_.wall_ms());
  desk_.say(room->name, said_, std::move(line.text));
}

void screen_command::act(me_line& line) {
  say_line said{"/me " + line.text};
  act(said);
}

void screen_command::act(quit_line& /*line*/) {
  end_now();
}

void screen_command::end_now() {
  if (std::exchange(leaving_, true))
    return;
  if (!what_.timeout)
    set_patience(goodbye_patience);
  progressed();
  settle();
  if (const auto open = open_posts(); open > 0)
    state_.hint = "waiting until " + std::to_string(open)
                  + (open == 1 ? " message is" : " messages are")
                  + " stored; C-c ends now, and the outbox keeps what is not";
}

void screen_command::act(help_line& /*line*/) {
  go_to_end();
  say_notice(std::string{slash_help()} + "\n" + std::string{keys_help}); // One notice: one time.
}

void screen_command::act(who_line& /*line*/) {
  if (!welcome_)
    say_notice("not connected");
  else if (const auto* const room = state_.rooms.current())
    desk_.ask_names(room->name);
}

void screen_command::act(rooms_line& line) {
  if (welcome_)
    desk_.ask_rooms(std::move(line.prefix), 100);
  else
    say_notice("not connected");
}

void screen_command::act(join_line& line) {
  if (check_room_name(line.room, bounds_)) {
    say_notice(std::string{describe(errc::bad_room).sentence});
    return;
  }
  const bool known = state_.rooms.find(line.room) != nullptr;
  open_room(line.room);
  if (!known)
    desk_.enter(line.room, {log_start::from::latest, 100});
}

void screen_command::act(leave_line& line) {
  const auto* const current = state_.rooms.current();
  const auto name = line.room.empty() && current != nullptr ? current->name : line.room;
  const auto* const room = state_.rooms.find(name);
  if (room == nullptr) {
    say_notice("you are not in that room");
    return;
  }
  const auto lost = unsaved_of(*room);
  if (!lost.empty() && std::exchange(leave_asked_, name) != name) {
    say_notice(std::to_string(lost.size()) + (lost.size() == 1 ? " text" : " texts") + " in " + name
               + " would not be sent; /leave again leaves all the same");
    return;
  }
  leave_asked_.clear();
  close_room(name);
  std::string notice = "left " + name;
  std::string texts;
  for (const auto& one : lost) {
    notice += "\n" + one.why + " in " + name + ": " + one.text;
    texts += (texts.empty() ? "" : "\n") + one.text;
  }
  const bool nowhere = state_.rooms.current() == nullptr;
  say_notice(nowhere ? "left " + name + "; /join ROOM, or /quit" : notice);
  if (nowhere && !texts.empty())
    state_.input.set(texts);
}

void screen_command::act(history_line& line) {
  auto* const room = state_.rooms.current();
  if (room == nullptr)
    return;
  auto& where = room->view.where;
  const auto from = where.at_end ? room->view.all_end() - 1 : where.line;
  where = {false, from - static_cast<std::int64_t>(line.count), 0};
  const auto area = message_area(state_, rows_, columns_);
  scroll(room->view, area, 0);
  if (nears_front(room->view, area))
    ask_page(*room, room->view.want_older());
}

void screen_command::act(reconnect_line& /*line*/) {
  desk_.reconnect();
}

void screen_command::act(search_line& line) {
  state_.search = std::move(line.text);
  auto* const room = state_.rooms.current();
  if (state_.search.empty() || room == nullptr)
    return;
  search_at_ = room->view.end();
  find_message(true);
}

void screen_command::act(notify_line& line) {
  const auto how = read_notification(line.how);
  if (how)
    setup_.notify = *how;
  else if (!line.how.empty())
    say_notice("/notify takes off, bell, osc9, osc99 or osc777");
  say_notice("mentions while you look elsewhere: " + std::string{word_of(setup_.notify)});
}

void screen_command::act(retry_line& /*line*/) {
  auto* const room = state_.rooms.current();
  const auto* const failed = room == nullptr ? nullptr : room->view.last_failed();
  if (failed == nullptr) {
    state_.hint = "nothing here has failed";
    return;
  }
  desk_.retry(room->name, failed->tag);
  room->view.pending_again(failed->tag);
}

void screen_command::act(edit_line& /*line*/) {
  auto* const room = state_.rooms.current();
  const auto* const failed = room == nullptr ? nullptr : room->view.last_failed();
  if (failed == nullptr) {
    state_.hint = "nothing here has failed";
    return;
  }
  if (!state_.input.empty()) {
    state_.hint = "what failed would come into the input: send or clear what is there first";
    return;
  }
  editing_.insert(failed->tag);
  desk_.drop(room->name, failed->tag);
}

void screen_command::act(drop_line& /*line*/) {
  auto* const room = state_.rooms.current();
  const auto* const failed = room == nullptr ? nullptr : room->view.last_failed();
  if (failed == nullptr)
    state_.hint = "nothing here has failed";
  else
    desk_.drop(room->name, failed->tag);
}

void screen_command::act(nothing_line& /*line*/) {}

void screen_command::act(wrong_line& line) {
  state_.hint = "not sent: " + line.hint;
}

} // namespace callboard::client
