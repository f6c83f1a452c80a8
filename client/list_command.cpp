// A question that is not answered is asked again: with the next connection, or after a pause.
#include "client/list_command.hpp"

#include "client/visible_text.hpp"
#include "wire/json.hpp"

#include <algorithm>
#include <string>

namespace callboard::client {

namespace {

constexpr std::size_t rooms_most = 500; // The protocol's.
constexpr std::chrono::seconds question_pause{1};

std::string room_line(const room_info& room) {
  return visible_line(room.name) + "\t" + std::to_string(room.head) + "\t"
         + std::to_string(room.members) + "\n";
}

std::string room_json(const room_info& room) {
  std::string line;
  wire::json::object_writer object{line};
  object.text("name", room.name).number("head", room.head);
  object.number("members", std::uint64_t{room.members});
  object.close();
  return line + "\n";
}

std::string name_json(const std::string& name) {
  std::string line;
  wire::json::object_writer object{line};
  object.text("name", name);
  object.close();
  return line + "\n";
}

} // namespace

// -- rooms
// ----------------------------------------------------------------------------------------

void rooms_command::on_welcome(bool /*first*/) {
  desk_.ask_rooms(what_.room, rooms_most);
}

void rooms_command::on_pause_over() {
  if (welcome_)
    desk_.ask_rooms(what_.room, rooms_most);
}

void rooms_command::on_rooms(const rooms_known& what) {
  if (what.failed) {
    pause(question_pause);
    return;
  }
  for (const auto& room : what.rooms)
    out_.data(what_.json ? room_json(room) : room_line(room));
  if (what.rooms.size() >= rooms_most)
    out_.talk("these are the first " + std::to_string(rooms_most)
              + "; narrow it down: callboard rooms PREFIX");
  finish();
}

// -- who
// ------------------------------------------------------------------------------------------

void who_command::on_welcome(bool /*first*/) {
  if (!entered_)
    desk_.ask_rooms(what_.room, rooms_most);
}

void who_command::on_rooms(const rooms_known& what) {
  if (entered_)
    return;
  if (what.failed) {
    pause(question_pause);
    return;
  }
  const bool there = std::any_of(what.rooms.begin(), what.rooms.end(),
                                 [this](const room_info& room) { return room.name == what_.room; });
  if (!there) {
    fail(exit_no_room, "there is no room " + visible_line(what_.room) + " (callboard rooms)");
    return;
  }
  entered_ = true;
  desk_.enter(what_.room, {log_start::from::latest, 0});
}

/// Also after every reconnect: the answer to the first question may have been lost.
void who_command::on_ready(const log_ready& /*what*/) {
  desk_.ask_names(what_.room);
}

void who_command::on_pause_over() {
  if (welcome_ && !entered_)
    desk_.ask_rooms(what_.room, rooms_most);
}

void who_command::on_signal(const signal_shown& what) {
  const auto* const list = std::get_if<wire::who_list>(&*what.what);
  if (list == nullptr)
    return;
  for (const auto& name : list->names)
    out_.data(what_.json ? name_json(name) : visible_line(name) + "\n");
  if (list->members > list->names.size())
    out_.talk("and " + std::to_string(list->members - list->names.size()) + " more");
  finish();
}

} // namespace callboard::client
