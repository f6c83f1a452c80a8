// The rule: an entry comes out if its seq is position + 1. Below: seen already. Above: something is
// missing, so nothing is shown and the log is joined again from the position.
#include "client/room_log.hpp"

#include <algorithm>
#include <utility>

namespace callboard::client {

room_log::room_log(std::string room, log_start start) : room_{std::move(room)}, start_{start} {}

wire::join room_log::next_join() {
  wire::join request;
  request.room = room_;
  looking_ = false;
  if (!epoch_.empty()) {
    request.after = position_;
    request.epoch = epoch_;
  } else if (start_.where == log_start::from::latest) {
    request.last = static_cast<std::size_t>(std::min<std::uint64_t>(start_.number, 500));
  } else {
    // A position is only good together with the log's epoch, which nobody knows yet.
    request.last = 0;
    looking_ = true;
  }
  state_ = state::joining;
  return request;
}

log_step room_log::joined(wire::joined what) {
  if (state_ != state::joining)
    return {};
  if (looking_)
    return begin(what);
  log_step step;
  const bool resumed = what.mode == wire::join_mode::resumed || what.mode == wire::join_mode::paged;
  if (!resumed) {
    // `fresh` in answer to a position would be a server's mistake; the entries are another page all
    // the same.
    step.reset = !epoch_.empty();
    oldest_ = what.entries.empty() ? what.head + 1 : what.entries.front().seq;
    position_ = oldest_ - std::min<seq_t>(oldest_, 1);
  }
  epoch_ = what.epoch;
  first_ = std::max<seq_t>(what.first, 1);
  state_ = what.more && resumed ? state::paging : state::live;
  take(std::move(what.entries), step);
  settle(what.more && resumed, what.head, step);
  return step;
}

/// The log's length is known: reading can begin where it was asked to.
log_step room_log::begin(const wire::joined& what) {
  log_step step;
  epoch_ = what.epoch;
  first_ = std::max<seq_t>(what.first, 1);
  const auto wanted = start_.where == log_start::from::seq
                        ? std::min<seq_t>(start_.number, what.head)
                        : what.head - std::min<seq_t>(start_.number, what.head);
  // Entries before `first` are gone for good; a resume from there would be answered by `reset`.
  position_ = std::min(std::max(wanted, first_ - 1), what.head);
  oldest_ = position_ + 1;
  looking_ = false;
  if (position_ < what.head) {
    step.rejoin = true;
  } else {
    state_ = state::live;
    step.ready = true;
  }
  return step;
}

log_step room_log::message(entry what) {
  log_step step;
  if (state_ != state::live && state_ != state::paging)
    return step;
  if (what.seq > position_ + 1)
    miss(step);
  else if (what.seq == position_ + 1) {
    position_ = what.seq;
    step.entries.push_back(std::move(what));
  }
  return step;
}

log_step room_log::page(wire::history_page what) {
  log_step step;
  if (state_ != state::paging)
    return step;
  take(std::move(what.entries), step);
  if (!step.rejoin && !what.more) {
    state_ = state::live;
    step.ready = true;
  }
  return step;
}

std::vector<entry> room_log::older(wire::history_page what) {
  std::vector<entry> fitting;
  auto expected = oldest_;
  std::reverse(what.entries.begin(), what.entries.end());
  for (auto& before : what.entries) {
    if (before.seq + 1 != expected)
      break;
    expected = before.seq;
    fitting.push_back(std::move(before));
  }
  std::reverse(fitting.begin(), fitting.end());
  oldest_ = expected;
  if (!what.more)
    first_ = std::max(first_, oldest_);
  return fitting;
}

void room_log::take(std::vector<entry> from, log_step& step) {
  for (auto& what : from) {
    if (what.seq > position_ + 1) {
      miss(step);
      return;
    }
    if (what.seq != position_ + 1)
      continue;
    position_ = what.seq;
    step.entries.push_back(std::move(what));
  }
}

void room_log::miss(log_step& step) {
  step.rejoin = true;
  step.gap = true;
}

/// A join that promises everything up to `head` and does not deliver it leaves a gap that no later
/// entry of a quiet room would show.
void room_log::settle(bool more, seq_t head, log_step& step) const {
  if (step.rejoin || more)
    return;
  if (position_ < head)
    miss(step);
  else
    step.ready = true;
}

} // namespace callboard::client
