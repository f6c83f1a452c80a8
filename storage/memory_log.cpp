// The log without a disk: see the header.
#include "storage/memory_log.hpp"

namespace callboard {

memory_log::memory_log()
  : memory_log{[count = std::int64_t{0}]() mutable { return ++count; },
               [count = 0]() mutable { return "epoch-" + std::to_string(++count); }} {}

memory_log::memory_log(clock now, name_source epochs)
  : now_{std::move(now)}, epochs_{std::move(epochs)} {}

void memory_log::fail_next(memory_fault fault, std::size_t times) {
  const std::lock_guard guard{lock_};
  next_faults_.insert(next_faults_.end(), times, fault);
}

void memory_log::fail_when(std::function<memory_fault(memory_call)> decide) {
  const std::lock_guard guard{lock_};
  decide_ = std::move(decide);
}

void memory_log::refuse_when(std::function<bool(const draft&)> is_poison) {
  const std::lock_guard guard{lock_};
  is_poison_ = std::move(is_poison);
}

void memory_log::stall(bool on) {
  {
    const std::lock_guard guard{lock_};
    stalled_ = on;
  }
  wakes_.notify_all();
}

void memory_log::each_room(
  const std::function<void(const std::string& name, const memory_room&)>& visit) const {
  const std::lock_guard guard{lock_};
  for (const auto& [name, room] : rooms_)
    visit(name, room);
}

std::vector<entry> memory_log::entries(const std::string& room) const {
  const std::lock_guard guard{lock_};
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? std::vector<entry>{} : found->second.entries;
}

std::uint64_t memory_log::calls() const {
  const std::lock_guard guard{lock_};
  return calls_;
}

memory_room& memory_log::room(const std::string& name) {
  auto& room = rooms_[name];
  if (room.epoch.empty())
    room.epoch = epochs_();
  return room;
}

receipt memory_log::store(const draft& what, std::int64_t now_ms) {
  auto& log = room(what.room);
  std::string id;
  id.reserve(what.from.id.size() + 1 + what.client_id.size());
  id.append(what.from.id).append(1, '\0').append(what.client_id);
  const auto [known, is_new] = log.ids.try_emplace(std::move(id), log.entries.size() + 1);
  if (is_new)
    log.entries.push_back({.seq = known->second,
                           .from = what.from,
                           .client_id = what.client_id,
                           .text = what.text,
                           .at_ms = now_ms,
                           .kind = what.kind});
  const auto& kept = log.entries[known->second - 1];
  return {.seq = kept.seq,
          .at_ms = kept.at_ms,
          .duplicate = !is_new,
          .conflict = kept.text != what.text,
          .refused = false};
}

} // namespace callboard
