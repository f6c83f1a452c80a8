// What a committed batch means for a room's log: which entries may be published now, and whether
// something lies between that must be read first.
#pragma once

#include "domain/entry.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace callboard {

struct settlement {
  std::vector<entry> fresh; ///< Consecutive from head + 1; publish these. Empty unless `dense`.
  seq_t top = 0;            ///< The log is known to reach this far.
  bool dense = true;        ///< False: read (head, top] from the store and publish that instead.
};

/// Pure. A receipt above the head that is no fresh entry tells of a commit whose answer was lost,
/// or of another server: what it holds is read, not guessed.
[[nodiscard]] inline settlement settle(seq_t head, std::span<const draft_ptr> drafts,
                                       std::span<const receipt> receipts) {
  settlement result;
  result.top = head;
  for (std::size_t i = 0; i < receipts.size() && i < drafts.size(); ++i) {
    const auto& got = receipts[i];
    if (got.refused || got.seq <= head)
      continue;
    result.top = std::max(result.top, got.seq);
    if (got.duplicate || got.conflict)
      continue;
    const auto& what = *drafts[i];
    result.fresh.push_back({got.seq, what.from, what.client_id, what.text, got.at_ms, what.kind});
  }
  auto expected = head;
  for (const auto& item : result.fresh)
    result.dense = result.dense && item.seq == ++expected;
  result.dense = result.dense && expected == result.top;
  if (!result.dense)
    result.fresh.clear();
  return result;
}

} // namespace callboard
