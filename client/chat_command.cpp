// What a person typed is not shown to that person a second time; in a pipe everything is shown.
#include "client/chat_command.hpp"

#include "client/message_line.hpp"
#include "client/visible_text.hpp"
#include "domain/validate.hpp"

#include <string_view>
#include <utility>
#include <variant>

namespace callboard::client {

namespace {

/// Lines without a receipt at which stdin waits. A person types on while the server is away.
constexpr std::uint64_t unsettled_most = 500;

/// How long a goodbye waits for receipts when no `--timeout` was given.
constexpr std::chrono::seconds goodbye_patience{10};

/// What a signal says to people; empty: nothing.
struct sentence {
  std::string operator()(const wire::presence& what) const {
    std::string text;
    if (!what.joined.empty())
      text += visible_names(what.joined) + " came";
    if (!what.left.empty())
      text.append(text.empty() ? "" : ", ").append(visible_names(what.left) + " left");
    return text.empty() ? text : text + " (" + std::to_string(what.members) + " here)";
  }
  std::string operator()(const wire::typing_notice& /*what*/) const { return {}; }
  std::string operator()(const wire::who_list& what) const {
    return "here: " + visible_names(what.names) + " (" + std::to_string(what.members) + ")";
  }
};

} // namespace

chat_command::chat_command(const invocation& what, desk& actors, printer& out, token_store tokens,
                           bool echoes)
  : command{what, actors, out, std::move(tokens)}, echoes_{echoes} {}

// -- names
// ----------------------------------------------------------------------------------------

void chat_command::on_begin() {
  join(what_.room);
  for (const auto& room : what_.rooms)
    if (rooms_.insert(room).second)
      desk_.enter(room, {log_start::from::latest, 50});
  if (name_.empty())
    ask_name({});
  else
    sign_in();
}

bool chat_command::ask_name(const std::string& why) {
  if (!echoes_)
    return false;
  if (!why.empty())
    out_.talk(why);
  asking_name_ = true;
  out_.ask("Username: ");
  return true;
}

void chat_command::take_name(const std::string& line) {
  if (check_author_name(line, bounds_)) {
    ask_name(line.empty() ? std::string{} : std::string{describe(errc::bad_name).sentence});
    return;
  }
  asking_name_ = false;
  sign_in_as(line);
}

// -- input
// ----------------------------------------------------------------------------------------

bool chat_command::wants_input() const {
  // Commands in a pipe would else be answered with "not connected".
  const bool may_ask = echoes_ || welcome_;
  return !leaving_ && may_ask && said_ - settled_ + questions_.size() < unsettled_most;
}

void chat_command::take_line(std::string line) {
  if (asking_name_) {
    take_name(line);
    return;
  }
  if (echoes_)
    desk_.touch_keys();
  // In a pipe there is no slip of the fingers, but there are commands all the same.
  auto typed = read_typed(line);
  std::visit([this](auto& what) { act(what); }, typed);
}

void chat_command::end_input() {
  if (std::exchange(leaving_, true))
    return;
  if (asking_name_) {
    finish();
    return;
  }
  if (!what_.timeout)
    set_patience(goodbye_patience);
  progressed();
  settle();
}

void chat_command::act(say_line& line) {
  if (current_.empty()) {
    out_.talk("not sent: you are in no room; /join ROOM");
    return;
  }
  desk_.say(current_, ++said_, std::move(line.text));
}

void chat_command::act(quit_line& /*line*/) {
  end_input();
}

void chat_command::act(help_line& /*line*/) {
  out_.talk(slash_help());
}

void chat_command::act(who_line& /*line*/) {
  ask(open_questions::about::names, current_);
}

void chat_command::act(rooms_line& line) {
  ask(open_questions::about::rooms, std::move(line.prefix));
}

/// A person is told when there is no connection; in a pipe the question waits for one.
void chat_command::ask(open_questions::about what, std::string where, std::size_t count) {
  if (!welcome_ && echoes_) {
    out_.talk("not connected");
    return;
  }
  if (what != open_questions::about::rooms && where.empty()) {
    out_.talk("you are in no room; /join ROOM");
    return;
  }
  questions_.add(what, std::move(where), count);
  put_questions();
}

void chat_command::put_questions() {
  questions_.put([this](const open_questions::question& each) {
    switch (each.what) {
      case open_questions::about::names:
        desk_.ask_names(each.where);
        break;
      case open_questions::about::rooms:
        desk_.ask_rooms(each.where, 100);
        break;
      case open_questions::about::older:
        desk_.page_back(each.where, each.count);
        break;
    }
  });
}

void chat_command::answered(open_questions::about what, const std::string& where) {
  questions_.answered(what, where);
  put_questions();
  settle();
}

void chat_command::act(join_line& line) {
  if (check_room_name(line.room, bounds_))
    out_.talk(std::string{describe(errc::bad_room).sentence});
  else
    join(line.room);
}

void chat_command::act(leave_line& line) {
  const auto room = line.room.empty() ? current_ : line.room;
  if (rooms_.erase(room) == 0) {
    out_.talk("you are not in that room");
    return;
  }
  desk_.leave(room);
  questions_.room_left(room);
  if (room == current_)
    current_ = rooms_.empty() ? std::string{} : *rooms_.begin();
  out_.talk("left " + visible_line(room)
            + (current_.empty() ? "; /join ROOM, or /quit" : "; now in " + visible_line(current_)));
}

void chat_command::act(history_line& line) {
  ask(open_questions::about::older, current_, line.count);
}

void chat_command::act(reconnect_line& /*line*/) {
  desk_.reconnect();
}

void chat_command::act(me_line& line) {
  say_line as_text{"/me " + line.text};
  act(as_text);
}

void chat_command::act(search_line& /*line*/) {
  out_.talk("lines are searched where they are shown: in the terminal's own scrollback");
}

void chat_command::act(retry_line& /*line*/) {
  out_.talk("in lines, what was not stored was given back at once; type it again");
}

void chat_command::act(edit_line& /*line*/) {
  retry_line same;
  act(same);
}

void chat_command::act(drop_line& /*line*/) {
  retry_line same;
  act(same);
}

void chat_command::act(notify_line& /*line*/) {
  out_.talk("there are no notifications in lines");
}

void chat_command::act(nothing_line& /*line*/) {}

void chat_command::act(wrong_line& line) {
  out_.talk("not sent: " + visible_line(line.hint));
}

void chat_command::join(const std::string& room) {
  current_ = room;
  if (rooms_.insert(room).second)
    desk_.enter(room, {log_start::from::latest, 50});
  else
    out_.talk("now in " + visible_line(room));
}

/// Ends once nothing is open, if it is time to end. A person who leaves waits for no answers.
void chat_command::settle() {
  if (leaving_ && settled_ == said_ && (echoes_ || questions_.empty()))
    finish(echoes_ ? int{exit_ok} : failure_);
}

std::string chat_command::unfinished() const {
  const auto open = said_ - settled_;
  return open == 0 ? std::string{}
                   : std::to_string(open) + (open == 1 ? " message" : " messages")
                       + " may not be stored; what is not stays in the "
                         "outbox and is sent next time";
}

// -- output
// ---------------------------------------------------------------------------------------

void chat_command::on_welcome(bool first) {
  if (first)
    out_.talk("connected to " + what_.url + " as " + visible_line(name_)
              + "; /help lists commands");
  questions_.connected();
  put_questions();
}

void chat_command::print(const std::string& room, const std::vector<shown_entry>& entries,
                         bool all) {
  const auto* const shown_room = rooms_.size() > 1 ? &room : nullptr;
  for (const auto& shown : entries) {
    if (all || !shown.own || !echoes_)
      out_.data(message_line(
        shown.what, shown_room != nullptr ? std::string_view{*shown_room} : std::string_view{},
        what_.colours));
  }
}

void chat_command::on_entries(const entries_shown& what) {
  print(what.room, what.entries, false);
}

void chat_command::on_older(const older_shown& what) {
  if (!what.failed && !what.entries.empty()) {
    out_.talk("-- older --");
    print(what.room, what.entries, true);
  }
  out_.talk(what.failed ? "older messages cannot be read now"
            : what.more ? "-- there is more: /history --"
                        : "-- the room begins here --");
  answered(open_questions::about::older, what.room);
}

void chat_command::on_ready(const log_ready& what) {
  if (!what.again)
    out_.talk("in " + visible_line(what.room) + ", " + std::to_string(what.head)
              + (what.head == 1 ? " message" : " messages") + " so far");
  questions_.room_ready(what.room);
  put_questions();
}

void chat_command::on_refused(const log_refused& what) {
  if (what.room == what_.room && rooms_.size() == 1) {
    command::on_refused(what);
    return;
  }
  out_.talk(visible_line(what.room) + ": " + std::string{describe(what.why).sentence});
  leave_line gone{what.room};
  act(gone);
}

void chat_command::on_stored(const own_stored& /*what*/) {
  ++settled_;
  settle();
}

void chat_command::on_failed(const own_failed& what) {
  ++settled_;
  if (failure_ == exit_ok)
    failure_ = exit_code_of(what.why);
  give_back(what);
  settle();
}

void chat_command::on_signal(const signal_shown& what) {
  const auto text = std::visit(sentence{}, *what.what);
  if (!text.empty())
    out_.talk((rooms_.size() > 1 ? "#" + visible_line(what.room) + " " : std::string{}) + text);
  if (std::holds_alternative<wire::who_list>(*what.what))
    answered(open_questions::about::names, what.room);
}

void chat_command::on_rooms(const rooms_known& what) {
  if (what.failed)
    out_.talk("the list of rooms cannot be read now");
  for (const auto& room : what.rooms)
    out_.talk(visible_line(room.name) + ": " + std::to_string(room.head) + " messages, "
              + std::to_string(room.members) + " here");
  answered(open_questions::about::rooms, what.prefix);
}

} // namespace callboard::client
