// A store over a memory_log: see the header.
#include "storage/memory_store.hpp"

#include "storage/fit.hpp"

#include <algorithm>
#include <stdexcept>

namespace callboard {

namespace {

/// These data are refused, as PostgreSQL would.
struct not_storable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void require_storable(std::string_view text) {
  if (!is_storable(text))
    throw not_storable{"a text holds a NUL or is not UTF-8"};
}

} // namespace

template <class Call>
auto memory_store::settle(memory_call kind, Call call) -> outcome<decltype(call())> {
  auto& log = *log_;
  std::unique_lock guard{log.lock_};
  ++log.calls_;
  if (log.stalled_) {
    interrupted_ = false;
    log.wakes_.wait(guard, [&] { return !log.stalled_ || interrupted_; });
    if (log.stalled_)
      return store_failure{store_fault::again, "interrupted"};
  }
  auto fault = memory_fault::none;
  if (!log.next_faults_.empty()) {
    fault = log.next_faults_.front();
    log.next_faults_.pop_front();
  } else if (log.decide_) {
    fault = log.decide_(kind);
  }
  if (fault == memory_fault::before_commit)
    return store_failure{store_fault::again, "ordered to fail before the commit"};
  try {
    auto value = call();
    if (fault == memory_fault::after_commit)
      return store_failure{store_fault::again, "ordered to fail after the commit"};
    return value;
  } catch (const not_storable& error) {
    return store_failure{store_fault::refused, error.what()};
  }
}

outcome<std::vector<receipt>> memory_store::append(std::span<const draft_ptr> batch) {
  return settle(memory_call::append, [&] {
    for (const auto& draft : batch) {
      if (!is_storable(*draft))
        throw not_storable{"a draft holds a NUL or is not UTF-8"};
      if (log_->is_poison_ && log_->is_poison_(*draft))
        throw not_storable{"ordered to refuse a draft"};
    }
    std::vector<receipt> receipts;
    receipts.reserve(batch.size());
    const auto now = log_->now_();
    for (const auto& draft : batch)
      receipts.push_back(log_->store(*draft, now));
    return receipts;
  });
}

outcome<room_head> memory_store::open(const std::string& room) {
  return settle(memory_call::open, [&] {
    require_storable(room);
    const auto& log = log_->room(room);
    return room_head{log.epoch, 1, log.entries.size()};
  });
}

outcome<std::vector<entry>> memory_store::read(const read_query& query) {
  return settle(memory_call::read, [&] {
    require_storable(query.room);
    const auto found = log_->rooms_.find(query.room);
    if (found == log_->rooms_.end())
      return std::vector<entry>{};
    const auto& all = found->second.entries;
    seq_t first = 0; // Indices, half open.
    seq_t last = all.size();
    if (query.where == read_query::direction::after) {
      first = std::min<seq_t>(query.position, last);
      last = first + std::min<seq_t>(query.limit, last - first);
    } else {
      last = std::min<seq_t>(query.position - std::min<seq_t>(query.position, 1), last);
      first = last - std::min<seq_t>(query.limit, last);
    }
    return std::vector<entry>(all.begin() + static_cast<std::ptrdiff_t>(first),
                              all.begin() + static_cast<std::ptrdiff_t>(last));
  });
}

outcome<std::vector<room_info>> memory_store::rooms(std::string_view prefix, std::size_t limit) {
  return settle(memory_call::rooms, [&] {
    require_storable(prefix);
    std::vector<room_info> found;
    for (auto room = log_->rooms_.lower_bound(prefix); room != log_->rooms_.end(); ++room) {
      if (found.size() == limit || !room->first.starts_with(prefix))
        break;
      found.push_back({room->first, room->second.entries.size(), 0});
    }
    return found;
  });
}

outcome<bool> memory_store::claim_name(const name_claim& claim) {
  return settle(memory_call::claim_name, [&] {
    for (const auto& text : {claim.key, claim.who.id, claim.who.name})
      require_storable(text);
    constexpr std::chrono::seconds longest = std::chrono::hours{24 * 365 * 1000};
    const std::chrono::milliseconds hold = std::clamp(claim.hold, std::chrono::seconds{0}, longest);
    const auto now = log_->now_();
    const auto [owner, is_new] = log_->names_.try_emplace(claim.key);
    if (!is_new && owner->second.who.id != claim.who.id && !claim.by_force
        && owner->second.seen_ms + hold.count() > now)
      return false;
    owner->second = {claim.who, now};
    return true;
  });
}

outcome<std::string> memory_store::meta(const std::string& key, const std::string& fresh) {
  return settle(memory_call::meta, [&] {
    require_storable(key);
    require_storable(fresh);
    return log_->meta_.try_emplace(key, fresh).first->second;
  });
}

outcome<done> memory_store::ping() {
  return settle(memory_call::ping, [] { return done{}; });
}

void memory_store::interrupt() noexcept {
  {
    const std::lock_guard guard{log_->lock_};
    interrupted_ = true;
  }
  log_->wakes_.notify_all();
}

std::variant<preparation, unusable> memory_database::prepare() {
  preparation found;
  found.schema = found.migrated_from = 1;
  log_->each_room([&](const std::string&, const memory_room& room) {
    ++found.rooms;
    found.entries += room.entries.size();
  });
  return found;
}

std::variant<std::uint64_t, unusable> memory_database::renew_epochs() {
  const std::lock_guard guard{log_->lock_};
  for (auto& [name, room] : log_->rooms_)
    room.epoch = log_->epochs_();
  return log_->rooms_.size();
}

} // namespace callboard
