// The bounds of domain/limits.hpp, looked at from outside.
#include "actors/lobby_state.hpp"
#include "actors/room_state.hpp"
#include "actors/session_state.hpp"
#include "tests/simulation/world.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace callboard::simulation {

void world::check_outbox(const cable& at, std::size_t waiting) {
  const auto& bounds = script.bounds;
  // One batch may come on top of the high mark, one page on top of the low one, and answers that
  // are no pages: each has cost a credit.
  const auto batch = std::max(bounds.batch_bytes, bounds.text_bytes) + bounds.batch_posts * 400;
  const auto most = bounds.outbox_high_bytes + batch + bounds.page_bytes + bounds.text_bytes + 2000
                    + bounds.requests_under_way * std::size_t{4000};
  if (waiting > most)
    facts.fail("the outbox of socket " + std::to_string(at.number()) + " holds "
               + std::to_string(waiting) + " bytes; at most " + std::to_string(most));
}

/// Above the high mark nothing goes out; what went out may overshoot it by a run, and by the page
/// that was asked for below the low mark.
void world::check_unasked(const cable& at, std::size_t waiting, std::size_t added) {
  longest_run_ = std::max(longest_run_, added);
  const auto most = script.bounds.outbox_high_bytes + script.bounds.page_bytes + 2 * longest_run_;
  if (waiting > most)
    facts.fail("socket " + std::to_string(at.number()) + " has to take " + std::to_string(waiting)
               + " bytes that it did not ask for; at most " + std::to_string(most));
}

/// What the writer gets in one job.
void world::check_batch(const std::vector<draft_ptr>& batch) {
  std::size_t bytes = 0;
  for (const auto& what : batch) {
    bytes += what->text.size();
    if (what->text.size() > script.bounds.text_bytes)
      facts.fail("a text of " + std::to_string(what->text.size()) + " bytes is to be stored");
  }
  if (batch.size() > std::max<std::size_t>(script.bounds.batch_posts, 1)
      || (batch.size() > 1 && bytes > script.bounds.batch_bytes))
    facts.fail("a transaction of " + std::to_string(batch.size()) + " drafts with "
               + std::to_string(bytes) + " bytes of text");
}

void world::check_bounds() {
  const auto* const lobby = state_of<lobby_state>(lobby_);
  if (serving_ && lobby != nullptr) {
    check_rooms(*lobby);
    check_authors(*lobby);
    watch_cache(*lobby);
  }
  if (status_->cache_bytes.load() > script.bounds.cache_bytes)
    facts.fail("the cache holds " + std::to_string(status_->cache_bytes.load()) + " bytes");
  for (const auto& each : cables_)
    check_session(*each);
  check_mail();
}

/// A cache that holds nothing any more has forgotten it: only time empties it.
void world::watch_cache(const lobby_state& lobby) {
  const auto before = cached_;
  cached_ = {lobby.way.cache ? lobby.way.cache.id() : 0, status_->cache_bytes.load()};
  if (cached_.first == before.first && cached_.second == 0 && before.second > 0)
    count(sight::cache_aged);
}

void world::check_rooms(const lobby_state& lobby) {
  if (lobby.rooms.size() > script.bounds.open_rooms)
    facts.fail(std::to_string(lobby.rooms.size()) + " rooms are in memory");
  for (const auto& [name, place] : lobby.rooms) {
    const auto* const room = state_of<room_state>(place.room);
    if (room == nullptr)
      continue;
    const auto posts = room->waiting.size() + room->under_way.size();
    std::size_t bytes = 0;
    for (const auto& post : room->waiting)
      bytes += post.what->text.size();
    for (const auto& post : room->under_way)
      bytes += post.what->text.size();
    if (posts > script.bounds.room_posts)
      facts.fail("room " + name + " lets " + std::to_string(posts) + " posts wait");
    if (posts > 1 && bytes > script.bounds.room_post_bytes)
      facts.fail("room " + name + " lets " + std::to_string(bytes) + " bytes of posts wait");
  }
}

void world::check_authors(const lobby_state& lobby) {
  std::map<std::string, std::size_t> connections;
  for (const auto& [session, author] : lobby.sessions)
    if (author != nullptr && ++connections[*author] > script.bounds.connections_per_author)
      facts.fail("author " + *author + " has " + std::to_string(connections[*author])
                 + " connections");
}

void world::check_session(const cable& of) {
  if (of.credit() > script.bounds.requests_under_way)
    facts.fail("socket " + std::to_string(of.number()) + " may send " + std::to_string(of.credit())
               + " requests at once");
  if (!of.session() || of.speaks() != dialect::v1)
    return;
  const auto* const session = state_of<session_state>(of.session());
  if (session == nullptr)
    return;
  const auto fail = [&](const char* what, std::size_t count) {
    facts.fail("the session of socket " + std::to_string(of.number()) + " has "
               + std::to_string(count) + " " + what);
  };
  if (session->pending.size() > script.bounds.requests_under_way)
    fail("requests under way", session->pending.size());
  if (session->rooms.size() > script.bounds.rooms)
    fail("rooms", session->rooms.size());
  if (session->page_line.size() > script.bounds.rooms + script.bounds.requests_under_way)
    fail("pages in line", session->page_line.size());
}

/// Mailboxes have no bound of their own: theirs follow from what may be under way. Each connection
/// costs its credit in requests, and each of these one answer; a room tells each of its members
/// once per batch, and for at most 200 steps one of them is not run (in 30,000 seeds none was
/// longer than 59). So do clocks: an actor has one alarm, and another for a moment when it is set
/// to an earlier time.
void world::check_mail() {
  const auto credit = std::min<std::size_t>(script.bounds.requests_under_way, 16);
  const auto most = 200 + (cables_.size() + participants_.size()) * (credit + 4);
  for (auto* const job : scheduler_->jobs) {
    auto* const actor = static_cast<caf::scheduled_actor*>(job);
    (void)actor->peek_at_next_mailbox_element(); // fetches what has come, within CAF's own library
    const auto mail = actor->mailbox().queue().total_task_size();
    longest_mailbox_ = std::max(longest_mailbox_, mail);
    if (mail > most)
      facts.fail(std::string{actor->name()} + "#" + std::to_string(actor->id()) + " has "
                 + std::to_string(mail) + " messages in its mailbox; at most "
                 + std::to_string(most));
  }
  // Running actors and those that have ended: their last alarm waits for its time.
  const auto deadlines = scheduler_->clock().schedule().size();
  most_alarms_ = std::max(most_alarms_, deadlines);
  if (deadlines > 200 + 4 * system_->registry().running())
    facts.fail(std::to_string(deadlines) + " deadlines wait at once");
}

} // namespace callboard::simulation
