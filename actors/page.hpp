// A page: consecutive entries that a reader asked for, as a part of runs that others share.
#pragma once

#include "storage/store.hpp"
#include "wire/run.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace callboard {

/// Entries [first, last] of these runs, which are in order and do not overlap; empty: last < first.
struct page {
  seq_t first = 1;
  seq_t last = 0;
  std::vector<run_ptr> runs;
};

/// Encodes `entries` (ascending, consecutive) as the answer to a read in that direction: those
/// nearest to the position whose frames fit `page_bytes`, at least one. Null: there are none.
[[nodiscard]] run_ptr encode_page(std::string room, std::vector<entry> entries,
                                  read_query::direction where, std::size_t page_bytes);

/// The page that `query` asks for, out of consecutive runs, or nothing where they do not hold it:
/// `after` needs the next entry; `before` needs the previous one, and as many as asked, as fill
/// `page_bytes`, or as there are down to seq 1. At most `page_bytes`, at least one entry.
[[nodiscard]] std::optional<page> cut_page(const std::deque<run_ptr>& held, const read_query& query,
                                           std::size_t page_bytes);

/// The part of a fetched run that a query with this limit gets.
[[nodiscard]] page part_of(const run_ptr& run, read_query::direction where, std::size_t limit);

/// The entries [first, last] of `run`, encoded anew.
[[nodiscard]] run_ptr copy_of(const entry_run& run, seq_t first, seq_t last);

} // namespace callboard
