// Which authors are online and whose names are taken. A name belongs to one author at a time.
#pragma once

#include "domain/entry.hpp"
#include "domain/validate.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace callboard {

/// Pure. Names are given by their key (name_key). What outlives a restart stands in the store; this
/// is what must hold between two calls to it.
class registry {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// True when somebody online holds the name, or somebody is asking the store for it.
  [[nodiscard]] bool is_taken(const std::string& key) const { return owners_.contains(key); }

  /// Reserves a name for `id`, unless another has it, until release() or abandon(): once for each
  /// that asks for it.
  void reserve(const std::string& key, const std::string& id) {
    const auto place = owners_.try_emplace(key, owner{id, 0}).first;
    if (place->second.id == id)
      ++place->second.asking;
  }

  /// True while the name is online's or reserve's for `id`: a token may have come in between.
  [[nodiscard]] bool holds(const std::string& key, const std::string& id) const {
    const auto found = owners_.find(key);
    return found != owners_.end() && found->second.id == id;
  }

  /// Ends a reservation. The name is free when no other is left and its author is not online.
  void release(const std::string& key, const std::string& id) {
    const auto found = owners_.find(key);
    if (found == owners_.end() || found->second.id != id)
      return;
    if (found->second.asking > 0)
      --found->second.asking;
    if (found->second.asking == 0 && !authors_.contains(id))
      owners_.erase(found);
  }

  /// The store may hold the name for `id`, but nobody got a token of it: its connection went, or
  /// the claim's outcome is not known yet. Whoever asks for the name next gets this id (adopt), or
  /// an uncertain claim would hold the name for a day against everybody, its own asker included.
  /// Never for an id that somebody can ask for again: it would be two people's.
  void abandon(const std::string& key, const std::string& id) {
    release(key, id);
    if (abandoned_.size() >= abandoned_limit)
      abandoned_.erase(abandoned_.begin());
    abandoned_.insert_or_assign(key, id);
  }

  /// The id that was abandoned under this name, once; empty when there is none.
  [[nodiscard]] std::string adopt(const std::string& key) {
    const auto found = abandoned_.extract(key);
    return found.empty() ? std::string{} : found.mapped();
  }

  /// Connections of the author now.
  [[nodiscard]] std::size_t connections(const std::string& id) const {
    const auto found = authors_.find(id);
    return found == authors_.end() ? 0 : found->second.connections;
  }

  /// One more connection. With a valid token an author always gets its name, whoever has it.
  /// Returns the author's id, which stays where it is until its last connection is offline.
  const std::string* online(const author& who) {
    const auto place = authors_.try_emplace(who.id).first;
    place->second.name = who.name;
    ++place->second.connections;
    if (auto& owner_now = owners_[name_key(who.name)]; owner_now.id != who.id)
      owner_now = {who.id, 0};
    return &place->first;
  }

  /// The store marked the author as seen at `now`.
  void marked(const std::string& id, time_point now) {
    const auto found = authors_.find(id);
    if (found != authors_.end())
      found->second.marked_at = now;
  }

  /// Authors online whom the store was not told of since `before`, or never; at most `most`.
  [[nodiscard]] std::vector<author> unmarked(time_point before, std::size_t most) const {
    std::vector<author> found;
    for (const auto& [id, each] : authors_) {
      if (found.size() == most)
        break;
      if (!each.marked_at || *each.marked_at < before)
        found.push_back({id, each.name});
    }
    return found;
  }

  [[nodiscard]] std::size_t authors() const { return authors_.size(); }

  /// The mark did not reach the store.
  void unmark(const std::string& id) {
    const auto found = authors_.find(id);
    if (found != authors_.end())
      found->second.marked_at.reset();
  }

  struct departure {
    bool last = false; ///< The author has no connection left.
    author who;
    std::optional<time_point> marked_at; ///< When the store last marked the author as seen.
  };

  /// One connection less.
  departure offline(const std::string& id) { // perhaps online()'s: gone with the last line here
    const auto found = authors_.find(id);
    if (found == authors_.end())
      return {};
    auto& place = found->second;
    departure gone{--place.connections == 0, {found->first, place.name}, place.marked_at};
    if (gone.last) {
      const auto owned = owners_.find(name_key(place.name));
      if (owned != owners_.end() && owned->second.id == gone.who.id && owned->second.asking == 0)
        owners_.erase(owned);
      authors_.erase(found);
    }
    return gone;
  }

  /// Abandoned ids remembered; beyond it one is forgotten, and its name is held until NAME_HOLD
  /// ends.
  static inline constexpr std::size_t abandoned_limit = 1024;

private:
  struct place {
    std::string name;
    std::size_t connections = 0;
    std::optional<time_point> marked_at;
  };

  struct owner {
    std::string id;
    std::size_t asking = 0; ///< Reservations.
  };

  std::map<std::string, place> authors_;
  std::map<std::string, owner> owners_;          ///< By name key: online, or asking.
  std::map<std::string, std::string> abandoned_; ///< Name key to an author id that nobody got.
};

} // namespace callboard
