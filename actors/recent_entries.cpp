// Live entries only ever push out older ones; read entries push out nothing.
#include "actors/recent_entries.hpp"

#include <utility>

namespace callboard {

recent_entries::recent_entries(const limits& bounds) : bounds_{bounds} {}

// -- taking ---------------------------------------------------------------------------------------

void recent_entries::remember(const run_ptr& run, time_point now) {
  auto& room = begin_room(run->room());
  use(room, now);
  auto next = run;
  if (!room.runs.empty()) {
    const auto last = room.runs.back()->last();
    if (run->last() <= last)
      return;
    if (run->first() > last + 1)
      while (!room.runs.empty())
        drop_oldest(room);
    else if (run->first() <= last)
      next = copy_of(*run, last + 1, run->last());
  }
  room.bytes += next->bytes();
  bytes_ += next->bytes();
  room.runs.push_back(std::move(next));
  keep_bounds(run->room());
}

bool recent_entries::extend(const run_ptr& run, time_point now) {
  const auto known = rooms_.find(run->room());
  if (known == rooms_.end()) {
    if (!fits(0, run->bytes()))
      return false;
    remember(run, now);
    return true;
  }
  auto& room = known->second;
  const auto first = room.runs.front()->first();
  const auto last = room.runs.back()->last();
  auto more = run;
  const bool at_front = run->first() < first && run->last() + 1 >= first;
  const bool at_back = run->last() > last && run->first() <= last + 1;
  if (at_front == at_back)
    return false; // apart from what is held, within it, or around it
  if (at_front && run->last() >= first)
    more = copy_of(*run, run->first(), first - 1);
  else if (at_back && run->first() <= last)
    more = copy_of(*run, last + 1, run->last());
  if (!fits(room.bytes, more->bytes()))
    return false;
  room.bytes += more->bytes();
  bytes_ += more->bytes();
  if (at_front)
    room.runs.push_front(std::move(more));
  else
    room.runs.push_back(std::move(more));
  use(room, now);
  return true;
}

bool recent_entries::fits(std::size_t room_bytes, std::size_t more) const {
  return room_bytes + more <= bounds_.cache_room_bytes && bytes_ + more <= bounds_.cache_bytes;
}

// -- reading --------------------------------------------------------------------------------------

std::optional<page> recent_entries::read(const read_query& query, time_point now) {
  const auto room = rooms_.find(query.room);
  if (room == rooms_.end())
    return std::nullopt;
  auto found = cut_page(room->second.runs, query, bounds_.page_bytes);
  if (found)
    use(room->second, now);
  return found;
}

// -- forgetting -----------------------------------------------------------------------------------

void recent_entries::forget_unused(time_point now) {
  while (!by_use_.empty()) {
    const auto oldest = rooms_.find(by_use_.front());
    if (now - oldest->second.used < bounds_.cache_ttl)
      return;
    erase(oldest);
  }
}

void recent_entries::keep_bounds(const std::string& newest) {
  const auto room = rooms_.find(newest);
  while (room->second.bytes > bounds_.cache_room_bytes)
    drop_oldest(room->second);
  if (room->second.runs.empty())
    return erase(room);
  while (bytes_ > bounds_.cache_bytes) {
    const auto oldest = rooms_.find(by_use_.front());
    drop_oldest(oldest->second);
    if (oldest->second.runs.empty())
      erase(oldest);
  }
}

recent_entries::kept& recent_entries::begin_room(const std::string& name) {
  const auto [room, fresh] = rooms_.try_emplace(name);
  if (fresh)
    room->second.place = by_use_.insert(by_use_.end(), name);
  return room->second;
}

void recent_entries::use(kept& room, time_point now) {
  room.used = now;
  by_use_.splice(by_use_.end(), by_use_, room.place);
}

void recent_entries::drop_oldest(kept& room) {
  const auto bytes = room.runs.front()->bytes();
  room.bytes -= bytes;
  bytes_ -= bytes;
  room.runs.pop_front();
}

void recent_entries::erase(rooms::iterator room) {
  bytes_ -= room->second.bytes;
  by_use_.erase(room->second.place);
  rooms_.erase(room);
}

} // namespace callboard
