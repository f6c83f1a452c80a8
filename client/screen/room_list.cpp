// Rooms stand in the order in which they were entered: a list that sorts itself is never where one
// looks for it.
#include "client/screen/room_list.hpp"

#include <algorithm>

namespace callboard::client {

std::vector<unsaved> unsaved_of(const listed_room& room) {
  std::vector<unsaved> found;
  for (const auto& line : room.view.own()) {
    const bool pending = line.now == own_line::state::pending;
    if (line.now != own_line::state::stored)
      found.push_back({pending ? "not confirmed" : "not stored", line.text, pending});
  }
  if (!room.draft.empty())
    found.push_back({"not sent", room.draft, false});
  return found;
}

listed_room& room_list::open(const std::string& name) {
  auto place = index_of(name);
  if (!place) {
    rooms_.push_back(std::make_unique<listed_room>());
    rooms_.back()->name = name;
    place = rooms_.size() - 1;
  }
  if (current_ && *current_ != *place)
    rooms_[*current_]->view.put_away();
  current_ = place;
  selected_.reset();
  return *rooms_[*place];
}

void room_list::close(const std::string& name) {
  const auto place = index_of(name);
  if (!place)
    return;
  rooms_.erase(rooms_.begin() + static_cast<std::ptrdiff_t>(*place));
  selected_.reset();
  if (rooms_.empty())
    current_.reset();
  else if (current_ && *current_ >= *place)
    current_ = *current_ == *place ? std::min(*place, rooms_.size() - 1) : *current_ - 1;
}

listed_room* room_list::current() {
  return current_ ? rooms_[*current_].get() : nullptr;
}

const listed_room* room_list::current() const {
  return current_ ? rooms_[*current_].get() : nullptr;
}

listed_room* room_list::find(const std::string& name) {
  const auto place = index_of(name);
  return place ? rooms_[*place].get() : nullptr;
}

const listed_room* room_list::find(const std::string& name) const {
  const auto place = index_of(name);
  return place ? rooms_[*place].get() : nullptr;
}

std::optional<std::string> room_list::next_unread() const {
  const auto start = current_.value_or(0);
  const auto after = [this, start](auto wanted) -> std::optional<std::string> {
    for (std::size_t step = 1; step <= rooms_.size(); ++step) {
      const auto& room = *rooms_[(start + step) % rooms_.size()];
      if (wanted(room.view))
        return room.name;
    }
    return std::nullopt;
  };
  const auto mention = after([](const room_view& view) { return view.unread_mentions() > 0; });
  return mention ? mention : after([](const room_view& view) { return view.unread() > 0; });
}

void room_list::select(int step) {
  if (rooms_.empty())
    return;
  const auto count = static_cast<int>(rooms_.size());
  const auto from = static_cast<int>(selected_.value_or(current_.value_or(0)));
  selected_ = static_cast<std::size_t>((from + step + count) % count);
}

std::optional<std::string> room_list::selected() const {
  return selected_ ? std::optional{rooms_[*selected_]->name} : std::nullopt;
}

std::size_t room_list::unread() const {
  std::size_t count = 0;
  for (const auto& room : rooms_)
    count += room->view.unread();
  return count;
}

std::size_t room_list::mentions() const {
  std::size_t count = 0;
  for (const auto& room : rooms_)
    count += room->view.unread_mentions();
  return count;
}

std::optional<std::size_t> room_list::index_of(const std::string& name) const {
  const auto place = std::find_if(rooms_.begin(), rooms_.end(),
                                  [&name](const auto& room) { return room->name == name; });
  return place == rooms_.end() ? std::nullopt
                               : std::optional{static_cast<std::size_t>(place - rooms_.begin())};
}

} // namespace callboard::client
