// Events to state. An entry counts as read when it came while somebody could see it: its room open,
// at the end, and the terminal not known to be unfocused.
#include "client/screen/screen_command.hpp"
#include "client/screen/text_width.hpp"
#include "client/visible_text.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace callboard::client {

namespace {

constexpr std::chrono::seconds typing_for{6};

/// Without reports of focus: so long after the last key, nobody is taken to look.
constexpr std::chrono::seconds away_after{60};

/// How far was read is written so long after it has changed: once for many messages.
constexpr std::chrono::seconds marks_after{2};

} // namespace

void screen_command::note(const screen_event& event, time_point now) {
  now_ = now;
  std::visit([this](const auto& what) { see(what); }, event);
  // The status bar tells these better.
  if (std::holds_alternative<link_lost>(event) || std::holds_alternative<link_connecting>(event))
    static_cast<void>(says_.take());
  drain();
  settle();
  look();
}

/// What the command itself said becomes a line among the messages.
void screen_command::drain() {
  if (result())
    return; // The last words are for the shell.
  for (const auto& line : says_.take())
    if (line != "connected again")
      say_notice(line);
}

void screen_command::overhear(const std::vector<std::string>& lines) {
  for (const auto& line : lines)
    say_notice(line);
}

void screen_command::say_notice(const std::string& text) {
  auto* const room = state_.rooms.current();
  if (room != nullptr)
    room->view.notice(text, setup_.wall_ms());
  if (room == nullptr || !room->view.attached())
    state_.hint = text;
}

bool screen_command::is_watched(const listed_room& room) const {
  return state_.rooms.current() == &room && room.view.where.at_end && room.view.attached()
         && focused_;
}

/// What is in sight has been read.
void screen_command::look() {
  auto* const room = state_.rooms.current();
  if (room == nullptr || !room->ready || !is_watched(*room))
    return;
  room->view.mark_read();
  keep_mark(*room);
}

void screen_command::keep_mark(const listed_room& room) {
  marks_.advance(room.name, room.epoch, room.view.read());
  if (marks_.changed() && !save_at_)
    save_at_ = now_ + marks_after;
}

// -- the connection -------------------------------------------------------------------------------

void screen_command::see(const link_connecting& /*event*/) {
  state_.connection.now = connection_state::phase::connecting;
}

void screen_command::see(const link_welcome& event) {
  state_.connection.now = connection_state::phase::online;
  state_.connection.round_trip.reset();
  const auto& user = event.what->user;
  if (user.id != state_.my_id)
    marks_ = read_marks{setup_.state_folder, authority(what_.server), user.name};
  state_.my_name = user.name;
  state_.my_id = user.id;
}

void screen_command::see(const link_lost& event) {
  auto& connection = state_.connection;
  connection.now = connection_state::phase::waiting;
  connection.retry_at = now_ + event.retry_in;
  connection.attempt = event.attempt;
  connection.why = event.why;
  connection.round_trip.reset();
}

void screen_command::see(const link_ended& event) {
  state_.connection.now = connection_state::phase::ended;
  state_.connection.why = event.what.why;
}

void screen_command::see(const link_pulse& event) {
  state_.connection.round_trip = event.round_trip;
}

void screen_command::see(const rooms_known& event) {
  if (event.failed)
    say_notice("the list of rooms cannot be read now");
  std::string list;
  if (!event.failed)
    listed_.clear();
  for (const auto& room : event.rooms)
    if (state_.rooms.find(room.name) == nullptr)
      listed_.push_back(room.name);
  for (const auto& room : event.rooms)
    list += (list.empty() ? "" : "\n") + visible_line(room.name) + ": " + std::to_string(room.head)
            + " messages, " + std::to_string(room.members) + " here";
  if (!list.empty())
    say_notice(list);
  if (event.rooms.empty() && !event.failed)
    say_notice("no such rooms");
}

// -- logs -----------------------------------------------------------------------------------------

void screen_command::see(const log_ready& event) {
  auto* const room = state_.rooms.find(event.room);
  if (room == nullptr)
    return;
  // After another log under the same name: its marks say nothing about this one.
  if (!room->ready) {
    room->epoch = event.epoch;
    if (const auto read = marks_.position(room->name, room->epoch))
      room->view.resume_reading(*read);
  }
  room->ready = true;
  keep_mark(*room);
}

void screen_command::see(const log_reset& event) {
  if (auto* const room = state_.rooms.find(event.room)) {
    room->view.reset();
    room->ready = false;
  }
}

void screen_command::see(const entries_shown& event) {
  auto* const room = state_.rooms.find(event.room);
  if (room == nullptr)
    return;
  const std::string* newest_own = nullptr;
  for (const auto& shown : event.entries) {
    // What was there at the join is no news, unless a mark tells otherwise once all of it is here.
    const bool watched = !room->ready || is_watched(*room);
    // Own is also what was said by another process, or in a browser.
    const bool own = shown.own || shown.what.from.id == state_.my_id;
    room->view.add(shown.what, own, shown.own ? shown.tag : 0, state_.my_name, watched);
    if (own)
      newest_own = &shown.what.text;
    if (auto& typing = state_.typing[event.room]; !typing.empty())
      typing.erase(shown.what.from.name);
    if (room->ready && !shown.own && shown.what.from.id != state_.my_id)
      alert(*room, shown.what);
  }
  // Only the last word: an earlier one of the same sound has nothing to do with the draft.
  if (newest_own != nullptr)
    drop_sent(*room, *newest_own);
}

void screen_command::see(const page_shown& event) {
  auto* const room = state_.rooms.find(event.room);
  if (room == nullptr)
    return;
  if (event.failed) {
    room->view.page_failed();
    state_.hint = welcome_ ? "this cannot be read now" : "not connected: no more can be read now";
    return;
  }
  std::vector<entry> entries;
  entries.reserve(event.entries.size());
  for (const auto& shown : event.entries)
    entries.push_back(shown.what);
  room->view.add_page({event.before, event.after}, entries, event.more, state_.my_name,
                      state_.my_id);
  if (event.after == seq_t{0})
    scroll(room->view, message_area(state_, rows_, columns_), 0);
  ask_page(*room, room->view.still_wanted());
}

/// Bytes that call a person who does not look.
void screen_command::alert(const listed_room& room, const entry& what) {
  constexpr std::size_t bytes_most = 2048; // A flood of mentions calls no longer than that.
  const bool looks = focus_known_ ? focused_ : now_ - key_at_ < away_after;
  if (looks || bytes_.size() > bytes_most || !mentions(what.text, state_.my_name))
    return;
  bytes_ += notification_bytes(setup_.notify, what.from.name + " in " + room.name, what.text);
}

void screen_command::ask_page(const listed_room& room, const std::optional<wanted_page>& page) {
  constexpr std::size_t page_entries = 200;
  if (page)
    desk_.look_at(room.name, page->before, page->after, page_entries);
}

// -- own messages ---------------------------------------------------------------------------------

void screen_command::see(const own_stored& event) {
  if (auto* const room = state_.rooms.find(event.room))
    room->view.stored(event.tag);
}

void screen_command::see(const own_failed& event) {
  if (auto* const room = state_.rooms.find(event.room))
    room->view.failed(event.tag, event.text, event.sentence, setup_.wall_ms());
}

void screen_command::see(const own_restored& event) {
  if (auto* const room = state_.rooms.find(event.room)) {
    room->view.say(event.tag, event.text, setup_.wall_ms());
    drop_sent(*room, event.text);
  }
}

void screen_command::see(const own_dropped& event) {
  auto* const room = state_.rooms.find(event.room);
  const bool edit = editing_.erase(event.tag) > 0;
  if (room == nullptr)
    return;
  // A failure so old that the timeline has forgotten it: its text is only here.
  const auto& own = room->view.own();
  const bool forgotten =
    event.text.empty() && std::any_of(own.begin(), own.end(), [&event](const own_line& line) {
      return line.tag == event.tag && line.now == own_line::state::failed;
    });
  if (!event.gone && !forgotten) {
    say_notice("it cannot be taken back: the server may have it already");
    return;
  }
  const auto text = room->view.forget(event.tag);
  if (edit)
    return_text(*room, text.empty() ? event.text : text);
}

/// Into the input of its room, where it does not overwrite what has been typed since.
void screen_command::return_text(listed_room& room, const std::string& text) {
  const bool shown = state_.rooms.current() == &room && !state_.asking_name;
  if (shown && state_.input.empty() && !state_.searching)
    state_.input.set(text);
  else if (!shown && room.draft.empty())
    room.draft = text;
  else
    room.view.notice("taken back: " + text, setup_.wall_ms());
  keep_at_ = now_;
}

// -- signals --------------------------------------------------------------------------------------

void screen_command::see(const signal_shown& event) {
  std::visit([this, &event](const auto& what) { hear(event.room, what); }, *event.what);
}

void screen_command::hear(const std::string& room_name, const wire::presence& what) {
  auto* const room = state_.rooms.find(room_name);
  if (room == nullptr)
    return;
  room->view.members = what.members;
  room->view.visit(what.joined, what.left, setup_.wall_ms());
}

void screen_command::hear(const std::string& room, const wire::typing_notice& what) {
  auto& typing = state_.typing[room];
  std::erase_if(typing, [this](const auto& pair) { return pair.second <= now_; });
  constexpr std::size_t names_most = 20;
  if (what.from != state_.my_name && typing.size() < names_most)
    typing[what.from] = now_ + typing_for;
}

void screen_command::hear(const std::string& room_name, const wire::who_list& what) {
  if (auto* const room = state_.rooms.find(room_name))
    room->view.members = what.members;
  say_notice("here: " + visible_names(what.names) + " (" + std::to_string(what.members) + ")");
}

} // namespace callboard::client
