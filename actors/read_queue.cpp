// One read at a time per reader keeps the queue here, where what nobody waits for can be dropped.
#include "actors/read_queue.hpp"

#include <algorithm>
#include <utility>

namespace callboard {

read_queue::read_queue(const limits& bounds, std::size_t readers)
  : bounds_{bounds}, readers_(readers) {}

// -- asking ---------------------------------------------------------------------------------------

bool read_queue::ask(const read_query& query, asker_id who, time_point now) {
  const auto joined = joinable_.find(key_of(query));
  if (joined != joinable_.end()) {
    auto& same = reads_.at(joined->second);
    if (same.query->limit >= query.limit) {
      same.askers.push_back({who, query.limit, now, given(joined->second)});
      return true;
    }
  }
  if (reads_.size() >= bounds_.reads_under_way)
    return false;
  reads_.emplace(++last_id_, read{query, {{who, query.limit, now, false}}});
  waiting_.push_back(last_id_);
  joinable_.insert_or_assign(key_of(query), last_id_);
  return true;
}

bool read_queue::ask(asker_id who, time_point now) {
  if (reads_.size() >= bounds_.reads_under_way)
    return false;
  reads_.emplace(++last_id_, read{std::nullopt, {{who, 0, now, false}}});
  waiting_.push_back(last_id_);
  return true;
}

read_queue::key read_queue::key_of(const read_query& query) {
  return {query.room, query.where, query.position};
}

// -- reading --------------------------------------------------------------------------------------

std::optional<read_queue::order> read_queue::next(time_point now) {
  const auto idle =
    std::find_if(readers_.begin(), readers_.end(), [](const reader& r) { return r.doing == 0; });
  if (idle == readers_.end() || waiting_.empty())
    return std::nullopt;
  *idle = {waiting_.front(), now};
  waiting_.pop_front();
  const auto& what = reads_.at(idle->doing);
  return order{static_cast<std::size_t>(idle - readers_.begin()), idle->doing, what.query,
               what.askers.front().id};
}

std::optional<read_queue::read> read_queue::finish(read_id id) {
  const auto by = std::find_if(readers_.begin(), readers_.end(),
                               [id](const reader& r) { return id != 0 && r.doing == id; });
  if (by == readers_.end())
    return std::nullopt;
  by->doing = 0;
  auto done = reads_.extract(id);
  forget_query(id, done.mapped());
  return std::move(done.mapped());
}

bool read_queue::given(read_id id) const {
  return std::any_of(readers_.begin(), readers_.end(),
                     [id](const reader& r) { return r.doing == id; });
}

void read_queue::forget_query(read_id id, const read& what) {
  if (!what.query)
    return;
  const auto place = joinable_.find(key_of(*what.query));
  if (place != joinable_.end() && place->second == id)
    joinable_.erase(place);
}

// -- time -----------------------------------------------------------------------------------------

std::vector<asker_id> read_queue::lose_patience(time_point now) {
  std::vector<asker_id> lost;
  for (auto place = reads_.begin(); place != reads_.end();) {
    auto& [id, what] = *place;
    const bool with_reader = given(id);
    if (what.query || !with_reader)
      std::erase_if(what.askers, [&](const asker& a) {
        const bool over = now - a.since >= bounds_.store_patience;
        if (over)
          lost.push_back(a.id);
        return over;
      });
    if (what.askers.empty() && !with_reader) {
      forget_query(id, what);
      place = reads_.erase(place);
    } else {
      ++place;
    }
  }
  if (!lost.empty())
    std::erase_if(waiting_, [this](read_id id) { return !reads_.contains(id); });
  return lost;
}

std::vector<std::size_t> read_queue::stuck(time_point now) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    auto& r = readers_[i];
    if (r.doing == 0 || now - r.since < bounds_.store_patience)
      continue;
    r.since = now;
    found.push_back(i);
  }
  return found;
}

} // namespace callboard
