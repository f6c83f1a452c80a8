// Pages that were read from the store and belong to no room's recent entries, so that an avalanche
// of readers at one old position costs one read.
#pragma once

#include "actors/page.hpp"
#include "domain/limits.hpp"

#include <chrono>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace callboard {

/// Pure; owned by one cache. The page that was used longest ago goes first.
class fetched_pages {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Uses `cache_bytes`, `cache_ttl` and `page_bytes`.
  explicit fetched_pages(const limits& bounds);

  /// Keeps a page, unless it alone exceeds `cache_bytes`. Of two that begin with the same entry the
  /// longer one is kept.
  void keep(const run_ptr& run, time_point now);

  /// The page, or nothing where no single kept page holds it: cut_page().
  [[nodiscard]] std::optional<page> read(const read_query& query, time_point now);

  /// Forgets the pages that were not used for `cache_ttl`.
  void forget_unused(time_point now);

  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] bool empty() const { return pages_.empty(); }

private:
  using key = std::pair<std::string, seq_t>; ///< Room and first entry.
  struct kept {
    run_ptr run;
    time_point used;
    std::list<key>::iterator place; ///< In by_use_.
  };
  using pages = std::map<key, kept>;

  void use(kept& page, time_point now);
  void erase(pages::iterator page);

  limits bounds_;
  pages pages_;
  std::list<key> by_use_; ///< Used last: at the end.
  std::size_t bytes_ = 0;
};

} // namespace callboard
