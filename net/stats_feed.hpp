// The server's figures as samples: one a second while at least one stream is open, none else. What
// the first reader saw, the next one gets as history.
#pragma once

#include "actors/status.hpp"
#include "net/socket.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callboard {

/// One second's figures. The names are those of docs/stats.md.
struct stats_sample {
  std::int64_t at_ms = 0; ///< Since 1970.
  std::uint64_t connections = 0;
  std::uint64_t sessions = 0;
  std::uint64_t rooms = 0;
  double messages_per_s = 0;
  double deliveries_per_s = 0;
  std::optional<std::uint64_t> commit_p50_us;
  std::optional<std::uint64_t> commit_p99_us;
  std::optional<std::uint64_t> delivery_p50_us;
  std::optional<std::uint64_t> delivery_p99_us;
  std::uint64_t mailbox = 0;
};

/// Thread-safe; no thread and no timer of its own: streams ask, and the first one to ask after a
/// second makes the sample.
class stats_feed {
public:
  static constexpr std::chrono::milliseconds every{1000};
  static constexpr std::chrono::milliseconds keep{300000};

  /// `status` outlives the feed. `server`: as in `welcome`.
  explicit stats_feed(server_status& status, std::string server = "callboard");

  /// A stream begins. False if there are `most` already.
  [[nodiscard]] bool enter(std::size_t most, io_clock::time_point now);

  /// A stream that entered ends. Without any, nothing is measured.
  void leave();

  /// Samples if that is due. Gives the number of the latest sample; 0: none yet.
  std::uint64_t look(io_clock::time_point now, std::int64_t now_ms, std::size_t connections);

  /// The events as they are sent, empty line included.
  [[nodiscard]] std::string history(std::int64_t now_ms);
  [[nodiscard]] std::shared_ptr<const std::string> latest();

private:
  struct mark {
    io_clock::time_point at;
    std::uint64_t published = 0;
    std::uint64_t delivered = 0;
    latency_counts commits;
    latency_counts deliveries;
  };
  struct depth {
    std::size_t deepest = 0;
    std::uint64_t sample = 0; ///< When it was seen.
  };
  using named_depth = std::pair<std::string, std::size_t>;
  using named_rate = std::pair<std::string, double>;

  [[nodiscard]] mark mark_now(io_clock::time_point now) const;
  [[nodiscard]] std::vector<named_depth> deepest_mailboxes();
  [[nodiscard]] std::vector<named_rate> busiest_rooms(double seconds);
  void drop_old(std::int64_t now_ms);

  server_status& status_;
  std::string server_;
  std::mutex guard_;
  std::size_t streams_ = 0;
  std::uint64_t count_ = 0;
  mark last_;
  std::deque<stats_sample> samples_;
  std::map<std::string_view, depth> depths_;
  std::map<std::string, double> rates_; ///< Rooms; bounded, since what is near zero goes.
  std::shared_ptr<const std::string> latest_;
};

} // namespace callboard
