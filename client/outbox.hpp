// One room's posts that have no receipt yet. They go out in the order they came in, with the id
// that they were given, as often as it takes.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace callboard::client {

/// Pure; owned by one link.
///
/// The server answers a post with a retryable error and then refuses everything behind it, until a
/// refused id comes again. So after such a refusal nothing goes out before all posts under way are
/// answered and `retry_after` has passed; then they are repeated from the first.
class outbox {
public:
  using time_point = std::chrono::steady_clock::time_point;

  struct item {
    std::string id;
    std::string text;
    std::uint64_t attempt = 0; ///< Number of the request that carries it now; 0: none.
    bool tried = false;        ///< A server may have it.
    bool restored = false;     ///< An earlier process has written it.
  };

  void push(std::string id, std::string text);

  /// What an earlier process has left, and may have sent: in front of all. Only while nothing is
  /// under way.
  void restore(std::vector<item> left);

  /// The post to send now, or null. Call `sent` before asking for the next.
  [[nodiscard]] const item* next(time_point now) const;

  /// The post that `next` gave is on its way as request `attempt`.
  void sent(std::uint64_t attempt);

  /// It has its receipt. False when there is no such post: a late answer.
  bool stored(const std::string& id);

  /// It will never be stored. False when there is no such post.
  bool drop(const std::string& id);

  /// True when a server may have it: then it cannot be taken back.
  [[nodiscard]] bool tried(const std::string& id) const;

  /// Repeat it, not before `retry_at`. A refusal of an earlier attempt changes nothing.
  void refused(const std::string& id, std::uint64_t attempt, time_point retry_at);

  /// The connection is gone: nothing is under way, everything is repeated in order.
  void lost();

  /// When a repetition is due; nothing when none waits for time.
  [[nodiscard]] std::optional<time_point> due() const;

  [[nodiscard]] std::size_t under_way() const { return under_way_; }
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] const std::deque<item>& items() const { return items_; }

private:
  [[nodiscard]] std::deque<item>::iterator find(const std::string& id);
  bool erase(const std::string& id);
  void land(item& what);

  std::deque<item> items_;
  std::size_t under_way_ = 0;
  std::size_t bytes_ = 0;
  std::optional<time_point> retry_at_; ///< Set: something was refused and is to be repeated.
};

} // namespace callboard::client
