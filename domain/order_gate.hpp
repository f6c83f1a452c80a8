// Keeps one connection's posts to one room in the order in which they were sent, across refusals:
// what was behind a refused post is refused too, until the client comes back to a refused one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace callboard {

/// Pure. A `round` is the time between two openings. The room refuses whatever still belongs to a
/// round in which it has refused already, so that posts on the way between the actors are covered
/// as well.
class order_gate {
public:
  /// Ids remembered while closed. A client that sends more different ids without repeating any gets
  /// them refused all the same; only their repetition does not open the gate.
  static constexpr std::size_t remembered_max = 1024;

  order_gate() = default;

  /// A gate whose rounds begin at `first_round`, so that those of an earlier membership of the same
  /// connection stay different.
  explicit order_gate(std::uint64_t first_round) : round_{first_round} {}

  /// True when the post may go to the room now, as part of round(). While closed: a new id is
  /// refused and remembered; a remembered one shows that the client has seen the refusals, and
  /// opens the gate.
  [[nodiscard]] bool admits(const std::string& id) {
    if (!closed_)
      return true;
    if (!refused_.contains(id)) {
      remember(id);
      return false;
    }
    closed_ = false;
    refused_.clear();
    ++round_;
    return true;
  }

  /// A post of `round` was refused for now. Refusals of rounds that are over change nothing.
  void refused(const std::string& id, std::uint64_t round) {
    if (round != round_)
      return;
    closed_ = true;
    remember(id);
  }

  [[nodiscard]] std::uint64_t round() const { return round_; }
  [[nodiscard]] bool closed() const { return closed_; }

private:
  void remember(const std::string& id) {
    if (refused_.size() < remembered_max)
      refused_.insert(id);
  }

  std::set<std::string> refused_;
  std::uint64_t round_ = 1;
  bool closed_ = false;
};

} // namespace callboard
