// What operators may know without asking an actor: counters and gauges that actors write and HTTP
// reads.
#pragma once

#include "domain/busy_names.hpp"
#include "domain/latency.hpp"

#include <atomic>
#include <cstdint>

namespace callboard {

/// Relaxed atomics: each figure is right by itself, not together with the others. One per server.
struct server_status {
  std::atomic<bool> store_ready{false};   ///< The last store call of the writer succeeded.
  std::atomic<std::uint64_t> sessions{0}; ///< Gauge.
  std::atomic<std::uint64_t> rooms{0};    ///< Gauge: room actors.
  std::atomic<std::uint64_t> posts_stored{
    0}; ///< Drafts answered with a receipt, repetitions included.
  std::atomic<std::uint64_t> posts_repeated{0}; ///< Of these, repetitions.
  std::atomic<std::uint64_t> posts_refused{0};  ///< Posts answered with an error by a room.
  std::atomic<std::uint64_t> entries_published{0};
  std::atomic<std::uint64_t> deliveries{0};    ///< Entries handed to connections, live and read.
  std::atomic<std::uint64_t> batches{0};       ///< Transactions that appended.
  std::atomic<std::uint64_t> store_retries{0}; ///< Store calls that had to be repeated.
  std::atomic<std::uint64_t> pages_cached{0};  ///< Pages answered by the cache.
  std::atomic<std::uint64_t> pages_read{0};    ///< Pages read from the store.
  std::atomic<std::uint64_t> room_restarts{0}; ///< Rooms rebuilt after a crash.
  std::atomic<std::uint64_t> cache_bytes{0};   ///< Gauge.

  std::atomic<std::uint64_t> stats_samples{0}; ///< Taken for /stats.

  // -- measured only while somebody looks ---------------------------------------------------------

  std::atomic<bool> watched{false};
  latency_histogram commit_time;   ///< One store call that appended, as persistence sees it.
  latency_histogram delivery_time; ///< From a room's publishing to a connection's outbox.
  busy_names room_traffic;         ///< Entries published, by room.
};

} // namespace callboard
