// One door for all: names before rooms, rooms by name, and the way to the store behind them.
#include "actors/lobby_state.hpp"
#include "actors/room.hpp"
#include "domain/validate.hpp"

#include <algorithm>
#include <utility>

namespace callboard {

namespace {

/// A part of the store's way that dies younger than this is built again by the tick, not at once: a
/// crash at start must not become a loop that burns a core.
constexpr auto way_settled = std::chrono::seconds{1};

/// An author who leaves is marked as seen in the store, unless that was done so lately that it
/// makes no difference.
std::chrono::seconds mark_every(const limits& bounds) {
  return std::min<std::chrono::seconds>(std::chrono::hours{1}, bounds.name_hold / 4);
}

/// How often the lobby looks for authors who stay, and whom nobody else would mark.
std::chrono::seconds look_every(const limits& bounds) {
  return std::clamp<std::chrono::seconds>(bounds.name_hold / 16, std::chrono::seconds{1},
                                          std::chrono::minutes{1});
}

} // namespace

lobby_state::lobby_state(lobby_actor::pointer self, lobby_needs needs)
  : self{self}, needs{std::move(needs)} {}

lobby_state::~lobby_state() {
  for (const auto& [address, room] : room_names)
    stop(rooms.at(room).room);
  stop(way.persistence);
  stop(way.cache);
}

// -- authors --------------------------------------------------------------------------------------

void lobby_state::sign_in_session(const sign_in& msg) {
  if (!msg.who.id.empty()) { // by token: proved already
    if (welcome(msg) && msg.refresh)
      mark_seen(msg.who);
    return;
  }
  const auto key = name_key(msg.who.name);
  if (authors.is_taken(key) && !authors.holds(key, msg.claim_id))
    return refuse(msg, errc::name_taken);
  if (!way.persistence)
    return refuse(msg, errc::unavailable);
  auto wish = msg;
  wish.who.id = id_for(msg, key);
  authors.reserve(key, wish.who.id);
  know(wish.session);
  const auto ticket = ++last_ticket;
  tell(self, way.persistence, claim{self, ticket, {key, wish.who, needs.bounds.name_hold, false}});
  claims.emplace(ticket, std::move(wish));
}

/// With a claim, always the same: whose `welcome` was lost on the way repeats its hello, and is who
/// it was. Else one that no token bears.
std::string lobby_state::id_for(const sign_in& msg, const std::string& key) {
  if (!msg.claim_id.empty())
    return msg.claim_id;
  auto abandoned = authors.adopt(key);
  return abandoned.empty() ? needs.new_author_id() : abandoned;
}

/// False: the author has as many connections as there may be.
bool lobby_state::welcome(const sign_in& msg) {
  if (authors.connections(msg.who.id) >= needs.bounds.connections_per_author) {
    tell(self, msg.session, sign_in_refused{msg.ticket, errc::rate_limited, true});
    return false;
  }
  know(msg.session) = authors.online(msg.who);
  arm();
  tell(self, msg.session, signed_in{msg.ticket, msg.who});
  return true;
}

/// A claim has ended without a welcome, though the store may have it.
void lobby_state::let_name_go(const sign_in& wish) {
  const auto key = name_key(wish.who.name);
  if (wish.claim_id.empty())
    authors.abandon(key, wish.who.id);
  else
    authors.release(key, wish.who.id); // its asker alone can ask for that id again
}

/// The author's id of this session; null until it is welcome.
const std::string*& lobby_state::know(const session_actor& session) {
  const auto [place, is_new] = sessions.try_emplace(session.address());
  if (is_new)
    watch(self, this, session);
  return place->second;
}

void lobby_state::grant(const claimed& msg) {
  const auto found = claims.find(msg.ticket);
  if (found == claims.end()) {
    marks.erase(msg.ticket);
    return;
  }
  const auto wish = std::move(found->second);
  claims.erase(found);
  if (!wish.session && msg.granted)
    return let_name_go(wish);
  const auto key = name_key(wish.who.name);
  // A token may have taken the name while the store was asked.
  const bool ours = msg.granted && authors.holds(key, wish.who.id);
  if (ours && welcome(wish))
    authors.marked(wish.who.id, self->clock().now());
  authors.release(key, wish.who.id);
  if (!ours)
    refuse(wish, errc::name_taken);
}

void lobby_state::refuse_claim(const claim_refused& msg) {
  if (const auto mark = marks.extract(msg.ticket); !mark.empty())
    authors.unmark(mark.mapped());
  const auto found = claims.find(msg.ticket);
  if (found == claims.end())
    return;
  const auto wish = std::move(found->second);
  claims.erase(found);
  give_up(wish);
}

/// The store's answer is not known: it may have the claim, or get it yet.
void lobby_state::give_up(const sign_in& wish) {
  let_name_go(wish);
  refuse(wish, errc::unavailable);
}

void lobby_state::refuse(const sign_in& msg, errc why) {
  if (!msg.session)
    return; // ended while the store was asked
  tell(self, msg.session, sign_in_refused{msg.ticket, why, false});
}

void lobby_state::mark_seen(const author& who) {
  if (!way.persistence)
    return;
  authors.marked(who.id, self->clock().now());
  marks.emplace(++last_ticket, who.id);
  // Nobody waits for the answer. Should it fail, who stays is marked again; the name of who has
  // gone is only held a little shorter.
  tell(self, way.persistence,
       claim{self, last_ticket, {name_key(who.name), who, needs.bounds.name_hold, true}});
}

/// Who has been here for long must keep the name through a crash: the store is told before half of
/// NAME_HOLD has gone by. A few at a time, for they may all have come in the same second: enough
/// for everybody within a quarter of it.
void lobby_state::mark_who_stays() {
  if (!way.persistence)
    return;
  const auto looks = needs.bounds.name_hold / 4 / look_every(needs.bounds);
  const auto most = authors.authors() / std::max<std::size_t>(looks, 1) + 1;
  const auto before = self->clock().now() - needs.bounds.name_hold / 2;
  for (const auto& who : authors.unmarked(before, most))
    mark_seen(who);
}

void lobby_state::arm() {
  const auto pause = look_every(needs.bounds);
  const bool wanted = authors.authors() > 0 && needs.bounds.name_hold.count() > 0;
  if (wanted && clock.set(self->clock().now(), pause))
    tell_after(self, pause, self, tick{});
}

// -- rooms ----------------------------------------------------------------------------------------

void lobby_state::lead_in(const enter_room& msg) {
  if (!way.persistence) {
    tell(self, msg.session, enter_refused{msg.ticket, msg.room, errc::unavailable});
    return;
  }
  if (rooms.size() >= needs.bounds.open_rooms && !rooms.contains(msg.room)) {
    tell(self, msg.session, enter_refused{msg.ticket, msg.room, errc::busy});
    return;
  }
  auto& place = rooms[msg.room];
  if (!place.room) {
    place.room = start_room(self->system(), msg.room,
                            {needs.bounds, self, way.persistence, way.cache, needs.status});
    room_names.emplace(place.room.address(), msg.room);
    watch(self, this, place.room);
  }
  ++place.entered;
  tell(self, place.room, msg);
}

void lobby_state::list(const list_rooms& msg) {
  if (!way.cache) {
    tell(self, msg.asker, rooms_listed{msg.ticket, true, {}});
    return;
  }
  auto asked = msg;
  asked.members = members;
  tell(self, way.cache, std::move(asked));
}

void lobby_state::let_go(const may_retire& msg) {
  const auto* place = sender_place(msg.room);
  // Somebody on the way to the room keeps it; the room asks again when it is idle again.
  if (place == nullptr || place->entered != msg.entered)
    return;
  tell(self, place->room, retire{});
  set_members(msg.room, 0);
  room_names.erase(place->room.address());
  rooms.erase(msg.room);
}

void lobby_state::count(const census& msg) {
  if (sender_place(msg.room) != nullptr)
    set_members(msg.room, msg.members);
}

/// The place of the room that has sent the message at hand; null where its successor has it.
lobby_state::room_place* lobby_state::sender_place(const std::string& room) {
  const auto found = rooms.find(room);
  const auto sender = caf::actor_cast<caf::actor_addr>(self->current_sender());
  return found != rooms.end() && found->second.room.address() == sender ? &found->second : nullptr;
}

void lobby_state::set_members(const std::string& room, std::uint32_t count) {
  if (members.use_count() > 1) // a list on its way to the store still reads it
    members = std::make_shared<census_map>(*members);
  if (count == 0)
    members->erase(room);
  else
    (*members)[room] = count;
}

// -- crashes --------------------------------------------------------------------------------------

void lobby_state::on_down(const caf::actor_addr& whom) {
  if (const auto session = sessions.extract(whom); !session.empty()) {
    for (auto& [ticket, wish] : claims)
      if (session.mapped() == nullptr && wish.session && wish.session.address() == whom)
        wish.session = session_actor{};
    if (session.mapped() == nullptr)
      return;
    const auto gone = authors.offline(*session.mapped());
    const auto now = self->clock().now();
    if (gone.last && (!gone.marked_at || now - *gone.marked_at >= mark_every(needs.bounds)))
      mark_seen(gone.who);
    return;
  }
  if (const auto room = room_names.find(whom); room != room_names.end()) {
    // Its members hear of it themselves and enter again; the first of them starts it anew.
    needs.status->room_restarts.fetch_add(1, std::memory_order_relaxed);
    set_members(room->second, 0);
    rooms.erase(room->second);
    room_names.erase(room);
    return;
  }
  if ((way.persistence && way.persistence.address() == whom)
      || (way.cache && way.cache.address() == whom)) {
    drop_way();
    if (self->clock().now() - built_at >= way_settled)
      return build_way();
    way_wanted = true;
    tell_after(self, way_settled, self, tick{});
  }
}

void lobby_state::build_way() {
  way_wanted = false;
  built_at = self->clock().now();
  way = needs.build_way(self->system());
  watch(self, this, way.persistence);
  watch(self, this, way.cache);
}

void lobby_state::drop_way() {
  log(log_level::error,
      "a part of the way to the store crashed; persistence, cache and rooms start anew");
  needs.status->store_ready.store(false, std::memory_order_relaxed);
  stop(way.persistence);
  stop(way.cache);
  way = {};
  for (const auto& [address, room] : room_names)
    stop(rooms.at(room).room, caf::exit_reason::kill);
  needs.status->room_restarts.fetch_add(rooms.size(), std::memory_order_relaxed);
  rooms.clear();
  room_names.clear();
  members = std::make_shared<census_map>();
  for (const auto& [ticket, wish] : std::exchange(claims, {}))
    give_up(wish);
  for (const auto& [ticket, id] : std::exchange(marks, {}))
    authors.unmark(id);
}

void lobby_state::pass(const tick&) {
  const auto now = self->clock().now();
  if (way_wanted && now - built_at >= way_settled)
    build_way();
  if (clock.ring(now))
    mark_who_stays();
  arm();
}

// -- behaviour ------------------------------------------------------------------------------------

lobby_actor::behavior_type lobby_state::make_behavior() {
  build_way();
  return {
    [this](const sign_in& msg) { sign_in_session(msg); },
    [this](const enter_room& msg) { lead_in(msg); },
    [this](const list_rooms& msg) { list(msg); },
    [this](const claimed& msg) { grant(msg); },
    [this](const claim_refused& msg) { refuse_claim(msg); },
    [this](const may_retire& msg) { let_go(msg); },
    [this](const census& msg) { count(msg); },
    [this](const tick& msg) { pass(msg); },
  };
}

lobby_actor start_lobby(caf::actor_system& system, lobby_needs needs) {
  return start<lobby_state>(system, std::move(needs));
}

} // namespace callboard
