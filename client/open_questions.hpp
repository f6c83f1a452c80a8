// What somebody has asked for and not been told yet: a question typed before the room is there, or
// lost with a connection, is asked when it can be answered, and is never dropped in silence.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace callboard::client {

/// Pure. Each question is put through a call when its time has come.
class open_questions {
public:
  enum class about : std::uint8_t { names, rooms, older };
  struct question {
    about what = about::names;
    std::string where; ///< The room; of `rooms`, the prefix.
    std::size_t count = 0;
    bool asked = false;
  };

  [[nodiscard]] bool empty() const { return open_.empty(); }
  [[nodiscard]] std::size_t size() const { return open_.size(); }

  void add(about what, std::string where, std::size_t count = 0) {
    open_.push_back({what, std::move(where), count, false});
  }

  /// A new connection: no room is there yet, and what its predecessor was asked is asked again.
  /// Only older messages are not: their question has its answer from the timeline.
  void connected() {
    connected_ = true;
    ready_.clear();
    for (auto& each : open_)
      each.asked = each.asked && each.what == about::older;
  }

  void room_ready(const std::string& room) { ready_.insert(room); }

  /// Nobody waits for the room's answers any longer.
  void room_left(const std::string& room) {
    ready_.erase(room);
    std::erase_if(open_,
                  [&](const question& q) { return q.what != about::rooms && q.where == room; });
  }

  /// The first such question has its answer.
  void answered(about what, const std::string& where) {
    const auto found = std::find_if(open_.begin(), open_.end(), [&](const question& q) {
      return q.asked && q.what == what && q.where == where;
    });
    if (found != open_.end())
      open_.erase(found);
  }

  /// Puts each question whose time has come through `ask(const question&)`.
  template <class Ask>
  void put(Ask ask) {
    std::set<std::string>
      paging; // A timeline reads one page at a time and ignores what comes then.
    for (auto& each : open_) {
      const bool older = each.what == about::older;
      const bool can = connected_ && (each.what == about::rooms || ready_.contains(each.where))
                       && !(older && paging.contains(each.where));
      if (older)
        paging.insert(each.where);
      if (can && !std::exchange(each.asked, true))
        ask(std::as_const(each));
    }
  }

private:
  std::vector<question> open_;
  std::set<std::string> ready_;
  bool connected_ = false;
};

} // namespace callboard::client
