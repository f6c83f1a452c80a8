// What a writer remembers of rooms' rows, and the numbers that it gives from that. A memory may be
// wrong: the database compares it before anything is stored.
#pragma once

#include "domain/entry.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace callboard {

/// Heads of rooms' logs, of a bounded number of rooms. A value.
class remembered_rooms {
public:
  struct row {
    std::int64_t id = 0; ///< 0: see doubt().
    seq_t head = 0;
    std::size_t epoch = 0; ///< epoch_mark() of the log's epoch.
  };

  explicit remembered_rooms(std::size_t most = rooms_at_most) : most_{most} {}

  /// Null when nothing is known.
  [[nodiscard]] const row* find(const std::string& room) const;

  /// When there is no place, all others are forgotten: they are learnt again at their next batch.
  void remember(const std::string& room, row what);

  /// Of a room that is remembered.
  void advance(const std::string& room, seq_t head) { rows_.at(room).head = head; }

  /// Keeps only how far the log has come: the row must be found again.
  void doubt(const std::string& room) {
    if (const auto place = rows_.find(room); place != rows_.end())
      place->second.id = 0;
  }

  [[nodiscard]] auto begin() const { return rows_.begin(); }
  [[nodiscard]] auto end() const { return rows_.end(); }

  [[nodiscard]] std::size_t size() const { return rows_.size(); }

private:
  /// More than the rooms that a server keeps open by default; some 10 MiB.
  static constexpr std::size_t rooms_at_most = 65536;

  std::size_t most_;
  std::unordered_map<std::string, row> rows_;
};

/// Tells one epoch from another in 8 bytes.
[[nodiscard]] inline std::size_t epoch_mark(std::string_view epoch) {
  return std::hash<std::string_view>{}(epoch);
}

/// A batch with numbers. Lives no longer than the batch that it was made of.
struct numbered_batch {
  struct room {
    std::string_view name;
    std::int64_t id = 0;
    seq_t head = 0; ///< As remembered.
    seq_t last = 0; ///< After the batch.
  };
  struct line {
    const draft* what = nullptr;
    std::size_t room = 0; ///< Place in `rooms`.
    seq_t seq = 0;
  };

  std::vector<room> rooms; ///< By id.
  std::vector<line> lines; ///< What is to be stored: by room, then in the batch's order.
  std::vector<receipt>
    receipts; ///< For each draft of the batch, as if the memory were true; `at_ms` is missing.
};

/// Numbers a batch; drafts whose identity came earlier in it get the earlier one's receipt. Nothing
/// when a room is not remembered or its log would become too long.
[[nodiscard]] std::optional<numbered_batch> number(std::span<const draft_ptr> batch,
                                                   const remembered_rooms& known);

/// Whether numbering by memory is worth the attempt: each failure costs a call, so somebody who
/// repeats without end must not double the cost of everybody's posts. A value.
class numbering_luck {
public:
  /// True when the next batch should be tried.
  [[nodiscard]] bool try_next() {
    if (pause_ == 0)
      return true;
    --pause_;
    return false;
  }

  void succeeded() { failures_ = 0; }

  /// The first failure costs nothing, each further one in a row twice as many batches.
  void failed() {
    pause_ = failures_ == 0 ? 0 : std::size_t{1} << (failures_ - 1);
    failures_ = failures_ < longest ? failures_ + 1 : longest;
  }

private:
  static constexpr std::size_t longest = 6; ///< Then one attempt in 33 batches.

  std::size_t failures_ = 0;
  std::size_t pause_ = 0;
};

} // namespace callboard
