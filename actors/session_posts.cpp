// Posting: every post ends in a receipt or a refusal, and those of one room are stored as they
// came.
#include "actors/session_state.hpp"
#include "domain/validate.hpp"

#include <utility>

namespace callboard {

void session_state::take(const std::string& ref, const wire::post& what) {
  auto* sub = find(what.room);
  if (sub == nullptr)
    return refuse(ref, errc::not_joined, what.room, what.id);
  if (const auto why = check_text(what.text, needs->bounds))
    return refuse(ref, *why, what.room, what.id);
  if (!sub->gate.admits(what.id))
    return refuse(ref, errc::busy, what.room, what.id);
  const auto post = std::make_shared<const draft>(draft{what.room, who, what.id, what.text});
  pending.emplace(++last_ticket,
                  asked{ref, what.room, post_asked{post, sub->gate.round(), sub->actor.address()}});
  // While the room is being entered, the post waits here; repeat_posts() sends it.
  tell(self, sub->actor, post_draft{number, last_ticket, sub->gate.round(), post});
}

void session_state::repeat_posts(subscription& sub) {
  // In the order of their tickets, which is the order in which the client sent them. What the room
  // had before it died may be stored already: the store knows the ids.
  std::vector<post_refused> too_late;
  for (auto& [ticket, request] : pending) {
    auto* post = std::get_if<post_asked>(&request.what);
    if (post == nullptr || request.room != sub.room)
      continue;
    if (sub.gate.closed() || post->round != sub.gate.round()) {
      too_late.push_back({ticket, post->round, errc::busy}); // behind a refused one: that is first
      continue;
    }
    post->room = sub.actor.address();
    tell(self, sub.actor, post_draft{number, ticket, post->round, post->what});
  }
  for (const auto& refusal : too_late)
    refuse_post(refusal);
}

void session_state::finish(const post_stored& msg) {
  const auto found = pending.find(msg.ticket);
  if (found == pending.end())
    return;
  const auto& request = found->second;
  if (const auto* post = std::get_if<post_asked>(&request.what))
    answer(request.ref, wire::posted{request.room, post->what->client_id, msg.what.seq,
                                     msg.what.at_ms, msg.what.duplicate});
  pending.erase(found);
  end_drain_when_done();
}

void session_state::refuse_post(const post_refused& msg) {
  const auto found = pending.find(msg.ticket);
  if (found == pending.end())
    return;
  const auto request = std::move(found->second);
  pending.erase(found);
  const auto& id = std::get<post_asked>(request.what).what->client_id;
  auto* sub = find(request.room);
  if (sub != nullptr && describe(msg.why).retryable)
    sub->gate.refused(id, msg.round);
  refuse(request.ref, msg.why, request.room, id);
  end_drain_when_done();
}

void session_state::refuse_posts(subscription& sub, errc why) {
  for (auto request = pending.begin(); request != pending.end();) {
    const auto* post = std::get_if<post_asked>(&request->second.what);
    if (post == nullptr || request->second.room != sub.room) {
      ++request;
      continue;
    }
    sub.gate.refused(post->what->client_id, post->round);
    refuse(request->second.ref, why, sub.room, post->what->client_id);
    request = pending.erase(request);
  }
  end_drain_when_done();
}

/// Posts that a dead room had, and that nobody will repeat: the client left the room after them.
void session_state::refuse_posts_with(const caf::actor_addr& dead_room) {
  std::vector<post_refused> lost;
  for (const auto& [ticket, request] : pending) {
    const auto* post = std::get_if<post_asked>(&request.what);
    if (post != nullptr && post->room == dead_room && find(request.room) == nullptr)
      lost.push_back({ticket, post->round, errc::unavailable});
  }
  for (const auto& refusal : lost)
    refuse_post(refusal);
}

} // namespace callboard
