// What does not belong to events (screen_events.cpp) or keys (screen_keys.cpp): begin, picture,
// end.
#include "client/screen/screen_command.hpp"

#include "client/visible_text.hpp"

#include <algorithm>
#include <utility>

namespace callboard::client {

namespace {

constexpr std::string_view kept_words = " (kept in the outbox, sent at the next start)";

std::string told(const listed_room& room, const unsaved& what) {
  return what.why + " in " + visible_line(room.name) + ": " + visible_line(what.text);
}

} // namespace

screen_command::screen_command(const invocation& what, desk& actors, screen_printer& out,
                               token_store tokens, screen_setup setup)
  : command{what, actors, out, std::move(tokens)},
    says_{out},
    setup_{std::move(setup)},
    file_{setup_.state_folder},
    drafts_{setup_.state_folder, authority(what.server)} {
  file_.load(history_);
  state_.my_name = what.name;
}

void screen_command::on_begin() {
  for (const auto& room : setup_.rooms) {
    give_draft(state_.rooms.open(room));
    desk_.enter(room, {log_start::from::latest, 100});
  }
  if (!setup_.rooms.empty())
    state_.rooms.open(setup_.rooms.front());
  roomless_ = drafts_.take({});
  take_up_input();
  if (name_.empty())
    static_cast<void>(ask_name({}));
  else
    sign_in();
}

bool screen_command::ask_name(const std::string& why) {
  if (!state_.asking_name)
    put_away_input(); // Half a message is no name.
  state_.hint = why;
  state_.asking_name = true;
  return true;
}

bool screen_command::shows_failed(const std::string& room) const {
  return state_.rooms.find(room) != nullptr;
}

void screen_command::on_welcome(bool first) {
  if (first)
    state_.hint = "connected to " + what_.url + " as " + name_ + "; /help lists commands";
}

/// A room that holds something of its author stays, so that it can be sent later or taken back.
void screen_command::on_refused(const log_refused& what) {
  const std::string sentence{describe(what.why).sentence};
  auto* const room = state_.rooms.find(what.room);
  const bool shown = room != nullptr && room == state_.rooms.current();
  const bool typing = shown && !state_.asking_name && !state_.input.empty();
  if (room == nullptr || (!typing && unsaved_of(*room).empty())) {
    close_room(what.room);
    say_notice(what.room + ": " + sentence);
    return;
  }
  const auto text =
    sentence + " What you typed here waits: /reconnect tries again, /leave gives up";
  room->view.notice(text, setup_.wall_ms());
  if (!shown)
    say_notice(what.room + ": " + text);
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
           : std::to_string(open) + (open == 1 ? " message" : " messages")
               + " may not be stored; what is not stays in the outbox and is sent next time";
}

std::vector<std::string> screen_command::leftovers() const {
  std::vector<std::string> lines;
  for (const auto& room : state_.rooms.all())
    for (const auto& one : unsaved_of(*room))
      lines.push_back(told(*room, one).append(one.kept ? kept_words : std::string_view{}));
  if (!state_.input.empty() && !state_.asking_name)
    lines.push_back("not sent: " + visible_line(state_.input.text()));
  if (!setup_.state_folder.empty() && !typed().empty())
    lines.emplace_back("what was not sent stands in its input again at the next start");
  return lines;
}

// -- the input of each room -----------------------------------------------------------------------

std::string& screen_command::draft() {
  auto* const room = state_.rooms.current();
  return room == nullptr ? roomless_ : room->draft;
}

void screen_command::put_away_input() {
  auto text = state_.input.take();
  if (state_.searching)
    text = std::exchange(state_.searching, std::nullopt)->before;
  draft() = history_.end_walk(text);
  state_.pasted = false;
  completing_.reset();
}

void screen_command::take_up_input() {
  state_.input.set(std::exchange(draft(), {}));
}

/// With all that is in it: whoever calls has asked, or gives it back.
void screen_command::close_room(const std::string& name) {
  const auto* const before = state_.rooms.current();
  const bool shown = before != nullptr && before->name == name;
  desk_.leave(name);
  state_.rooms.close(name);
  state_.typing.erase(name);
  if (!shown || state_.asking_name)
    return;
  static_cast<void>(history_.end_walk({}));
  take_up_input();
}

/// All that stands in inputs and may be written to disk, by room; in none, under no name.
draft_file::drafts screen_command::typed() const {
  draft_file::drafts found;
  for (const auto& room : state_.rooms.all())
    found[room->name] = room->draft;
  if (!roomless_.empty())
    found[{}] = roomless_;
  if (!state_.asking_name) {
    const auto* const room = state_.rooms.current();
    const auto& shown = state_.searching ? state_.searching->before : state_.input.text();
    if (auto text = history_.kept_of(shown); !text.empty())
      found[room == nullptr ? std::string{} : room->name] = std::move(text);
  }
  std::erase_if(found, [](const auto& pair) {
    return pair.second.empty() || input_history::may_be_secret(pair.second);
  });
  return found;
}

/// What an earlier process left in the input of this room.
void screen_command::give_draft(listed_room& room) {
  auto text = drafts_.take(room.name);
  if (text.empty())
    return;
  given_back_[room.name] = text;
  room.draft += (room.draft.empty() ? "" : "\n") + text;
}

/// A process that died right behind Enter left the text in two places: it is under way, or stored.
void screen_command::drop_sent(listed_room& room, const std::string& text) {
  const auto place = given_back_.find(room.name);
  if (place == given_back_.end() || place->second != text)
    return;
  given_back_.erase(place);
  if (room.draft == text)
    room.draft.clear();
  else if (state_.rooms.current() == &room && !state_.asking_name && state_.input.text() == text)
    state_.input.set({});
}

std::optional<screen_command::time_point> screen_command::chores_due() const {
  return save_at_ && keep_at_ ? std::min(*save_at_, *keep_at_) : save_at_ ? save_at_ : keep_at_;
}

void screen_command::do_chores(time_point now) {
  if (save_at_ && now >= *save_at_) {
    save_at_.reset();
    marks_.save();
  }
  if (keep_at_ && now >= *keep_at_) {
    keep_at_.reset();
    drafts_.keep(typed());
  }
}

void screen_command::save() {
  marks_.save();
  drafts_.keep(typed());
  if (!state_.asking_name)
    put_away_input(); // The last words name the room.
}

} // namespace callboard::client
