// Who is in the room, and what is told of it. None of this is stored, and it is dropped first.
#include "actors/room_state.hpp"
#include "wire/codec.hpp"

#include <algorithm>

namespace callboard {

namespace {

slice notice_frame(wire::answer_body what) {
  return make_slice(text_frame(wire::encode(wire::answer{{}, std::move(what)})));
}

std::vector<std::string> names_without(const std::vector<author>& all, const std::string& id) {
  std::vector<std::string> names;
  for (const auto& who : all)
    if (who.id != id)
      names.push_back(who.name);
  return names;
}

bool is_among(const std::vector<author>& all, const std::string& id) {
  return std::any_of(all.begin(), all.end(), [&](const author& who) { return who.id == id; });
}

} // namespace

// -- members --------------------------------------------------------------------------------------

void room_state::enter(const enter_room& msg) {
  ++entered_count;
  if (is_open)
    return admit(msg);
  // A session asks again when no answer comes (its message may have met a room that was dying).
  std::erase_if(at_the_door,
                [&](const enter_room& old) { return old.connection == msg.connection; });
  at_the_door.push_back(msg);
  if (!opening)
    ask_to_open();
}

void room_state::admit(const enter_room& msg) {
  if (auto* known = members.find(msg.connection)) {
    // Entering again replaces the cursor, not the member; a guest may have got a name.
    if (known->who.name.empty() && !msg.who.name.empty())
      present.enter(msg.who);
    else
      present.rename(msg.who);
    known->who = msg.who;
  } else {
    members.add({msg.connection, msg.session, msg.who, 0});
    if (watched.emplace(msg.session.address(), msg.connection).second)
      watch(self, this, msg.session);
    if (!msg.who.name.empty())
      present.enter(msg.who, msg.again);
  }
  tell(self, msg.session,
       entered{msg.ticket, room, self, needs.cache, log, std::max(1U, present.members())});
  arm();
}

void room_state::leave(const leave_room& msg) {
  remove(msg.connection);
}

void room_state::on_down(const caf::actor_addr& whom) {
  if (const auto session = watched.extract(whom))
    remove(session.mapped());
}

void room_state::remove(connection_t connection) {
  std::erase_if(at_the_door, [&](const enter_room& msg) { return msg.connection == connection; });
  const auto* member = members.find(connection);
  if (member == nullptr)
    return;
  present.leave(member->who.id, self->clock().now());
  members.remove(connection);
  idle_since = self->clock().now();
  arm();
}

void room_state::show_typing_of(const show_typing& msg) {
  const auto* member = members.find(msg.connection);
  if (member == nullptr || member->who.name.empty())
    return;
  const auto now = self->clock().now().time_since_epoch();
  const auto last = typed_at.find(member->who.id);
  if (last != typed_at.end() && now - last->second < needs.bounds.typing_every)
    return;
  std::erase_if(typed_at,
                [&](const auto& old) { return now - old.second >= needs.bounds.typing_every; });
  typed_at[member->who.id] = now;
  const notice note{room, notice_frame(wire::typing_notice{room, member->who.name})};
  for (const auto& other : members)
    if (other.who.id != member->who.id)
      tell(self, other.session, note);
}

void room_state::tell_who(const ask_who& msg) {
  if (const auto* member = members.find(msg.connection))
    tell(self, member->session,
         who_answered{msg.ticket, present.names(needs.bounds.who_names), present.members()});
}

void room_state::gather_presence() {
  const auto now = self->clock().now();
  if (now - gathered_at < needs.bounds.presence_every)
    return;
  gathered_at = now;
  if (const auto news = present.gather(now))
    announce(*news);
  if (present.members() != told_members) {
    told_members = present.members();
    tell(self, needs.lobby, census{room, told_members});
  }
}

void room_state::announce(const roster::change& news) {
  const auto count = present.members();
  // Many may have left at once: the few who stay are not told a thousand names.
  const auto most = needs.bounds.presence_names;
  if (count > most || news.joined.size() + news.left.size() > most) {
    const notice note{room, notice_frame(wire::presence{room, {}, {}, count})};
    for (const auto& member : members)
      tell(self, member.session, note);
    return;
  }
  const notice note{room, notice_frame(wire::presence{room, names_without(news.joined, {}),
                                                      names_without(news.left, {}), count})};
  for (const auto& member : members) {
    const auto& id = member.who.id;
    if (!is_among(news.joined, id) && !is_among(news.left, id)) {
      tell(self, member.session, note);
      continue;
    }
    auto joined = names_without(news.joined, id);
    auto left = names_without(news.left, id);
    if (!joined.empty() || !left.empty()) // never to oneself about oneself
      tell(self, member.session,
           notice{room,
                  notice_frame(wire::presence{room, std::move(joined), std::move(left), count})});
  }
}

// -- time -----------------------------------------------------------------------------------------

bool room_state::idle() const {
  return members.empty() && at_the_door.empty() && waiting.empty() && under_way.empty()
         && undecided.empty() && !present.pending() && present.members() == told_members;
}

void room_state::arm() {
  const bool wanted = !is_open || present.pending() || present.members() != told_members
                      || (gap_to > log.head && gap_ticket == 0) || idle();
  if (armed || !wanted)
    return;
  armed = true;
  tell_after(self, needs.bounds.tick, self, tick{});
}

void room_state::pass(const tick&) {
  armed = false;
  if (!is_open && !opening && !at_the_door.empty())
    ask_to_open();
  fill_gap();
  gather_presence();
  // An empty log costs nothing to open again: names that were only tried do not pile up.
  const std::chrono::milliseconds stays =
    log.head == 0 ? needs.bounds.tick : needs.bounds.room_idle;
  if (idle() && self->clock().now() - idle_since >= stays)
    tell(self, needs.lobby, may_retire{room, entered_count});
  arm();
}

} // namespace callboard
