// Reading the log by one rule: a cursor, whatever happens in between. A slow client costs a cursor,
// not a queue: one page at a time is under way for a connection, and only while its outbox is low.
#include "actors/session_state.hpp"

#include <algorithm>
#include <utility>

namespace callboard {

namespace {

using phase = subscription::stage;

/// The JSON of a page's entries.
std::vector<std::string_view> json_of(const page_read& page) {
  std::vector<std::string_view> all;
  for (const auto& run : page.runs)
    for (auto seq = std::max(run->first(), page.first); seq <= std::min(run->last(), page.last);
         ++seq)
      all.push_back(run->json(seq));
  return all;
}

/// The frames of the entries [from, to], sharing the run's bytes: a page may end inside a run.
slice frames_of(const run_ptr& run, seq_t from, seq_t to) {
  auto part = callboard::frames_of(run, from);
  part.bytes.remove_suffix(run->frames_from(to + 1).size());
  return part;
}

} // namespace

// -- the log --------------------------------------------------------------------------------------

void session_state::take_run(const deliver& msg) {
  const auto& run = *msg.run;
  auto* sub = find(run.room());
  if (sub == nullptr || closing || sub->at == phase::entering)
    return;
  const auto wire = link.lock();
  if (!wire)
    return;
  if (sub->at != phase::live || !takes_live(wire->waiting(), run.bytes(), needs->bounds))
    sub->place.heard(run.last());
  else if (const auto from = sub->place.take(run.first(), run.last()); from != 0) {
    wire->send(frames_of(msg.run, from), 0);
    needs->status->deliveries.fetch_add(run.last() + 1 - from, std::memory_order_relaxed);
    if (msg.published != caf::actor_clock::time_point{})
      needs->status->delivery_time.record(self->clock().now() - msg.published);
  }
  read_on(*sub);
}

void session_state::read_on(subscription& sub) {
  const bool follows = sub.at == phase::live || sub.at == phase::paging;
  if (follows && sub.cache && !sub.read_later && !closing && sub.place.wants_read(true))
    want_page(sub);
}

void session_state::want_page(subscription& sub) {
  sub.place.read_began();
  page_line.push_back({sub.room, 0});
  next_page();
}

void session_state::next_page() {
  const auto wire = link.lock();
  while (wire && !closing && page_ticket == 0 && !page_line.empty()) {
    if (wire->waiting() > needs->bounds.outbox_low_bytes) {
      if (!std::exchange(low_asked, true))
        wire->tell_when_low(needs->bounds.outbox_low_bytes);
      return;
    }
    const auto next = std::move(page_line.front());
    page_line.erase(page_line.begin());
    if (page_line.empty())
      page_line.shrink_to_fit();
    auto* sub = find(next.room);
    if (sub == nullptr || !sub->cache)
      continue;
    if (next.history != 0)
      read_history(*sub, next.history);
    else
      read_entries(*sub);
  }
}

void session_state::read_entries(subscription& sub) {
  // Never beyond what the room has published: its head decides whether a position can be resumed.
  const auto wanted = std::min<seq_t>(sub.place.known() - sub.place.at(), needs->bounds.page);
  read_query query{sub.room, read_query::direction::after, sub.place.at(), wanted};
  if (sub.at == phase::loading && sub.mode != wire::join_mode::resumed)
    query = {sub.room, read_query::direction::before, sub.log.head + 1, sub.first_wanted};
  else if (!sub.place.behind()) // live runs have filled it while it stood in line
    return sub.place.read_ended();
  page_ticket = ++last_ticket;
  sub.read_ticket = page_ticket;
  tell(self, sub.cache, read_page{self, page_ticket, std::move(query)});
}

void session_state::read_history(subscription& sub, ticket_t ticket) {
  const auto found = pending.find(ticket);
  if (found == pending.end())
    return;
  const auto& what = std::get<history_asked>(found->second.what).what;
  read_query query{sub.room, read_query::direction::after, what.after.value_or(0),
                   std::min(what.limit, needs->bounds.page)};
  if (what.before) {
    query.where = read_query::direction::before;
    query.position = std::min(*what.before, sub.place.known() + 1);
  }
  page_ticket = ticket;
  tell(self, sub.cache, read_page{self, ticket, std::move(query)});
}

void session_state::go_on() {
  low_asked = false;
  next_page();
  next_list();
}

void session_state::take_page(const page_read& msg) {
  if (msg.ticket != page_ticket)
    return; // of a room that has died since, or was left
  page_ticket = 0;
  auto* sub = find(msg.room);
  if (sub == nullptr || msg.ticket != sub->read_ticket) {
    answer_history(msg);
    return next_page();
  }
  sub->read_ticket = 0;
  sub->place.read_ended();
  if (closing)
    return;
  if (sub->at == phase::loading)
    show_first_page(*sub, msg);
  else
    show_more(*sub, msg);
  next_page();
}

void session_state::show_first_page(subscription& sub, const page_read& msg) {
  if (msg.last < msg.first) // the room said that there is something
    return give_up_join(sub, errc::unavailable);
  const auto entries = json_of(msg);
  needs->status->deliveries.fetch_add(entries.size(), std::memory_order_relaxed);
  if (sub.mode != wire::join_mode::resumed)
    return send_joined(sub, entries, msg.first > sub.log.first);
  (void)sub.place.take(msg.first, msg.last);
  if (sub.place.behind())
    sub.mode = wire::join_mode::paged;
  send_joined(sub, entries, sub.place.behind());
}

void session_state::show_more(subscription& sub, const page_read& msg) {
  const auto level = sub.place.at();
  if (sub.at == phase::paging)
    show_next_page(sub, msg);
  else
    show_missed(sub, msg);
  if (sub.place.behind() && sub.place.at() == level) {
    sub.read_later = true; // nothing new in it: not again at once
    arm();
  }
  read_on(sub);
}

void session_state::show_next_page(subscription& sub, const page_read& msg) {
  if (msg.last < msg.first || sub.place.take(msg.first, msg.last) != msg.first)
    return;
  const bool more = sub.place.behind();
  const auto entries = json_of(msg);
  needs->status->deliveries.fetch_add(entries.size(), std::memory_order_relaxed);
  if (!more)
    sub.at = phase::live;
  if (const auto wire = link.lock())
    wire->send(
      make_slice(text_frame(wire::encode_history({}, {sub.room, {}, more, true}, entries))), 0);
}

void session_state::show_missed(subscription& sub, const page_read& msg) {
  const auto wire = link.lock();
  if (!wire)
    return;
  for (const auto& run : msg.runs) {
    const auto last = std::min(run->last(), msg.last);
    const auto from = sub.place.take(run->first(), last);
    if (from == 0)
      continue;
    wire->send(frames_of(run, from, last), 0);
    needs->status->deliveries.fetch_add(last + 1 - from, std::memory_order_relaxed);
  }
}

void session_state::miss_page(const page_refused& msg) {
  if (msg.ticket != page_ticket)
    return;
  page_ticket = 0;
  auto* sub = find(msg.room);
  if (sub != nullptr && msg.ticket == sub->read_ticket) {
    sub->read_ticket = 0;
    sub->place.read_ended();
    if (sub->at == phase::loading)
      give_up_join(*sub, msg.why);
    else {
      sub->read_later = true;
      arm();
    }
  } else if (const auto found = pending.find(msg.ticket); found != pending.end()) {
    refuse(found->second.ref, msg.why, msg.room);
    pending.erase(found);
    end_drain_when_done();
  }
  next_page();
}

void session_state::take(const std::string& ref, const wire::history& what) {
  auto* sub = find_joined(ref, what.room);
  if (sub == nullptr)
    return;
  const auto known = sub->place.known();
  const bool nothing =
    what.before ? *what.before <= sub->log.first || known == 0 : *what.after >= known;
  if (nothing)
    return answer_text(wire::encode_history(ref, {what.room, {}, false, false}, {}));
  if (!sub->cache)
    return refuse(ref, errc::unavailable, what.room);
  pending.emplace(++last_ticket, asked{ref, what.room, history_asked{what}});
  page_line.push_back({what.room, last_ticket});
  next_page();
}

void session_state::answer_history(const page_read& msg) {
  const auto found = pending.find(msg.ticket);
  if (found == pending.end())
    return;
  const auto request = std::move(found->second);
  pending.erase(found);
  const auto* sub = find(msg.room);
  if (sub == nullptr)
    return refuse(request.ref, errc::not_joined, msg.room);
  const auto& what = std::get<history_asked>(request.what).what;
  const bool empty = msg.last < msg.first;
  const bool more =
    !empty && (what.before ? msg.first > sub->log.first : msg.last < sub->place.known());
  const auto entries = json_of(msg);
  answer_text(wire::encode_history(request.ref, {msg.room, {}, more, false}, entries));
  end_drain_when_done();
}

} // namespace callboard
