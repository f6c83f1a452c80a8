// An ordinary least-recently-used map over (room, first entry), searched by interval.
#include "actors/fetched_pages.hpp"

namespace callboard {

fetched_pages::fetched_pages(const limits& bounds) : bounds_{bounds} {}

void fetched_pages::keep(const run_ptr& run, time_point now) {
  if (run->bytes() > bounds_.cache_bytes)
    return;
  const key name{run->room(), run->first()};
  if (const auto known = pages_.find(name); known != pages_.end()) {
    if (known->second.run->last() >= run->last())
      return use(known->second, now);
    erase(known);
  }
  pages_.emplace(name, kept{run, now, by_use_.insert(by_use_.end(), name)});
  bytes_ += run->bytes();
  while (bytes_ > bounds_.cache_bytes)
    erase(pages_.find(by_use_.front()));
}

std::optional<page> fetched_pages::read(const read_query& query, time_point now) {
  const bool after = query.where == read_query::direction::after;
  const auto nearest = after ? query.position + 1 : query.position - 1;
  auto place = pages_.upper_bound(key{query.room, nearest});
  if (place == pages_.begin())
    return std::nullopt;
  --place;
  if (place->first.first != query.room)
    return std::nullopt;
  auto found = cut_page({place->second.run}, query, bounds_.page_bytes);
  if (found)
    use(place->second, now);
  return found;
}

void fetched_pages::forget_unused(time_point now) {
  while (!by_use_.empty()) {
    const auto oldest = pages_.find(by_use_.front());
    if (now - oldest->second.used < bounds_.cache_ttl)
      return;
    erase(oldest);
  }
}

void fetched_pages::use(kept& page, time_point now) {
  page.used = now;
  by_use_.splice(by_use_.end(), by_use_, page.place);
}

void fetched_pages::erase(pages::iterator page) {
  bytes_ -= page->second.run->bytes();
  by_use_.erase(page->second.place);
  pages_.erase(page);
}

} // namespace callboard
