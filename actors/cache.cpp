// The shell around recent_entries, fetched_pages and read_queue: who asked, who is answered.
#include "actors/cache.hpp"

#include "actors/alarm.hpp"
#include "actors/fetched_pages.hpp"
#include "actors/read_queue.hpp"
#include "actors/recent_entries.hpp"
#include "runtime/log.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <variant>

namespace callboard {

namespace {

/// Live entries cannot push out all that was read, nor the other way round.
limits share_of(limits bounds, std::size_t eighths) {
  bounds.cache_bytes = bounds.cache_bytes / 8 * eighths;
  return bounds;
}

// -- state ----------------------------------------------------------------------------------------

struct cache_state {
  using interface = cache_actor;
  static inline constexpr const char* name = "callboard.cache";

  struct page_asker {
    reader_actor reader;
    ticket_t ticket = 0;
    read_query query;
  };
  using asker = std::variant<page_asker, list_rooms>;

  cache_state(cache_actor::pointer self, cache_needs needs)
    : self{self},
      needs{std::move(needs)},
      recent{share_of(this->needs.bounds, 7)},
      fetched{share_of(this->needs.bounds, 1)},
      queue{this->needs.bounds, this->needs.readers.size()} {}
  ~cache_state();
  cache_state(const cache_state&) = delete;
  cache_state& operator=(const cache_state&) = delete;

  void keep(const remember& msg);
  void serve(const read_page& msg);
  void serve(const list_rooms& msg);
  void take(const page_fetched& msg);
  void ask_again(const read_queue::read& done);
  void give_orders();
  void look_at_clock();
  void answer(const page_asker& to, page what) const;
  void refuse(const asker& to, errc why) const;
  [[nodiscard]] asker release(asker_id id);
  void arm();
  void count_bytes();
  void on_down(const caf::actor_addr& whom) const;
  cache_actor::behavior_type make_behavior();

  cache_actor::pointer self;
  cache_needs needs;
  std::vector<history_actor> readers;
  recent_entries recent;
  fetched_pages fetched;
  read_queue queue;
  std::unordered_map<asker_id, asker> askers; ///< Of the queue.
  asker_id last_asker = 0;
  alarm clock;
};

// -- steps ----------------------------------------------------------------------------------------

cache_state::~cache_state() {
  needs.status->cache_bytes.store(0, std::memory_order_relaxed);
  for (std::size_t i = 0; i < readers.size(); ++i) {
    stop(readers[i]);
    // A reader reads its mailbox only when its call has ended.
    if (queue.busy(i))
      needs.reader_stores.at(i)->interrupt();
  }
}

void cache_state::keep(const remember& msg) {
  recent.remember(msg.run, self->clock().now());
  count_bytes();
  arm();
}

void cache_state::serve(const read_page& msg) {
  const auto now = self->clock().now();
  page_asker asker{msg.asker, msg.ticket, msg.query};
  asker.query.limit = std::min(msg.query.limit, needs.bounds.page);
  if (asker.query.limit == 0)
    return answer(asker, {});
  auto held = recent.read(asker.query, now);
  if (!held)
    held = fetched.read(asker.query, now);
  if (held) {
    needs.status->pages_cached.fetch_add(1, std::memory_order_relaxed);
    return answer(asker, std::move(*held));
  }
  if (!queue.ask(asker.query, ++last_asker, now))
    return refuse(asker, errc::busy);
  askers.emplace(last_asker, std::move(asker));
  give_orders();
}

void cache_state::serve(const list_rooms& msg) {
  if (!queue.ask(++last_asker, self->clock().now()))
    return refuse(msg, errc::busy);
  askers.emplace(last_asker, msg);
  give_orders();
}

void cache_state::give_orders() {
  const auto now = self->clock().now();
  while (const auto order = queue.next(now)) {
    const auto& reader = readers.at(order->reader);
    if (order->query) {
      tell(self, reader, fetch_page{self, order->id, *order->query});
      continue;
    }
    // The reader answers the asker itself; an empty read behind it tells when it has done so.
    tell(self, reader, std::get<list_rooms>(askers.at(order->only)));
    tell(self, reader, fetch_page{self, order->id, {}});
  }
  arm();
}

void cache_state::take(const page_fetched& msg) {
  const auto done = queue.finish(msg.ticket);
  if (!done)
    return;
  if (!done->query) {
    for (const auto& a : done->askers)
      (void)release(a.id);
  } else if (msg.failed) {
    for (const auto& a : done->askers)
      refuse(release(a.id), errc::unavailable);
  } else if (msg.run == nullptr) {
    needs.status->pages_read.fetch_add(1, std::memory_order_relaxed);
    ask_again(*done);
  } else {
    const auto now = self->clock().now();
    needs.status->pages_read.fetch_add(1, std::memory_order_relaxed);
    if (!recent.extend(msg.run, now))
      fetched.keep(msg.run, now);
    count_bytes();
    for (const auto& a : done->askers)
      answer(std::get<page_asker>(release(a.id)), part_of(msg.run, done->query->where, a.limit));
  }
  give_orders();
}

/// There was nothing when the store was asked. Who came later may know better: it is asked once
/// more for them.
void cache_state::ask_again(const read_queue::read& done) {
  for (const auto& a : done.askers) {
    auto asker = std::get<page_asker>(release(a.id));
    if (!a.late)
      answer(asker, {});
    else
      serve(read_page{asker.reader, asker.ticket, asker.query});
  }
}

void cache_state::look_at_clock() {
  const auto now = self->clock().now();
  if (!clock.ring(now))
    return;
  for (const auto id : queue.lose_patience(now))
    refuse(release(id), errc::unavailable);
  for (const auto i : queue.stuck(now)) {
    log(log_level::warn, "a read does not end: it is interrupted");
    needs.reader_stores.at(i)->interrupt();
  }
  recent.forget_unused(now);
  fetched.forget_unused(now);
  count_bytes();
  give_orders();
}

void cache_state::answer(const page_asker& to, page what) const {
  tell(self, to.reader,
       page_read{to.ticket, to.query.room, what.first, what.last, std::move(what.runs)});
}

void cache_state::refuse(const asker& to, errc why) const {
  if (const auto* reader = std::get_if<page_asker>(&to))
    return tell(self, reader->reader, page_refused{reader->ticket, reader->query.room, why});
  const auto& list = std::get<list_rooms>(to);
  tell(self, list.asker, rooms_listed{list.ticket, true, {}});
}

cache_state::asker cache_state::release(asker_id id) {
  return std::move(askers.extract(id).mapped());
}

void cache_state::arm() {
  const bool held = !recent.empty() || !fetched.empty();
  if (queue.empty() && !held)
    return;
  const auto pause = queue.empty()
                       ? std::max<alarm::duration>(needs.bounds.tick, needs.bounds.cache_ttl / 8)
                       : alarm::duration{needs.bounds.tick};
  if (clock.set(self->clock().now(), pause))
    tell_after(self, pause, self, tick{});
}

void cache_state::count_bytes() {
  needs.status->cache_bytes.store(recent.bytes() + fetched.bytes(), std::memory_order_relaxed);
}

void cache_state::on_down(const caf::actor_addr& /*whom*/) const {
  log(log_level::error, "a reader ended, and the cache with it");
  self->quit();
}

// -- behaviour ------------------------------------------------------------------------------------

cache_actor::behavior_type cache_state::make_behavior() {
  for (const auto& start_reader : needs.readers) {
    readers.push_back(start_reader(self->system()));
    watch(self, this, readers.back());
  }
  return {
    [this](const remember& msg) { keep(msg); },     [this](const read_page& msg) { serve(msg); },
    [this](const page_fetched& msg) { take(msg); }, [this](const list_rooms& msg) { serve(msg); },
    [this](const tick&) { look_at_clock(); },
  };
}

} // namespace

cache_actor start_cache(caf::actor_system& system, cache_needs needs) {
  return start<cache_state>(system, std::move(needs));
}

} // namespace callboard
