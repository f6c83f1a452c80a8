// The way of a post: waiting, one append under way, committed, published, receipt.
#include "actors/room_state.hpp"
#include "domain/settlement.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace callboard {

namespace {

/// A shorter timer is not exact.
constexpr std::chrono::microseconds gather_least{100};

/// Who has not spoken for so many fan-outs is not waited for.
constexpr int talk_memory = 8;

} // namespace

// -- opening and closing --------------------------------------------------------------------------

room_state::room_state(room_actor::pointer self, std::string room, room_needs needs)
  : self{self},
    room{std::move(room)},
    needs{std::move(needs)},
    present{this->needs.bounds.presence_grace},
    idle_since{self->clock().now()},
    gathered_at{idle_since} {
  this->needs.status->rooms.fetch_add(1, std::memory_order_relaxed);
}

room_state::~room_state() {
  needs.status->rooms.fetch_sub(1, std::memory_order_relaxed);
}

void room_state::ask_to_open() {
  opening = true;
  tell(self, needs.persistence, open_room{self, ++last_ticket, room});
}

void room_state::open(const room_opened& msg) {
  if (msg.ticket != last_ticket || is_open)
    return;
  is_open = true;
  opening = false;
  log = msg.log;
  gap_to = log.head;
  for (const auto& guest : std::exchange(at_the_door, {}))
    admit(guest);
  arm();
}

void room_state::stay_closed(const open_refused& msg) {
  if (msg.ticket != last_ticket || is_open)
    return;
  opening = false; // the next tick asks again
  for (const auto& guest : std::exchange(at_the_door, {}))
    tell(self, guest.session, enter_refused{guest.ticket, room, errc::unavailable});
  arm();
}

void room_state::end() {
  self->quit();
}

// -- posts ----------------------------------------------------------------------------------------

void room_state::accept(const post_draft& msg) {
  auto* member = members.find(msg.connection);
  if (member == nullptr)
    return; // left or gone; a session that re-enters repeats what it has under way
  const waiting_post post{msg.connection, member->session, msg.ticket, msg.round, msg.what};
  const auto bytes = msg.what->text.size();
  const auto count = waiting.size() + under_way.size();
  // An empty room takes any post, so that none is too large for ever.
  const bool full = count >= needs.bounds.room_posts
                    || (count > 0 && waiting_bytes + bytes > needs.bounds.room_post_bytes);
  // Behind a refused post of the same connection nothing may be stored: order (order_gate.hpp).
  if (full || msg.round <= member->refused_round)
    return refuse(post, errc::busy);
  waiting.push_back(post);
  waiting_bytes += bytes;
  gather_posts();
}

void room_state::refuse(const waiting_post& post, errc why) {
  if (auto* member = members.find(post.connection); member != nullptr && describe(why).retryable)
    member->refused_round = std::max(member->refused_round, post.round);
  needs.status->posts_refused.fetch_add(1, std::memory_order_relaxed);
  tell(self, post.session, post_refused{post.ticket, post.round, why});
}

/// Each append costs one write to each member's socket, whatever it holds. So a large room waits,
/// no longer than that fan-out takes, for one post of each who talks lately: who talks alone never
/// waits. Measured (docs/decisions/0011): twice the deliveries, at lower latency.
std::chrono::microseconds room_state::patience(caf::actor_clock::time_point now) const {
  const auto fan_out = std::min<std::chrono::microseconds>(
    needs.bounds.gather_per_member * members.size(), needs.bounds.gather_most);
  const bool enough =
    fan_out < gather_least || waiting.size() >= talking.lately(now, talk_memory * fan_out);
  return enough ? std::chrono::microseconds{0} : fan_out;
}

/// The next append goes when nothing is worth waiting for any more; what is in the mailbox already
/// comes before the flush, and so into the same append.
void room_state::gather_posts() {
  if (!under_way.empty() || waiting.empty())
    return;
  const auto now = self->clock().now();
  const auto pause = patience(now);
  if (gathering && gather_until <= now + pause)
    return;
  gathering = true;
  gather_until = now + pause;
  if (pause.count() == 0)
    tell(self, self, flush{});
  else
    tell_after(self, pause, self, flush{});
}

void room_state::stop_gathering() {
  if (gathering && self->clock().now() >= gather_until)
    send_append();
}

void room_state::send_append() {
  if (!under_way.empty() || waiting.empty())
    return;
  gathering = false;
  append msg{self, append_ticket = ++last_ticket, {}};
  under_way_bytes = 0;
  while (!waiting.empty() && under_way.size() < needs.bounds.batch_posts
         && under_way_bytes < needs.bounds.batch_bytes) {
    msg.drafts.push_back(waiting.front().what);
    under_way_bytes += waiting.front().what->text.size();
    under_way.push_back(std::move(waiting.front()));
    waiting.pop_front();
  }
  std::vector<connection_t> speakers;
  for (const auto& post : under_way)
    speakers.push_back(post.connection);
  talking.spoke(std::move(speakers), self->clock().now());
  tell(self, needs.persistence, std::move(msg));
}

void room_state::finish(const appended& msg) {
  if (const auto late = undecided.find(msg.ticket); late != undecided.end()) {
    const auto drafts = std::move(late->second);
    undecided.erase(late);
    take_up(drafts, msg.receipts); // their senders were told to repeat; the entries are real
    return arm();
  }
  if (msg.ticket != append_ticket || under_way.empty())
    return;
  const auto posts = std::exchange(under_way, {});
  waiting_bytes -= under_way_bytes;
  if (patience(self->clock().now()).count() == 0)
    send_append(); // the store works on the next batch while this one is shown
  else
    gather_posts();
  std::vector<draft_ptr> drafts;
  drafts.reserve(posts.size());
  for (const auto& post : posts)
    drafts.push_back(post.what);
  take_up(drafts, msg.receipts);
  for (std::size_t i = 0; i < posts.size(); ++i)
    answer(posts[i], msg.receipts.at(i));
  arm(); // it may be idle now
}

void room_state::give_up(const append_refused& msg) {
  if (msg.ticket != append_ticket || under_way.empty())
    return;
  auto posts = std::exchange(under_way, {});
  waiting_bytes = 0;
  if (msg.undecided) {
    auto& drafts = undecided[msg.ticket];
    for (const auto& post : posts)
      drafts.push_back(post.what);
  }
  // What waits behind is refused with it: stored alone it would come before what its sender
  // repeats.
  for (const auto& post : posts)
    refuse(post, msg.why);
  for (const auto& post : std::exchange(waiting, {}))
    refuse(post, msg.why);
  arm();
}

void room_state::answer(const waiting_post& post, const receipt& what) {
  if (what.refused)
    return refuse(post, errc::internal);
  if (what.conflict)
    return refuse(post, errc::id_conflict);
  needs.status->posts_stored.fetch_add(1, std::memory_order_relaxed);
  if (what.duplicate)
    needs.status->posts_repeated.fetch_add(1, std::memory_order_relaxed);
  tell(self, post.session, post_stored{post.ticket, what});
}

// -- the log --------------------------------------------------------------------------------------

void room_state::take_up(std::span<const draft_ptr> drafts, const std::vector<receipt>& receipts) {
  auto result = settle(log.head, drafts, receipts);
  if (!result.dense) {
    gap_to = std::max(gap_to, result.top);
    return fill_gap();
  }
  if (!result.fresh.empty())
    publish(std::make_shared<entry_run>(room, std::move(result.fresh)));
}

void room_state::publish(const run_ptr& run) {
  const auto fresh = run->last() - log.head;
  log.head = run->last();
  needs.status->entries_published.fetch_add(fresh, std::memory_order_relaxed);
  caf::actor_clock::time_point published{};
  if (needs.status->watched.load(std::memory_order_relaxed)) {
    published = self->clock().now();
    needs.status->room_traffic.add(room, fresh);
  }
  // The cache first: whoever hears of an entry finds it there.
  tell(self, needs.cache, remember{run});
  for (const auto& member : members)
    tell(self, member.session, deliver{run, published});
}

void room_state::fill_gap() {
  if (gap_ticket != 0 || gap_to <= log.head)
    return;
  gap_ticket = ++last_ticket;
  tell(
    self, needs.cache,
    read_page{self, gap_ticket, {room, read_query::direction::after, log.head, needs.bounds.page}});
}

void room_state::fill(const page_read& msg) {
  if (msg.ticket != gap_ticket)
    return;
  gap_ticket = 0;
  const auto before = log.head;
  for (const auto& run : msg.runs)
    if (run->first() <= log.head + 1 && run->last() > log.head)
      publish(run);
  if (log.head > before)
    fill_gap();
  else
    arm(); // nothing there yet: ask again, later
}

void room_state::fill_later(const page_refused& msg) {
  if (msg.ticket != gap_ticket)
    return;
  gap_ticket = 0;
  arm();
}

// -- behaviour ------------------------------------------------------------------------------------

room_actor::behavior_type room_state::make_behavior() {
  ask_to_open();
  return {
    [this](const enter_room& msg) { enter(msg); },
    [this](const leave_room& msg) { leave(msg); },
    [this](const post_draft& msg) { accept(msg); },
    [this](const show_typing& msg) { show_typing_of(msg); },
    [this](const ask_who& msg) { tell_who(msg); },
    [this](const appended& msg) { finish(msg); },
    [this](const append_refused& msg) { give_up(msg); },
    [this](const room_opened& msg) { open(msg); },
    [this](const open_refused& msg) { stay_closed(msg); },
    [this](const page_read& msg) { fill(msg); },
    [this](const page_refused& msg) { fill_later(msg); },
    [this](const retire&) { end(); },
    [this](const flush&) { stop_gathering(); },
    [this](const tick& msg) { pass(msg); },
  };
}

room_actor start_room(caf::actor_system& system, std::string name, room_needs needs) {
  return start<room_state>(system, std::move(name), std::move(needs));
}

} // namespace callboard
