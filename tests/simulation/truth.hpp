// What really happened: every commit, every receipt, every word said. The promises are checked
// against this and against nothing that an actor believes.
#pragma once

#include "domain/entry.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace callboard::simulation {

class truth {
public:
  /// Takes the first violation; later ones follow from it.
  void fail(const std::string& what) {
    if (violation_.empty())
      violation_ = what;
  }

  [[nodiscard]] const std::string& violation() const { return violation_; }

  /// The database has committed `what` as entry `got` of its room.
  void committed(const draft& what, const receipt& got);

  /// The committed entry, or null.
  [[nodiscard]] const entry* find(const std::string& room, seq_t seq) const;

  [[nodiscard]] seq_t head(const std::string& room) const;

  /// Something shows `what` as an entry of `room`: it must be committed, and exactly so.
  void shown(const std::string& room, const entry& what, const std::string& where);

  /// Somebody got a receipt: the entry must be committed under this author and id. The receipt must
  /// be the same each time.
  void acknowledged(const std::string& room, const std::string& author, const std::string& id,
                    seq_t seq, std::int64_t at_ms, const std::string& where);

  /// Somebody was told that this was nothing but new: at most one is.
  void first_receipt(const std::string& room, const std::string& author, const std::string& id);

  /// `who` was welcomed at `now_ms`. A name belongs to its author for a day (limits::name_hold).
  void named(const author& who, std::int64_t now_ms);

  /// Where each author's messages of a room stand, by client id.
  [[nodiscard]] seq_t seq_of(const std::string& room, const std::string& author,
                             const std::string& id) const;

  /// How often a text stands in a room.
  [[nodiscard]] std::size_t times(const std::string& room, const std::string& text) const;

  [[nodiscard]] std::uint64_t entries() const { return entries_; }

private:
  struct log {
    std::vector<entry> entries;
    std::map<std::pair<std::string, std::string>, seq_t> ids;
    std::map<std::string, std::size_t> texts;
    std::set<seq_t> told_as_new;
  };

  struct owner {
    std::string author;
    std::int64_t seen_ms = 0;
  };

  std::map<std::string, log> logs_;
  std::map<std::string, owner> names_;
  std::string violation_;
  std::uint64_t entries_ = 0;
};

} // namespace callboard::simulation
