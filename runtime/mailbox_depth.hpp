// How deep mailboxes are, by kind of actor. CAF lets only the owner look into its mailbox, so each
// actor notes it at the start of a turn, while somebody looks; else it costs one load.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace callboard {

/// Lock-free. One for the process, as actor systems are.
class mailbox_depths {
public:
  static constexpr std::size_t kinds = 32; ///< More are not noted; we have nine.

  void watch(bool wanted) { watched_.store(wanted, std::memory_order_relaxed); }
  [[nodiscard]] bool watched() const { return watched_.load(std::memory_order_relaxed); }

  /// `kind` lives as long as the program, and is the same pointer each time.
  void note(const char* kind, std::size_t depth) {
    for (auto& place : places_) {
      const char* found = place.kind.load(std::memory_order_acquire);
      if (found == nullptr && place.kind.compare_exchange_strong(found, kind))
        found = kind;
      if (found != kind)
        continue;
      auto deepest = place.deepest.load(std::memory_order_relaxed);
      while (deepest < depth
             && !place.deepest.compare_exchange_weak(deepest, depth, std::memory_order_relaxed)) {
      }
      return;
    }
  }

  /// The deepest of each kind since the last call.
  [[nodiscard]] std::vector<std::pair<std::string_view, std::size_t>> take() {
    std::vector<std::pair<std::string_view, std::size_t>> result;
    for (auto& place : places_)
      if (const char* kind = place.kind.load(std::memory_order_acquire); kind != nullptr)
        result.emplace_back(kind, place.deepest.exchange(0, std::memory_order_relaxed));
    return result;
  }

private:
  struct place {
    std::atomic<const char*> kind{nullptr};
    std::atomic<std::size_t> deepest{0};
  };

  std::atomic<bool> watched_{false};
  std::array<place, kinds> places_;
};

/// The process's.
[[nodiscard]] inline mailbox_depths& mailboxes() {
  static mailbox_depths all;
  return all;
}

} // namespace callboard
