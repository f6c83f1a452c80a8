// Who is in a room, by author: the first connection brings somebody, the last one takes them away,
// and a short absence is none.
#pragma once

#include "domain/entry.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace callboard {

/// Pure; times are handed in. Authors without a name (a go-chat client before its first line) are
/// not kept here.
class roster {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// What is worth telling since the last gather().
  struct change {
    std::vector<author> joined;
    std::vector<author> left;
    friend bool operator==(const change&, const change&) = default;
  };

  explicit roster(std::chrono::milliseconds grace) : grace_{grace} {}

  /// One more connection of `who`. Within the grace it is as if they had never been away. `again`:
  /// the room's predecessor has told of them already; nobody shall notice that it died.
  void enter(const author& who, bool again = false) {
    auto& place = present_[who.id];
    place.name = who.name;
    place.told = place.told || again;
    ++place.connections;
    changed_.insert(who.id);
  }

  /// Shown under another name from now on; nobody is told that.
  void rename(const author& who) {
    if (const auto found = present_.find(who.id); found != present_.end())
      found->second.name = who.name;
  }

  /// One connection less.
  void leave(const std::string& id, time_point now) {
    const auto found = present_.find(id);
    if (found == present_.end() || found->second.connections == 0)
      return;
    auto& place = found->second;
    if (--place.connections > 0)
      return;
    place.gone_at = now;
    changed_.insert(id);
    if (!place.told) // came and went between two gatherings: nobody was told, nobody needs to be
      erase(found);
  }

  /// The arrivals and departures to tell now; nothing when there are none.
  [[nodiscard]] std::optional<change> gather(time_point now) {
    change news;
    for (auto id = changed_.begin(); id != changed_.end();) {
      const auto found = present_.find(*id);
      auto& place = found->second;
      if (place.connections == 0 && now - place.gone_at < grace_) {
        ++id;
        continue;
      }
      const author who{*id, place.name};
      id = changed_.erase(id);
      if (place.connections > 0) {
        if (!place.told)
          news.joined.push_back(who);
        place.told = true;
      } else {
        news.left.push_back(who);
        present_.erase(found);
      }
    }
    if (news.joined.empty() && news.left.empty())
      return std::nullopt;
    return news;
  }

  /// True while gather() has something to decide, now or after the grace.
  [[nodiscard]] bool pending() const { return !changed_.empty(); }

  /// Authors here, those in their grace included.
  [[nodiscard]] std::uint32_t members() const {
    return static_cast<std::uint32_t>(present_.size());
  }

  /// At most `most` names, each as often as authors bear it, in the order of their ids.
  [[nodiscard]] std::vector<std::string> names(std::size_t most) const {
    std::vector<std::string> all;
    for (const auto& [id, place] : present_) {
      if (all.size() == most)
        break;
      all.push_back(place.name);
    }
    return all;
  }

private:
  struct place {
    std::string name;
    std::uint32_t connections = 0;
    bool told = false;
    time_point gone_at;
  };

  void erase(std::map<std::string, place>::iterator found) {
    changed_.erase(found->first);
    present_.erase(found);
  }

  std::chrono::milliseconds grace_;
  std::map<std::string, place> present_;
  std::set<std::string> changed_;
};

} // namespace callboard
