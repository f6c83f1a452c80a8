// Who a client is and what it asks. Each frame costs one credit, which goes back with its answer.
#include "actors/session_state.hpp"
#include "domain/validate.hpp"

#include <chrono>
#include <utility>

namespace callboard {

namespace {

/// A token older than this is renewed at `hello`, and its author's name marked as seen: often
/// enough for NAME_HOLD (a day), rarely enough that a reconnect avalanche costs the store nothing.
constexpr std::int64_t token_fresh_s = 43200; // 12 h

} // namespace

session_state::session_state(session_actor::pointer self, connection_t number,
                             std::weak_ptr<connection> link, session_needs_ptr needs)
  : self{self},
    number{number},
    link{std::move(link)},
    needs{std::move(needs)},
    started_at{self->clock().now()} {
  this->needs->status->sessions.fetch_add(1, std::memory_order_relaxed);
}

session_state::~session_state() {
  needs->status->sessions.fetch_sub(1, std::memory_order_relaxed);
  if (const auto wire = link.lock()) // ended by a crash: its client comes back and resumes
    wire->close(close_code::internal_error, "the session ended; come back and resume");
}

// -- requests -------------------------------------------------------------------------------------

void session_state::read(const frame_received& msg) {
  if (closing || draining)
    return; // never acknowledged: the client repeats it on its next connection
  auto parsed = wire::parse_request(msg.text);
  if (const auto* bad = std::get_if<wire::bad_request>(&parsed))
    return answer(bad->ref, bad->why);
  const auto& request = std::get<wire::request>(parsed);
  if (who.id.empty() && !std::holds_alternative<wire::hello>(request.body))
    return refuse(request.ref, errc::not_welcome_yet);
  std::visit([&](const auto& body) { take(request.ref, body); }, request.body);
}

void session_state::take(const std::string& ref, const wire::hello& what) {
  if (!who.id.empty() || hello_ref) {
    return answer(ref,
                  wire::error{errc::bad_frame, "hello is said once in a connection.", {}, {}, {}});
  }
  sign_in wish{self, ++last_ticket, {}, false, {}};
  if (what.token) {
    const auto claims = needs->signer->verify(*what.token, needs->now_s());
    if (!claims)
      return refuse(ref, errc::bad_token);
    wish.who = claims->who;
    wish.refresh = needs->now_s() - claims->issued_s > token_fresh_s;
    token = wish.refresh ? std::string{} : *what.token;
  } else {
    if (const auto why = check_author_name(*what.name, needs->bounds))
      return refuse(ref, *why);
    wish.who.name = *what.name;
    if (what.claim)
      wish.claim_id = needs->signer->author_id(name_key(*what.name), *what.claim);
    token.clear();
  }
  hello_ref = ref;
  tell(self, needs->lobby, std::move(wish));
}

void session_state::take(const std::string& ref, const wire::typing& what) {
  if (const auto* sub = find_joined(ref, what.room)) {
    tell(self, sub->actor, show_typing{number});
    if (const auto wire = link.lock())
      wire->grant(1);
  }
}

void session_state::take(const std::string& ref, const wire::who& what) {
  if (find_joined(ref, what.room) != nullptr)
    want_list({ref, what.room, who_asked{}});
}

void session_state::take(const std::string& ref, const wire::rooms& what) {
  if (const auto why = check_room_prefix(what.prefix, needs->bounds))
    return refuse(ref, *why);
  want_list({ref, {}, rooms_asked{what, {}}});
}

void session_state::take(const std::string& ref, const wire::ping&) {
  answer(ref, wire::pong{});
}

void session_state::answer(const std::string& ref, wire::answer_body what) {
  answer_text(wire::encode(wire::answer{ref, std::move(what)}));
}

void session_state::answer_text(const std::string& json) {
  if (const auto wire = link.lock())
    wire->send(make_slice(text_frame(json)), 1);
}

void session_state::refuse(const std::string& ref, errc why, const std::string& room,
                           const std::string& id) {
  wire::error problem{why, {}, {}, id, room};
  if (describe(why).retryable)
    problem.retry_after_ms = needs->bounds.retry_after.count();
  answer(ref, std::move(problem));
}

// -- identity -------------------------------------------------------------------------------------

void session_state::welcome(const signed_in& msg) {
  if (!hello_ref)
    return;
  who = msg.who;
  if (token.empty())
    token = needs->signer->sign(who, needs->now_s());
  const auto ref = *std::exchange(hello_ref, std::nullopt);
  answer(ref, wire::welcome{who, std::exchange(token, {}), needs->server, needs->bounds,
                            needs->bounds.heartbeat.count()});
}

void session_state::reject(const sign_in_refused& msg) {
  if (!hello_ref)
    return;
  const auto ref = *std::exchange(hello_ref, std::nullopt);
  if (msg.too_many_connections)
    return close(close_code::too_many_connections, "too many connections of this author");
  refuse(ref, msg.why);
}

// -- posts and lists ------------------------------------------------------------------------------

/// Lists are large beside their requests: like pages they are asked for one at a time, and only
/// while the outbox is low.
void session_state::want_list(asked what) {
  pending.emplace(++last_ticket, std::move(what));
  list_line.push_back(last_ticket);
  next_list();
}

void session_state::next_list() {
  const auto wire = link.lock();
  while (wire && !closing && list_ticket == 0 && !list_line.empty()) {
    if (wire->waiting() > needs->bounds.outbox_low_bytes) {
      if (!std::exchange(low_asked, true))
        wire->tell_when_low(needs->bounds.outbox_low_bytes);
      return;
    }
    const auto ticket = list_line.front();
    list_line.erase(list_line.begin());
    const auto found = pending.find(ticket);
    if (found == pending.end())
      continue; // refused while it stood in line
    auto& request = found->second;
    if (auto* list = std::get_if<rooms_asked>(&request.what)) {
      list_ticket = ticket;
      list->since = self->clock().now();
      arm();
      tell(self, needs->lobby,
           list_rooms{self, ticket, list->what.prefix, list->what.limit, nullptr});
    } else if (const auto* sub = find(request.room); sub != nullptr && sub->actor) {
      list_ticket = ticket;
      tell(self, sub->actor, ask_who{number, ticket});
    } else {
      refuse(request.ref, errc::unavailable, request.room);
      pending.erase(found);
    }
  }
}

void session_state::end_list(ticket_t ticket) {
  pending.erase(ticket);
  if (list_ticket == ticket)
    list_ticket = 0;
  next_list();
  end_drain_when_done();
}

void session_state::tell_who(const who_answered& msg) {
  const auto found = pending.find(msg.ticket);
  if (found == pending.end())
    return;
  answer(found->second.ref, wire::who_list{found->second.room, msg.names, msg.members});
  end_list(msg.ticket);
}

void session_state::tell_rooms(const rooms_listed& msg) {
  const auto found = pending.find(msg.ticket);
  if (found == pending.end())
    return;
  if (msg.failed)
    refuse(found->second.ref, errc::unavailable);
  else
    answer(found->second.ref, wire::room_list{msg.rooms});
  end_list(msg.ticket);
}

/// What was lost with a cache or a room that died with the question.
void session_state::refuse_lost() {
  const auto patience = 2 * needs->bounds.store_patience; // the cache answers within once that
  const auto now = self->clock().now();
  for (auto request = pending.begin(); request != pending.end();) {
    const auto next = std::next(request);
    const auto* list = std::get_if<rooms_asked>(&request->second.what);
    const auto* leave = std::get_if<leave_asked>(&request->second.what);
    if (leave != nullptr && now - leave->since >= patience) {
      answer(request->second.ref, wire::left{request->second.room});
      pending.erase(request);
    } else if (list != nullptr && request->first == list_ticket && now - list->since >= patience) {
      refuse(request->second.ref, errc::unavailable);
      list_ticket = 0;
      pending.erase(request);
    } else if (leave != nullptr || (list != nullptr && request->first == list_ticket)) {
      arm(); // what only stands in line is looked after when its turn comes
    }
    request = next;
  }
  next_list();
  end_drain_when_done();
}

void session_state::show(const notice& msg) {
  const auto* sub = find(msg.room);
  if (sub == nullptr || sub->at == subscription::stage::entering
      || sub->at == subscription::stage::loading)
    return; // left, or not joined yet: a late message of an earlier membership
  const auto wire = link.lock();
  if (wire && !closing && wire->waiting() <= needs->bounds.outbox_low_bytes)
    wire->send(msg.frame, 0); // else dropped: a signal is worth nothing late
}

// -- time and end ---------------------------------------------------------------------------------

void session_state::arm() {
  if (armed)
    return;
  armed = true;
  tell_after(self, needs->bounds.retry_after, self, tick{});
}

void session_state::pass(const tick&) {
  armed = false;
  if (closing)
    return;
  const auto now = self->clock().now();
  if (who.id.empty()) {
    if (now - started_at >= needs->bounds.hello_within && !hello_ref)
      return close(close_code::no_hello, "no hello in time");
    arm();
  }
  for (auto& [room, sub] : rooms) {
    if (sub.enter_ticket != 0 && now - sub.entered_at >= needs->bounds.retry_after)
      knock(sub);
    else if (!sub.actor && sub.enter_ticket == 0)
      ask_to_enter(sub);
    sub.read_later = false;
    read_on(sub);
    if (sub.enter_ticket != 0 || sub.read_later)
      arm();
  }
  refuse_lost();
  if (draining && now - drain_began_at >= needs->bounds.drain_patience)
    refuse_what_waits();
  else if (draining)
    arm();
}

void session_state::begin_drain() {
  draining = true;
  drain_began_at = self->clock().now();
  arm(); // the store may be gone: nobody is left without a word when the time is over
  end_drain_when_done();
}

void session_state::refuse_what_waits() {
  for (const auto& [ticket, request] : std::exchange(pending, {})) {
    if (std::holds_alternative<leave_asked>(request.what)) {
      answer(request.ref, wire::left{request.room});
      continue;
    }
    const auto* post = std::get_if<post_asked>(&request.what);
    refuse(request.ref, errc::unavailable, request.room,
           post != nullptr ? post->what->client_id : std::string{});
  }
  end_drain_when_done();
}

void session_state::end_drain_when_done() {
  if (!draining || closing || !pending.empty())
    return;
  if (const auto wire = link.lock()) {
    // Spread by the connection's number, so that not all come back at once.
    const auto least = needs->bounds.retry_after.count();
    const auto pause = least + static_cast<std::int64_t>(number * 617 % 2000) * least / 1000;
    wire->send(make_slice(text_frame(wire::encode(wire::answer{{}, wire::bye{"restart", pause}}))),
               0);
  }
  close(close_code::restart, "the server restarts");
}

void session_state::close(close_code code, const std::string& why) {
  if (std::exchange(closing, true))
    return;
  if (const auto wire = link.lock())
    wire->close(code, why);
}

// -- behaviour ------------------------------------------------------------------------------------

namespace {

session_state& here() {
  return running<session_state>();
}

} // namespace

session_actor::behavior_type session_state::make_behavior() {
  arm(); // for the hello that must come
  static const session_actor::behavior_type shared{
    [](const frame_received& msg) { here().read(msg); },
    [](const outbox_low&) { here().go_on(); },
    [](const connection_closed&) { here().self->quit(); },
    [](const drain&) { here().begin_drain(); },
    [](const tick& msg) { here().pass(msg); },
    [](const signed_in& msg) { here().welcome(msg); },
    [](const sign_in_refused& msg) { here().reject(msg); },
    [](const entered& msg) { here().enter(msg); },
    [](const enter_refused& msg) { here().stay_out(msg); },
    [](const post_stored& msg) { here().finish(msg); },
    [](const post_refused& msg) { here().refuse_post(msg); },
    [](const deliver& msg) { here().take_run(msg); },
    [](const notice& msg) { here().show(msg); },
    [](const who_answered& msg) { here().tell_who(msg); },
    [](const rooms_listed& msg) { here().tell_rooms(msg); },
    [](const page_read& msg) { here().take_page(msg); },
    [](const page_refused& msg) { here().miss_page(msg); },
  };
  return shared;
}

session_actor start_session(caf::actor_system& system, connection_t number,
                            std::weak_ptr<connection> link, session_needs_ptr needs) {
  return start<session_state>(system, number, std::move(link), std::move(needs));
}

} // namespace callboard
