// A batch is what arrived while the store was busy: no timer, no tuning. Order within a room holds
// because a room has at most one append under way, so nothing of it stands behind a refused one.
#include "actors/group_commit.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

namespace callboard {

namespace {

/// Opens and claims are bounded by the same bytes; each counts as much as a small draft.
constexpr std::size_t cost_of_request = sizeof(draft);

} // namespace

std::size_t cost_of(const draft& what) {
  return sizeof(draft) + what.room.size() + what.from.id.size() + what.from.name.size()
         + what.client_id.size() + what.text.size();
}

// -- accepting ------------------------------------------------------------------------------------

group_commit::group_commit(const limits& bounds, random_below random)
  : bounds_{bounds}, random_{std::move(random)} {}

std::optional<work_id> group_commit::append(drafts drafts, time_point now) {
  std::size_t cost = 0;
  for (const auto& d : drafts)
    cost += cost_of(*d);
  return accept(appends_, std::move(drafts), cost, now);
}

std::optional<work_id> group_commit::open(std::string room, time_point now) {
  const auto cost = cost_of_request + room.size();
  return accept(requests_, store_open{std::move(room)}, cost, now);
}

std::optional<work_id> group_commit::claim(name_claim what, time_point now) {
  const auto cost = cost_of_request + what.key.size() + what.who.id.size() + what.who.name.size();
  return accept(requests_, std::make_shared<const name_claim>(std::move(what)), cost, now);
}

std::optional<work_id> group_commit::accept(std::deque<work>& line, wish what, std::size_t cost,
                                            time_point now) {
  // An empty line takes anything, so that no append is too large for ever.
  if (bytes_ > 0 && bytes_ + cost > bounds_.waiting_bytes)
    return std::nullopt;
  line.push_back({++last_id_, std::move(what), now, cost, {}, false});
  bytes_ += cost;
  return last_id_;
}

// -- giving jobs ----------------------------------------------------------------------------------

std::optional<job> group_commit::next(time_point now) {
  if (in_flight_ || now < not_before_)
    return std::nullopt;
  if (begun_ == 0)
    gather();
  if (begun_ == 0 && ready_ && now - answered_at_ < ping_every)
    return std::nullopt;
  in_flight_ = true;
  stuck_since_ = now;
  return current();
}

/// The work that the next job does: the appends that fit a batch, or one request. They take turns,
/// older first, but no two requests in front of a waiting message: a flood of joins delays nobody.
/// An append is taken whole unless it alone exceeds the bounds; then its rest leads the next batch.
void group_commit::gather() {
  const bool is_turn_of_request =
    !requests_.empty()
    && (appends_.empty() || (!request_was_last_ && requests_.front().id < appends_.front().id));
  if (is_turn_of_request) {
    request_was_last_ = true;
    begun_ = 1;
    return;
  }
  if (appends_.empty())
    return;
  request_was_last_ = false;
  const auto most = std::max<std::size_t>(bounds_.batch_posts, 1);
  drafts batch;
  std::size_t bytes = 0;
  for (const auto& item : appends_) {
    const auto rest = std::span{std::get<drafts>(item.what)}.subspan(item.receipts.size());
    if (begun_ > 0
        && (batch.size() + rest.size() > most || bytes + item.cost > bounds_.batch_bytes))
      break;
    ++begun_;
    for (const auto& d : rest) {
      bytes += cost_of(*d);
      if (!batch.empty() && (batch.size() == most || bytes > bounds_.batch_bytes))
        break;
      batch.push_back(d);
    }
  }
  parts_.push_back(std::make_shared<const drafts>(std::move(batch)));
}

job group_commit::current() const {
  if (!parts_.empty())
    return parts_.front();
  if (begun_ == 0)
    return store_ping{};
  if (const auto* room = std::get_if<store_open>(&requests_.front().what))
    return *room;
  return std::get<std::shared_ptr<const name_claim>>(requests_.front().what);
}

std::size_t group_commit::drafts_under_way() const {
  return in_flight_ && !parts_.empty() ? parts_.front()->size() : 0;
}

// -- outcomes -------------------------------------------------------------------------------------

std::vector<work_answer> group_commit::finish(const job_result& result, time_point now) {
  if (!in_flight_)
    throw std::logic_error{"an outcome without a job"};
  std::vector<work_answer> answers;
  const auto* failure = std::get_if<store_failure>(&result);
  // A refused ping says nothing about data: the store is not usable, as if it were gone.
  const bool failed = failure != nullptr && (failure->fault == store_fault::again || begun_ == 0);
  if (failed) {
    fail(now);
  } else if (failure != nullptr) {
    refuse(answers);
  } else {
    succeed(result, answers);
    ready_ = true;
  }
  if (!failed) {
    failures_ = 0;
    answered_at_ = now;
  }
  in_flight_ = false;
  return answers;
}

void group_commit::succeed(const job_result& result, std::vector<work_answer>& answers) {
  if (begun_ == 0) {
    (void)std::get<done>(result);
  } else if (!parts_.empty()) {
    const auto& receipts = std::get<std::vector<receipt>>(result);
    if (receipts.size() != parts_.front()->size())
      throw std::logic_error{"the store answered another number of drafts than it was given"};
    for (const auto& r : receipts)
      settle(r, answers);
    parts_.pop_front();
  } else {
    const auto& item = requests_.front();
    work_answer answer;
    if (std::holds_alternative<store_open>(item.what))
      answer = work_opened{item.id, std::get<room_head>(result)};
    else
      answer = work_claimed{item.id, std::get<bool>(result)};
    if (!item.told)
      answers.push_back(std::move(answer));
    drop_first(requests_);
  }
  if (parts_.empty())
    begun_ = 0;
}

void group_commit::refuse(std::vector<work_answer>& answers) {
  if (parts_.empty()) {
    if (!requests_.front().told)
      answers.emplace_back(work_refused{requests_.front().id, errc::internal, false});
    drop_first(requests_);
  } else if (parts_.front()->size() == 1) {
    parts_.pop_front();
    receipt guilty;
    guilty.refused = true;
    settle(guilty, answers);
  } else {
    const auto whole = parts_.front();
    const auto middle = whole->begin() + static_cast<std::ptrdiff_t>(whole->size() / 2);
    parts_.front() = std::make_shared<const drafts>(middle, whole->end());
    parts_.push_front(std::make_shared<const drafts>(whole->begin(), middle));
  }
  if (parts_.empty())
    begun_ = 0;
}

/// Drafts are stored in their line's order, so each receipt is that of the first unsettled draft.
void group_commit::settle(const receipt& what, std::vector<work_answer>& answers) {
  auto& item = appends_.front();
  item.receipts.push_back(what);
  if (item.receipts.size() < std::get<drafts>(item.what).size())
    return;
  answers.emplace_back(work_stored{item.id, std::move(item.receipts)});
  drop_first(appends_);
}

void group_commit::drop_first(std::deque<work>& line) {
  bytes_ -= line.front().cost;
  line.pop_front();
  --begun_;
}

void group_commit::fail(time_point now) {
  ready_ = false;
  const auto doublings = std::min<std::uint32_t>(failures_++, 16);
  const auto whole = std::min(back_off_first * (1 << doublings), back_off_most);
  const auto half = static_cast<std::uint32_t>(whole.count() / 2);
  not_before_ = now + std::chrono::milliseconds{half + random_(half + 1)};
  // Nobody waits for this request any more; an append goes on, for it may be stored already.
  if (begun_ == 1 && parts_.empty() && requests_.front().told)
    drop_first(requests_);
}

// -- time -----------------------------------------------------------------------------------------

std::vector<work_answer> group_commit::lose_patience(time_point now) {
  std::vector<work_answer> answers;
  refuse_late(appends_, parts_.empty() ? 0 : begun_, now, answers);
  refuse_late(requests_, parts_.empty() ? begun_ : 0, now, answers);
  return answers;
}

void group_commit::refuse_late(std::deque<work>& line, std::size_t begun, time_point now,
                               std::vector<work_answer>& answers) {
  std::size_t kept = 0; // the front, which the store may have: it goes on
  while (kept < line.size() && (kept < begun || !line[kept].receipts.empty())) {
    auto& item = line[kept++];
    if (item.told || now - item.since < bounds_.store_patience)
      continue;
    item.told = true;
    answers.emplace_back(
      work_refused{item.id, errc::unavailable, std::holds_alternative<drafts>(item.what)});
  }
  const auto first = line.begin() + static_cast<std::ptrdiff_t>(kept);
  auto last = first;
  for (; last != line.end() && now - last->since >= bounds_.store_patience; ++last) {
    bytes_ -= last->cost;
    answers.emplace_back(work_refused{last->id, errc::unavailable, false});
  }
  line.erase(first, last);
}

bool group_commit::stuck(time_point now) {
  if (!in_flight_ || now - stuck_since_ < bounds_.store_patience)
    return false;
  stuck_since_ = now;
  ready_ = false;
  return true;
}

group_commit::duration group_commit::wake_in(time_point now) const {
  if (in_flight_)
    return bounds_.tick;
  const duration pause = std::max<duration>(not_before_ - now, duration::zero());
  if (!appends_.empty() || !requests_.empty())
    return std::min<duration>(pause, bounds_.tick);
  if (!ready_)
    return pause;
  return std::max<duration>(answered_at_ + ping_every - now, duration::zero());
}

} // namespace callboard
