// A connection's events carry its number: whatever an old one still says changes nothing.
#include "client/link.hpp"

#include "client/link_state.hpp"
#include "wire/close_code.hpp"

#include <algorithm>
#include <utility>

namespace callboard::client {

link_state::link_state(link_actor::pointer self, link_setup setup_of)
  : self{self},
    setup{std::move(setup_of)},
    delays{setup.timing.backoff_least, setup.timing.backoff_most} {}

// -- connecting -----------------------------------------------------------------------------------

void link_state::become(const introduce& msg) {
  name_wanted = msg.name;
  token = msg.token;
  claim = msg.claim;
  if (now_in != phase::idle && now_in != phase::ended)
    return;
  open_journal();
  dial();
}

void link_state::dial() {
  now_in = phase::connecting;
  appointment = {};
  heard_at = now();
  phase_until = heard_at + setup.timing.open_within;
  tell(self, setup.terminal, link_connecting{link_actor{self}});
  setup.way->open(++connection, setup.where);
  arm();
}

void link_state::greet(const transport_opened& msg) {
  if (msg.connection != connection || now_in != phase::connecting)
    return;
  now_in = phase::greeting;
  heard_at = now();
  phase_until = heard_at + setup.timing.welcome_within;
  credit_kept = held ? setup.bounds.frames_ahead : 0;
  if (!held)
    setup.way->grant(setup.bounds.frames_ahead);
  say_hello();
  arm();
}

/// A token is the author; a name alone would be a new author under a name that is taken: by us,
/// should the first welcome be lost on the way. The claim says that it is us.
void link_state::say_hello() {
  wire::hello hello;
  if (!token.empty())
    hello.token = token;
  else
    hello.name = name_wanted;
  if (token.empty() && !claim.empty())
    hello.claim = claim;
  ask(std::move(hello), hello_asked{});
}

void link_state::settle(const transport_closed& msg) {
  const bool ours =
    msg.connection == connection
    && (now_in == phase::connecting || now_in == phase::greeting || now_in == phase::welcome);
  if (!ours)
    return;
  using reason = closing::reason;
  const auto& what = msg.what;
  // After a first welcome the address is right; a mismatch is then a proxy in the middle of a
  // restart.
  const bool wrong_place =
    !ever_welcome && (what.kind == reason::mismatch || what.kind == reason::refused);
  const bool sent_away = what.kind == reason::closed && !should_reconnect(what.code);
  if (wrong_place || sent_away)
    end(what);
  else
    lose(what.why, appointment);
}

void link_state::lose(const std::string& why, std::chrono::milliseconds at_least) {
  // The shortest loss after a long peace starts at the shortest delay; `ring` may not have come
  // yet.
  if (now_in == phase::welcome)
    note_peace();
  const auto least = std::min(at_least, setup.timing.appointment_most);
  const auto delay = least + delays.next(setup.random());
  forget_connection();
  now_in = phase::waiting;
  phase_until = now() + delay;
  tell(self, setup.terminal, link_lost{why, delay, ++attempts});
  arm();
}

void link_state::end(closing why) {
  forget_connection();
  now_in = phase::ended;
  tell(self, setup.terminal, link_ended{std::move(why)});
}

void link_state::forget_connection() {
  setup.way->close(static_cast<std::uint16_t>(close_code::normal));
  ++connection;
  pending.clear();
  pinged_at.reset();
  const bool was_up = now_in == phase::welcome;
  for (auto& [name_of, room] : rooms) {
    room.joined = false;
    room.joining = false;
    room.join = 0;
    room.join_again.reset();
    room.posts.lost();
    if (was_up)
      tell(self, room.timeline, link_down{});
  }
}

/// A person decides: no delay, no appointment, and also behind an end.
void link_state::reconnect_now() {
  if (now_in == phase::idle)
    return; // Nobody has said yet who to be.
  forget_connection();
  delays.reset();
  attempts = 0;
  dial();
}

void link_state::hang_up_now() {
  setup.way->close(static_cast<std::uint16_t>(close_code::normal));
  now_in = phase::ended;
  self->quit();
}

// -- time -----------------------------------------------------------------------------------------

link_state::time_point link_state::now() const {
  return self->clock().now();
}

/// One alarm for all deadlines, and none while nothing waits: an idle client wakes twice a minute.
void link_state::arm() {
  std::optional<time_point> next;
  const auto want = [&next](time_point at) { next = next ? std::min(*next, at) : at; };
  if (now_in == phase::connecting || now_in == phase::greeting || now_in == phase::waiting)
    want(phase_until);
  if (now_in == phase::welcome) {
    want(next_look());
    // With a full window no time helps, only an answer: an alarm would ring without end.
    const bool may_send = posts_under_way() < window();
    for (const auto& [name_of, room] : rooms) {
      if (room.join_again)
        want(*room.join_again);
      if (const auto due = room.posts.due(); due && room.takes_posts() && may_send)
        want(*due);
    }
  }
  const auto at = now();
  if (!next || (armed_for && *armed_for > at && *armed_for <= *next))
    return;
  armed_for = std::max(*next, at);
  tell_after(self, *armed_for - at, link_actor{self}, link_alarm{});
}

void link_state::ring() {
  const auto at = now();
  flush_journal();
  if (armed_for && *armed_for <= at)
    armed_for.reset();
  switch (now_in) {
    case phase::connecting:
      if (at >= phase_until)
        lose("no answer", {});
      break;
    case phase::greeting:
      if (at >= phase_until)
        lose("the server did not welcome us", {});
      break;
    case phase::waiting:
      if (at >= phase_until)
        dial();
      break;
    case phase::welcome:
      watch_line();
      break;
    case phase::idle:
    case phase::ended:
      return;
  }
  if (now_in == phase::welcome) {
    retry_rooms();
    pump();
  }
  arm();
}

/// A welcome that has lasted: the next loss is a new one.
void link_state::note_peace() {
  if (now() - welcome_at < setup.timing.steady_after)
    return;
  delays.reset();
  attempts = 0;
}

bool link_state::somebody_there() const {
  return keys_at && now() - *keys_at < setup.timing.keys_for;
}

/// When the line has to be looked at again. Each branch lies ahead of what sets it, so that no
/// alarm rings without end.
link_state::time_point link_state::next_look() const {
  const auto patience = somebody_there() ? setup.timing.beat : heartbeat;
  if (pinged_at)
    return std::max(heard_at, *pinged_at) + patience;
  // Not while we do not read ourselves: what it measured would be our own screen.
  if (somebody_there() && !held)
    return last_ping_at + setup.timing.beat;
  return heard_at + heartbeat;
}

/// A line that is cut without a word (a closed lid, a dead router) shows only by its silence.
void link_state::watch_line() {
  const auto at = now();
  note_peace();
  if (held) // It is we who do not read.
    heard_at = at;
  if (at < next_look())
    return;
  if (pinged_at) {
    const auto silence = std::chrono::ceil<std::chrono::seconds>(at - heard_at);
    lose("nothing heard for " + std::to_string(silence.count()) + " s", {});
  } else {
    send_ping();
  }
}

void link_state::send_ping() {
  pending.erase(last_ping); // A server that talks and never answers it must not fill the list.
  last_ping_at = now();
  pinged_at = last_ping_at;
  last_ping = ask(wire::ping{}, ping_asked{last_ping_at});
}

void link_state::look_closer() {
  keys_at = now();
  if (now_in != phase::welcome)
    return;
  watch_line();
  arm();
}

void link_state::retry_rooms() {
  for (auto& [name_of, room] : rooms) {
    if (!room.join_again || now() < *room.join_again)
      continue;
    room.join_again.reset();
    bring_in(name_of, room);
  }
}

void link_state::hold(const hold_reading& msg) {
  held = msg.hold;
  pending.erase(last_ping); // Its round trip would count our own pause.
  if (!held && credit_kept > 0) {
    heard_at = now();
    setup.way->grant(std::exchange(credit_kept, 0));
  }
}

// -- behaviour ------------------------------------------------------------------------------------

link_actor::behavior_type link_state::make_behavior() {
  return {
    [this](const transport_opened& msg) { greet(msg); },
    [this](const transport_text& msg) { read(msg); },
    [this](const transport_closed& msg) { settle(msg); },
    [this](const link_alarm&) { ring(); },
    [this](const introduce& msg) { become(msg); },
    [this](const query_rooms& msg) { ask_rooms(msg); },
    [this](const hang_up&) { hang_up_now(); },
    [this](const reconnect&) { reconnect_now(); },
    [this](const keys_touched&) { look_closer(); },
    [this](const hold_reading& msg) { hold(msg); },
    [this](const attend_room& msg) { attend(msg); },
    [this](const enter_log& msg) { enter(msg); },
    [this](const submit_post& msg) { keep(msg); },
    [this](const withdraw_post& msg) { withdraw(msg); },
    [this](const request_older& msg) { ask_older(msg); },
    [this](const query_who& msg) { ask_who(msg); },
    [this](const say_typing& msg) { pass_typing(msg); },
    [this](const abandon_room& msg) { abandon(msg); },
    [this](const distrust& msg) {
      if (now_in == phase::welcome)
        lose(msg.why, {});
    },
  };
}

link_actor start_link(caf::actor_system& system, link_setup setup) {
  return start<link_state>(system, std::move(setup));
}

transport_listener events_for(const link_actor& link) {
  struct teller {
    link_actor link;
    void operator()(opened& event) const {
      tell_from_outside(link, transport_opened{event.connection});
    }
    void operator()(text_came& event) const {
      tell_from_outside(link, transport_text{event.connection, std::move(event.text)});
    }
    void operator()(closed& event) const {
      tell_from_outside(link, transport_closed{event.connection, std::move(event.what)});
    }
  };
  return [tell = teller{link}](transport_event event) { std::visit(tell, event); };
}

} // namespace callboard::client
