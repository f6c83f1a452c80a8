// Differences of counters, so that nobody who counts has to know that somebody looks.
#include "net/stats_feed.hpp"

#include "net/stats_text.hpp"
#include "runtime/mailbox_depth.hpp"

#include <algorithm>
#include <cmath>

namespace callboard {

namespace {

constexpr std::uint64_t depth_samples = 5; ///< How long a depth is shown.
constexpr double rate_seconds = 10;        ///< What a room's rate is averaged over.
constexpr double least_rate = 0.05;        ///< Below, it would show as zero.
constexpr std::size_t most_rooms = 10;

/// Streams tick once a second each, and not all at the same moment: the next sample may be a
/// little early, but two streams never make two.
constexpr auto soonest = stats_feed::every - std::chrono::milliseconds{100};

std::string event_of(std::string_view name, const std::string& data) {
  return "event: " + std::string{name} + "\ndata: " + data + "\n\n";
}

template <class Value>
void sort_down(std::vector<std::pair<std::string, Value>>& pairs) {
  std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
}

} // namespace

stats_feed::stats_feed(server_status& status, std::string server)
  : status_{status}, server_{std::move(server)} {}

bool stats_feed::enter(std::size_t most, io_clock::time_point now) {
  const std::lock_guard lock{guard_};
  if (streams_ >= most)
    return false;
  if (streams_++ > 0)
    return true;
  status_.watched = true;
  mailboxes().watch(true);
  (void)status_.room_traffic.take(); // What was left when the last one went.
  (void)mailboxes().take();
  depths_.clear();
  rates_.clear();
  latest_.reset();
  last_ = mark_now(now);
  return true;
}

void stats_feed::leave() {
  const std::lock_guard lock{guard_};
  if (--streams_ > 0)
    return;
  status_.watched = false;
  mailboxes().watch(false);
}

std::uint64_t stats_feed::look(io_clock::time_point now, std::int64_t now_ms,
                               std::size_t connections) {
  const std::lock_guard lock{guard_};
  if (streams_ == 0 || now - last_.at < soonest)
    return count_;
  auto next = mark_now(now);
  const auto seconds = std::chrono::duration<double>(now - last_.at).count();
  const auto rate = [seconds](std::uint64_t to, std::uint64_t from) {
    return static_cast<double>(to - from) / seconds;
  };
  const auto commits = next.commits.since(last_.commits);
  const auto deliveries = next.deliveries.since(last_.deliveries);
  ++count_;
  status_.stats_samples.fetch_add(1, std::memory_order_relaxed);
  const auto deepest = deepest_mailboxes();
  samples_.push_back({now_ms, connections, status_.sessions, status_.rooms,
                      rate(next.published, last_.published), rate(next.delivered, last_.delivered),
                      commits.quantile(500), commits.quantile(990), deliveries.quantile(500),
                      deliveries.quantile(990), deepest.empty() ? 0 : deepest.front().second});
  last_ = next;
  drop_old(now_ms);
  latest_ = std::make_shared<const std::string>(
    event_of("sample", sample_text(samples_.back(), deepest, busiest_rooms(seconds))));
  return count_;
}

std::string stats_feed::history(std::int64_t now_ms) {
  const std::lock_guard lock{guard_};
  drop_old(now_ms);
  // A browser that lost the stream comes back after this many milliseconds.
  return "retry: 2000\n" + event_of("history", history_text(server_, samples_));
}

std::shared_ptr<const std::string> stats_feed::latest() {
  const std::lock_guard lock{guard_};
  return latest_;
}

stats_feed::mark stats_feed::mark_now(io_clock::time_point now) const {
  return {now, status_.entries_published, status_.deliveries, status_.commit_time.counts(),
          status_.delivery_time.counts()};
}

std::vector<stats_feed::named_depth> stats_feed::deepest_mailboxes() {
  for (const auto& [kind, found] : mailboxes().take()) {
    auto& known = depths_[kind];
    if (found >= known.deepest || count_ - known.sample >= depth_samples)
      known = {found, count_};
  }
  constexpr std::string_view prefix = "callboard.";
  std::vector<named_depth> result;
  for (const auto& [kind, known] : depths_)
    if (known.deepest > 0)
      result.emplace_back(kind.starts_with(prefix) ? kind.substr(prefix.size()) : kind,
                          known.deepest);
  sort_down(result);
  return result;
}

std::vector<stats_feed::named_rate> stats_feed::busiest_rooms(double seconds) {
  const auto kept = std::exp(-seconds / rate_seconds);
  for (auto& [room, rate] : rates_)
    rate *= kept;
  for (const auto& [room, count] : status_.room_traffic.take())
    rates_[room] += static_cast<double>(count) / seconds * (1 - kept);
  std::erase_if(rates_, [](const auto& one) { return one.second < least_rate; });
  std::vector<named_rate> result{rates_.begin(), rates_.end()};
  sort_down(result);
  result.resize(std::min(result.size(), most_rooms));
  return result;
}

void stats_feed::drop_old(std::int64_t now_ms) {
  while (!samples_.empty() && samples_.front().at_ms <= now_ms - keep.count())
    samples_.pop_front();
}

} // namespace callboard
