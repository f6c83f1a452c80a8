// Pages are counted by the bytes of their frames: that is what a socket gets.
#include "actors/page.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace callboard {

namespace {

std::size_t frame_bytes(const entry_run& run, seq_t seq) {
  return run.frames_from(seq).size() - run.frames_from(seq + 1).size();
}

/// Counts entries into a page until its bounds are reached.
class page_bound {
public:
  page_bound(std::size_t limit, std::size_t bytes) : left_{limit}, bytes_{bytes} {}

  /// False: the page ends before this entry.
  bool take(std::size_t bytes) {
    if (left_ == 0 || (taken_ && bytes > bytes_))
      return false;
    taken_ = true;
    --left_;
    bytes_ -= std::min(bytes, bytes_);
    return true;
  }

  /// Whatever the next entry is, it is not part of the page.
  [[nodiscard]] bool full() const { return left_ == 0; }

private:
  std::size_t left_;
  std::size_t bytes_;
  bool taken_ = false;
};

/// The run that holds `seq`.
auto run_with(const std::deque<run_ptr>& held, seq_t seq) {
  return std::prev(std::upper_bound(held.begin(), held.end(), seq,
                                    [](seq_t s, const run_ptr& run) { return s < run->first(); }));
}

std::optional<page> cut_after(const std::deque<run_ptr>& held, seq_t first, page_bound bound) {
  page cut{first, first - 1, {}};
  for (auto run = run_with(held, first); run != held.end(); ++run) {
    const auto last_before = cut.last;
    while (cut.last < (*run)->last() && bound.take(frame_bytes(**run, cut.last + 1)))
      ++cut.last;
    if (cut.last > last_before)
      cut.runs.push_back(*run);
    if (cut.last < (*run)->last())
      break;
  }
  return cut;
}

std::optional<page> cut_before(const std::deque<run_ptr>& held, seq_t last, page_bound bound) {
  page cut{last + 1, last, {}};
  for (auto run = std::next(run_with(held, last));; --run) {
    if (run == held.begin()) {
      if (cut.first > 1 && !bound.full())
        return std::nullopt; // the rest is not held, and there is one
      break;
    }
    const auto& here = **std::prev(run);
    const auto first_before = cut.first;
    while (cut.first > here.first() && bound.take(frame_bytes(here, cut.first - 1)))
      --cut.first;
    if (cut.first < first_before)
      cut.runs.push_back(*std::prev(run));
    if (cut.first > here.first())
      break;
  }
  std::reverse(cut.runs.begin(), cut.runs.end());
  return cut;
}

} // namespace

run_ptr encode_page(std::string room, std::vector<entry> entries, read_query::direction where,
                    std::size_t page_bytes) {
  if (entries.empty())
    return nullptr;
  auto whole = std::make_shared<const entry_run>(std::move(room), std::move(entries));
  if (whole->frames_from(whole->first()).size() <= page_bytes)
    return whole;
  const std::deque<run_ptr> held{whole};
  const page_bound bound{whole->entries().size(), page_bytes};
  const auto cut = where == read_query::direction::after ? cut_after(held, whole->first(), bound)
                                                         : cut_before(held, whole->last(), bound);
  return copy_of(*whole, cut->first, cut->last);
}

std::optional<page> cut_page(const std::deque<run_ptr>& held, const read_query& query,
                             std::size_t page_bytes) {
  const bool after = query.where == read_query::direction::after;
  const auto nearest = after ? query.position + 1 : query.position - 1;
  if (held.empty() || query.limit == 0 || nearest < held.front()->first()
      || nearest > held.back()->last())
    return std::nullopt;
  const page_bound bound{query.limit, page_bytes};
  return after ? cut_after(held, nearest, bound) : cut_before(held, nearest, bound);
}

page part_of(const run_ptr& run, read_query::direction where, std::size_t limit) {
  page part{run->first(), run->last(), {run}};
  const auto count = std::min<std::size_t>(limit, run->entries().size());
  if (where == read_query::direction::after)
    part.last = part.first + count - 1;
  else
    part.first = part.last + 1 - count;
  return part;
}

run_ptr copy_of(const entry_run& run, seq_t first, seq_t last) {
  const auto entries = run.entries().subspan(static_cast<std::size_t>(first - run.first()),
                                             static_cast<std::size_t>(last - first + 1));
  return std::make_shared<const entry_run>(run.room(),
                                           std::vector<entry>{entries.begin(), entries.end()});
}

} // namespace callboard
