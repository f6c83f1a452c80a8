// Which authors are online and whose names are taken. A name belongs to one author at a time.
#pragma once

#include "domain/entry.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace callboard {

/// Pure. Names are given by their key (name_key). What outlives a restart stands in the store; this
/// is what must hold between two calls to it.
class registry {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// True when nobody online holds the name, and nobody is asking the store for it; it is now
  /// reserved for `id`, until online() or release().
  [[nodiscard]] bool reserve(const std::string& key, const std::string& id) {
    return owners_.emplace(key, id).second;
  }

  /// True while the name is online's or reserve's for `id`: a token may have come in between.
  [[nodiscard]] bool holds(const std::string& key, const std::string& id) const {
    const auto found = owners_.find(key);
    return found != owners_.end() && found->second == id;
  }

  /// Gives a reserved name back that its author did not get.
  void release(const std::string& key, const std::string& id) {
    if (holds(key, id) && !authors_.contains(id))
      owners_.erase(key);
  }

  /// Connections of the author now.
  [[nodiscard]] std::size_t connections(const std::string& id) const {
    const auto found = authors_.find(id);
    return found == authors_.end() ? 0 : found->second.connections;
  }

  /// One more connection. With a valid token an author always gets its name, whoever has it.
  void online(const std::string& key, const author& who) {
    auto& place = authors_[who.id];
    place.key = key;
    place.who = who;
    ++place.connections;
    owners_[key] = who.id;
  }

  /// The store marked the author as seen at `now`.
  void marked(const std::string& id, time_point now) {
    const auto found = authors_.find(id);
    if (found != authors_.end())
      found->second.marked_at = now;
  }

  struct departure {
    bool last = false; ///< The author has no connection left.
    author who;
    std::optional<time_point> marked_at; ///< When the store last marked the author as seen.
  };

  /// One connection less.
  departure offline(const std::string& id) {
    const auto found = authors_.find(id);
    if (found == authors_.end())
      return {};
    auto& place = found->second;
    departure gone{--place.connections == 0, place.who, place.marked_at};
    if (gone.last) {
      if (holds(place.key, id))
        owners_.erase(place.key);
      authors_.erase(found);
    }
    return gone;
  }

private:
  struct place {
    std::string key;
    author who;
    std::size_t connections = 0;
    std::optional<time_point> marked_at;
  };

  std::map<std::string, place> authors_;
  std::map<std::string, std::string> owners_; ///< Name key to author id: online, or asking.
};

} // namespace callboard
