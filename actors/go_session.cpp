// A session for the Go program's own client, unchanged: bare lines both ways, the whole history of
// `general` on entry. What others wrote it sees stored only; its own lines the server itself
// repeats until the store has them, because its client cannot.
#include "actors/session.hpp"
#include "actors/subscription.hpp"
#include "domain/validate.hpp"
#include "wire/codec.hpp"

#include <algorithm>
#include <deque>
#include <utility>

namespace callboard {

namespace {

constexpr auto go_room = "general";

/// Guests are shown to others with a `~`; among themselves they see the bare name.
std::string bare_name(const std::string& shown) {
  return shown.starts_with('~') ? shown.substr(1) : shown;
}

// -- state ----------------------------------------------------------------------------------------

struct go_session_state {
  using interface = session_actor;
  static inline constexpr const char* name = "callboard.go_session";

  go_session_state(session_actor::pointer self, connection_t number, std::weak_ptr<connection> link,
                   session_needs_ptr needs);
  ~go_session_state();
  go_session_state(const go_session_state&) = delete;
  go_session_state& operator=(const go_session_state&) = delete;

  void read(const frame_received& msg);
  void post_next();
  void refuse_line(const std::string& why);
  void finish(const post_stored& msg);
  void try_again(const post_refused& msg);
  void ask_to_enter();
  void knock();
  void enter(const entered& msg);
  void stay_out(const enter_refused& msg);
  void on_down(const caf::actor_addr& whom);
  void take_run(const deliver& msg);
  void take_page(const page_read& msg);
  void read_later();
  void read_on();
  void send(const std::string& json, std::uint32_t credit);
  void arm();
  void pass();
  void begin_drain();
  void refuse_what_waits();
  void end_drain_when_done();
  session_actor::behavior_type make_behavior();

  session_actor::pointer self;
  connection_t number;
  std::weak_ptr<connection> link;
  session_needs_ptr needs;
  author who; ///< An id for this connection alone; the name comes with the first line.
  subscription sub;
  std::deque<draft_ptr> lines; ///< The front one is under way; bounded by the connection's credit.
  std::uint64_t line_count = 0;
  ticket_t last_ticket = 0;
  ticket_t post_ticket = 0; ///< 0: the front line has to be sent (again).
  bool low_asked = false;
  bool draining = false;
  caf::actor_clock::time_point drain_began_at;
  bool armed = false;
};

// -- steps ----------------------------------------------------------------------------------------

go_session_state::go_session_state(session_actor::pointer self, connection_t number,
                                   std::weak_ptr<connection> link, session_needs_ptr needs)
  : self{self}, number{number}, link{std::move(link)}, needs{std::move(needs)} {
  this->needs->status->sessions.fetch_add(1, std::memory_order_relaxed);
  who.id = this->needs->new_author_id();
  sub.room = go_room;
}

go_session_state::~go_session_state() {
  needs->status->sessions.fetch_sub(1, std::memory_order_relaxed);
  if (const auto wire = link.lock())
    wire->close(close_code::internal_error, "the session ended");
}

void go_session_state::read(const frame_received& msg) {
  if (draining) // its client has printed the line and cannot repeat it
    return refuse_line("the server restarts");
  const auto line = wire::parse_go_line(msg.text);
  if (!line)
    return refuse_line("a line is {\"username\":…,\"message\":…}");
  if (const auto why = check_text(line->message, needs->bounds))
    return refuse_line(std::string{describe(*why).sentence});
  const auto shown = guest_name(line->username, needs->bounds);
  if (who.name != shown) {
    who.name = shown;
    ask_to_enter(); // the room learns the name
  }
  auto id = "g" + std::to_string(number) + "-" + std::to_string(++line_count);
  lines.push_back(std::make_shared<const draft>(draft{go_room, who, std::move(id), line->message}));
  post_next();
}

void go_session_state::refuse_line(const std::string& why) {
  send(wire::encode_go_line({"callboard", "not stored: " + why}), 1);
}

void go_session_state::post_next() {
  if (lines.empty() || post_ticket != 0 || !sub.actor)
    return;
  post_ticket = ++last_ticket;
  // Every attempt is a round of its own: there is never anything behind the one line under way.
  tell(self, sub.actor, post_draft{number, post_ticket, post_ticket, lines.front()});
}

void go_session_state::finish(const post_stored& msg) {
  if (msg.ticket != post_ticket || lines.empty())
    return;
  post_ticket = 0;
  lines.pop_front();
  if (const auto wire = link.lock())
    wire->grant(1); // this client gets no receipt
  end_drain_when_done();
  post_next();
}

void go_session_state::try_again(const post_refused& msg) {
  if (msg.ticket != post_ticket || lines.empty())
    return;
  post_ticket = 0;
  if (describe(msg.why).retryable)
    return arm();
  lines.pop_front();
  refuse_line(std::string{describe(msg.why).sentence});
  end_drain_when_done();
  post_next();
}

void go_session_state::ask_to_enter() {
  sub.enter_ticket = ++last_ticket;
  knock();
}

void go_session_state::knock() {
  sub.entered_at = self->clock().now();
  tell(self, needs->lobby,
       enter_room{self, number, sub.enter_ticket, sub.room, who,
                  sub.at != subscription::stage::entering && !sub.actor});
  arm();
}

void go_session_state::enter(const entered& msg) {
  if (msg.ticket != sub.enter_ticket)
    return;
  sub.enter_ticket = 0;
  const bool first = sub.at == subscription::stage::entering;
  const bool same_log = first || (sub.log.epoch == msg.log.epoch && sub.place.at() <= msg.log.head);
  if (const auto wire = link.lock(); wire && !same_log)
    return wire->close(close_code::resync, "the log is another one");
  sub.log = msg.log;
  if (sub.actor != msg.room) {
    watch(self, this, msg.room);
    post_ticket = 0; // what the last room had may be stored; the store knows the id
    // Its cache may have died with it, before anybody hears of its death.
    sub.read_ticket = 0;
    sub.place.read_ended();
  }
  sub.actor = msg.room;
  sub.cache = msg.cache;
  if (first)
    sub.place = {msg.log.first - 1, msg.log.head};
  sub.at = subscription::stage::live;
  sub.place.heard(msg.log.head);
  post_next();
  read_on();
}

void go_session_state::stay_out(const enter_refused& msg) {
  if (msg.ticket != sub.enter_ticket)
    return;
  sub.enter_ticket = 0;
  arm();
}

void go_session_state::on_down(const caf::actor_addr& whom) {
  if (!sub.actor || sub.actor.address() != whom)
    return;
  sub.actor = nullptr;
  sub.cache = nullptr;
  sub.read_ticket = 0;
  sub.place.read_ended();
  ask_to_enter();
}

void go_session_state::take_run(const deliver& msg) {
  const auto wire = link.lock();
  if (!wire || sub.at != subscription::stage::live)
    return;
  if (!takes_live(wire->waiting(), msg.run->bytes(), needs->bounds))
    sub.place.heard(msg.run->last());
  else if (const auto from = sub.place.take(msg.run->first(), msg.run->last()); from != 0) {
    for (const auto& item : msg.run->entries())
      if (item.seq >= from
          && item.from.id != who.id) // its client has printed its own lines already
        send(wire::encode_go_line({bare_name(item.from.name), item.text}), 0);
    if (msg.published != caf::actor_clock::time_point{})
      needs->status->delivery_time.record(self->clock().now() - msg.published);
  }
  read_on();
}

void go_session_state::take_page(const page_read& msg) {
  if (msg.ticket != sub.read_ticket)
    return;
  sub.read_ticket = 0;
  sub.place.read_ended();
  const auto from = msg.last < msg.first ? 0 : sub.place.take(msg.first, msg.last);
  if (from == 0)
    return read_later();
  std::vector<wire::go_line> page;
  for (const auto& run : msg.runs)
    for (const auto& item : run->entries())
      if (item.seq >= from && item.seq <= msg.last && item.from.id != who.id)
        page.push_back({bare_name(item.from.name), item.text});
  if (!page.empty())
    send(wire::encode_go_page(page), 0);
  read_on();
}

void go_session_state::read_later() {
  sub.read_later = sub.place.behind();
  if (sub.read_later)
    arm();
}

void go_session_state::read_on() {
  const auto wire = link.lock();
  if (!wire || !sub.cache || sub.read_later || !sub.place.wants_read(true))
    return;
  if (wire->waiting() > needs->bounds.outbox_low_bytes) {
    if (!std::exchange(low_asked, true))
      wire->tell_when_low(needs->bounds.outbox_low_bytes);
    return;
  }
  sub.place.read_began();
  sub.read_ticket = ++last_ticket;
  const auto wanted = std::min<seq_t>(sub.place.known() - sub.place.at(), needs->bounds.page);
  tell(self, sub.cache,
       read_page{
         self, sub.read_ticket, {sub.room, read_query::direction::after, sub.place.at(), wanted}});
}

void go_session_state::send(const std::string& json, std::uint32_t credit) {
  if (const auto wire = link.lock())
    wire->send(make_slice(text_frame(json)), credit);
}

void go_session_state::arm() {
  if (std::exchange(armed, true))
    return;
  tell_after(self, needs->bounds.retry_after, self, tick{});
}

void go_session_state::pass() {
  armed = false;
  sub.read_later = false;
  const bool asked_long_ago = self->clock().now() - sub.entered_at >= needs->bounds.retry_after;
  if (sub.enter_ticket != 0 && asked_long_ago)
    knock();
  else if (sub.enter_ticket == 0 && !sub.actor)
    ask_to_enter();
  post_next();
  read_on();
  if (draining && self->clock().now() - drain_began_at >= needs->bounds.drain_patience)
    refuse_what_waits();
  if (draining || !sub.actor || sub.enter_ticket != 0)
    arm();
}

/// Its user is told, as well as this client can be: the line may yet be stored.
void go_session_state::refuse_what_waits() {
  for (auto waiting = std::exchange(lines, {}); !waiting.empty(); waiting.pop_front())
    refuse_line("the server restarts, and its store does not answer; say it again later");
  end_drain_when_done();
}

void go_session_state::begin_drain() {
  draining = true;
  drain_began_at = self->clock().now();
  arm();
  end_drain_when_done();
}

void go_session_state::end_drain_when_done() {
  if (const auto wire = link.lock(); wire && draining && lines.empty())
    wire->close(close_code::restart, "the server restarts");
}

// -- behaviour ------------------------------------------------------------------------------------

session_actor::behavior_type go_session_state::make_behavior() {
  ask_to_enter();
  return {
    [this](const frame_received& msg) { read(msg); },
    [this](const outbox_low&) {
      low_asked = false;
      read_on();
    },
    [this](const connection_closed&) { self->quit(); },
    [this](const drain&) { begin_drain(); },
    [this](const tick&) { pass(); },
    [](const signed_in&) { /* guests have no account */ },
    [](const sign_in_refused&) { /* guests have no account */ },
    [this](const entered& msg) { enter(msg); },
    [this](const enter_refused& msg) { stay_out(msg); },
    [this](const post_stored& msg) { finish(msg); },
    [this](const post_refused& msg) { try_again(msg); },
    [this](const deliver& msg) { take_run(msg); },
    [](const notice&) { /* its client would print it */ },
    [](const who_answered&) { /* never asked */ },
    [](const rooms_listed&) { /* never asked */ },
    [this](const page_read& msg) { take_page(msg); },
    [this](const page_refused& msg) {
      if (msg.ticket != sub.read_ticket)
        return;
      sub.read_ticket = 0;
      sub.place.read_ended();
      read_later();
    },
  };
}

} // namespace

session_actor start_go_session(caf::actor_system& system, connection_t number,
                               std::weak_ptr<connection> link, session_needs_ptr needs) {
  return start<go_session_state>(system, number, std::move(link), std::move(needs));
}

} // namespace callboard
