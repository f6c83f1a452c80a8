// What all connections of one server share.
#pragma once

#include "net/http_files.hpp"
#include "net/server.hpp"
#include "net/stats_feed.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace callboard {

/// Read-only once started, but for the gauges.
struct site {
  server_settings settings;
  entrance* door = nullptr;
  server_status* status = nullptr;
  std::unique_ptr<stats_feed> feed;
  std::vector<served_file> files; ///< Of the settings.

  std::atomic<std::size_t> connections{0}; ///< Open sockets.
  std::atomic<std::size_t> refused{0};     ///< Of these, those that are being told 503.
  std::atomic<bool> draining{false};
  std::atomic<bool> listening{false}; ///< A connection may still be accepted.

  std::mutex guard;
  std::condition_variable ended; ///< A connection has ended, or the port is closed.

  void leave() {
    connections.fetch_sub(1);
    tell_waiter();
  }
  void stop_listening() {
    listening = false;
    tell_waiter();
  }

private:
  void tell_waiter() {
    const std::lock_guard lock{guard}; // Else a waiter that has just looked could miss it.
    ended.notify_all();
  }
};

} // namespace callboard
