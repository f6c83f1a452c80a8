// Joining and leaving rooms, and staying in one whose actor has died.
#include "actors/session_state.hpp"
#include "domain/validate.hpp"

#include <algorithm>
#include <utility>

namespace callboard {

namespace {

using phase = subscription::stage;

} // namespace

// -- requests -------------------------------------------------------------------------------------

void session_state::take(const std::string& ref, const wire::join& what) {
  if (const auto why = check_room_name(what.room, needs->bounds))
    return refuse(ref, *why, what.room);
  auto* sub = find(what.room);
  if (sub == nullptr) {
    depart_from(what.room);
    if (rooms.size() >= needs->bounds.rooms)
      return refuse(ref, errc::too_many_rooms, what.room);
    sub = &rooms[what.room];
    sub->room = what.room;
    sub->gate = order_gate{++last_ticket}; // no round of an earlier membership is as high
  }
  sub->joins.push_back({ref, what}); // bounded: each has cost a credit
  if (sub->joins.size() == 1)
    ask_to_enter(*sub);
}

void session_state::take(const std::string& ref, const wire::leave& what) {
  const auto found = rooms.find(what.room);
  if (found == rooms.end())
    return refuse(ref, errc::not_joined, what.room);
  auto sub = std::move(found->second);
  rooms.erase(found);
  forget_pages(sub);
  if (sub.actor)
    tell(self, sub.actor, leave_room{number});
  fail_joins(sub, errc::not_joined);
  drop_requests(what.room, errc::not_joined);
  if (!sub.actor) // nobody is there to answer them; those of a room never joined were not sent
    refuse_posts(sub, sub.joined ? errc::unavailable : errc::not_joined);
  if (!sub.joined && !sub.actor) {
    // The entry still waits for the store. Its credit stays away with the answer: who joins and
    // leaves without end is held back like everybody else.
    pending.emplace(sub.enter_ticket, asked{ref, what.room, leave_asked{self->clock().now()}});
    arm();
  } else {
    answer(ref, wire::left{what.room});
  }
  next_page();
}

/// Who joins again hears first that the room was left.
void session_state::depart_from(const std::string& room) {
  const auto found = std::find_if(pending.begin(), pending.end(), [&](const auto& request) {
    return request.second.room == room && std::holds_alternative<leave_asked>(request.second.what);
  });
  if (found != pending.end())
    depart(found->first);
}

/// The entry that a `leave` had overtaken has been answered.
void session_state::depart(ticket_t ticket) {
  const auto found = pending.find(ticket);
  if (found == pending.end() || !std::holds_alternative<leave_asked>(found->second.what))
    return;
  answer(found->second.ref, wire::left{found->second.room});
  pending.erase(found);
  end_drain_when_done();
}

// -- rooms ----------------------------------------------------------------------------------------

subscription* session_state::find(const std::string& room) {
  const auto found = rooms.find(room);
  return found == rooms.end() ? nullptr : &found->second;
}

subscription* session_state::find_joined(const std::string& ref, const std::string& room) {
  auto* sub = find(room);
  if (sub != nullptr && sub->joined)
    return sub;
  refuse(ref, errc::not_joined, room);
  return nullptr;
}

void session_state::ask_to_enter(subscription& sub) {
  sub.enter_ticket = ++last_ticket;
  knock(sub);
}

/// Asks, or asks again with the same ticket: an answer that is merely slow still counts.
void session_state::knock(subscription& sub) {
  sub.entered_at = self->clock().now();
  tell(self, needs->lobby,
       enter_room{self, number, sub.enter_ticket, sub.room, who, sub.joined && !sub.actor});
  arm(); // asked again when no answer comes: the room may have died with the question
}

void session_state::enter(const entered& msg) {
  auto* sub = find(msg.name);
  if (sub == nullptr || msg.ticket != sub->enter_ticket) {
    if (sub == nullptr) // left in the meantime
      tell(self, msg.room, leave_room{number});
    return depart(msg.ticket);
  }
  sub->enter_ticket = 0;
  const bool another = sub->actor != msg.room;
  if (another && std::ranges::find(watched, msg.room.address()) == watched.end()) {
    watched.push_back(msg.room.address());
    watch(self, this, msg.room);
  }
  if (another && sub->actor) { // its death has not been heard of yet: it will answer nothing more
    drop_requests(msg.name, errc::unavailable);
    forget_pages(*sub);
  }
  sub->actor = msg.room;
  sub->cache = msg.cache;
  sub->members = msg.members;
  const bool same_log = sub->at == phase::entering
                        || (sub->log.epoch == msg.log.epoch && sub->place.at() <= msg.log.head);
  if (!same_log && sub->joins.empty())
    return close(close_code::resync, "the room's log is another one; join again");
  sub->log = msg.log;
  if (sub->joins.empty())
    come_back(*sub);
  else
    begin(*sub);
  if (another)
    repeat_posts(*sub);
  next_page(); // one that was under way may have been forgotten, and others stand behind it
}

void session_state::come_back(subscription& sub) {
  sub.place.heard(sub.log.head);
  read_on(sub);
}

void session_state::begin(subscription& sub) {
  const auto& what = sub.joins.front().what;
  const auto& log = sub.log;
  forget_pages(sub); // they belong to the cursor that is replaced
  sub.at = phase::loading;
  const bool resumes = what.after && what.epoch == log.epoch && *what.after <= log.head
                       && *what.after + 1 >= log.first;
  if (resumes) {
    sub.mode = wire::join_mode::resumed;
    sub.place = {*what.after, log.head};
    return sub.place.behind() ? want_page(sub) : send_joined(sub, {}, false);
  }
  sub.mode = what.after ? wire::join_mode::reset : wire::join_mode::fresh;
  sub.place = {log.head, log.head};
  const auto held = log.head + 1 - log.first;
  sub.first_wanted = std::min<seq_t>({what.last, needs->bounds.page, held});
  if (sub.first_wanted == 0)
    return send_joined(sub, {}, held > 0);
  want_page(sub);
}

void session_state::send_joined(subscription& sub, std::span<const std::string_view> entries,
                                bool more) {
  sub.joined = true;
  const auto ref = std::move(sub.joins.front().ref);
  sub.joins.erase(sub.joins.begin());
  if (sub.joins.empty())
    sub.joins.shrink_to_fit();
  sub.at = sub.mode == wire::join_mode::paged ? phase::paging : phase::live;
  // What was stored while the page was read is in it, too: `head` is never below the last entry.
  const auto head = std::max(sub.log.head, sub.place.at());
  answer_text(wire::encode_joined(
    ref, {sub.room, sub.log.epoch, sub.log.first, head, sub.mode, {}, more, sub.members}, entries));
  if (!sub.joins.empty())
    return ask_to_enter(sub);
  read_on(sub);
}

void session_state::stay_out(const enter_refused& msg) {
  auto* sub = find(msg.name);
  if (sub == nullptr || msg.ticket != sub->enter_ticket)
    return depart(msg.ticket);
  sub->enter_ticket = 0;
  refuse_posts(*sub, msg.why);
  if (!sub->joins.empty())
    return give_up_join(*sub, msg.why);
  arm(); // the room is being rebuilt; its member stays, and asks again
}

void session_state::give_up_join(subscription& sub, errc why) {
  forget_pages(sub); // the cache that has one under way may be dead
  fail_joins(sub, why);
  tell(self, sub.actor, leave_room{number});
  const auto room = sub.room;
  rooms.erase(room);
  drop_requests(room, why);
  next_page();
}

void session_state::fail_joins(subscription& sub, errc why) {
  for (const auto& join : std::exchange(sub.joins, {}))
    refuse(join.ref, why, sub.room);
}

void session_state::forget_pages(subscription& sub) {
  std::erase_if(
    page_line, [&](const wanted_page& page) { return page.room == sub.room && page.history == 0; });
  if (sub.read_ticket != 0 && page_ticket == sub.read_ticket)
    page_ticket = 0;
  sub.read_ticket = 0;
  sub.place.read_ended();
}

void session_state::on_down(const caf::actor_addr& whom) {
  std::erase(watched, whom);
  for (auto& [room, sub] : rooms) {
    if (!sub.actor || sub.actor.address() != whom)
      continue;
    sub.actor = nullptr;
    sub.cache = nullptr;
    forget_pages(sub);
    drop_requests(room, errc::unavailable); // posts stay: they are repeated to the room's successor
    if (sub.at == phase::loading)           // its first page will not come: the join begins anew
      sub.at = phase::entering;
    ask_to_enter(sub);
  }
  refuse_posts_with(whom);
  next_page();
  end_drain_when_done();
}

void session_state::drop_requests(const std::string& room, errc why) {
  for (auto request = pending.begin(); request != pending.end();) {
    if (request->second.room != room || std::holds_alternative<post_asked>(request->second.what)
        || std::holds_alternative<leave_asked>(request->second.what)) {
      ++request;
      continue;
    }
    if (list_ticket == request->first)
      list_ticket = 0;
    if (page_ticket == request->first)
      page_ticket = 0;
    refuse(request->second.ref, why, room);
    request = pending.erase(request);
  }
  next_list();
}

} // namespace callboard
