// One event loop on one thread, the sockets that it owns, and their one coarse clock.
#pragma once

#include "net/outlet.hpp"
#include "net/peer.hpp"
#include "net/socket.hpp"
#include "runtime/loop_guest.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace callboard {

/// Runs from construction to stop(). What is not marked otherwise is called on its own thread.
class io_thread {
public:
  /// `gone` is called whenever a peer has been removed. `guest`, if any, runs on this thread too;
  /// it outlives stop().
  io_thread(std::chrono::milliseconds tick, std::function<void()> gone, loop_guest* guest);
  ~io_thread() = default; ///< After stop().

  io_thread(const io_thread&) = delete;
  io_thread& operator=(const io_thread&) = delete;

  /// Any thread.
  [[nodiscard]] asio::io_context& context() { return io_; }
  [[nodiscard]] const std::shared_ptr<outlet>& out() const { return out_; }

  /// Owns the peer until remove(). The peer is ticked from now on.
  void add(std::shared_ptr<peer> who);

  /// The peer may be destroyed as soon as its caller's own handle is gone.
  void remove(peer& who);

  /// Any thread: asks every peer to end.
  void drain();

  /// From another thread: ends every peer, then the thread. May be called again.
  void stop();

private:
  void run();
  void run_guest();
  void next_tick();
  template <class Call>
  void each(Call call);

  asio::io_context io_{1};
  std::shared_ptr<outlet> out_;
  std::chrono::milliseconds period_;
  std::function<void()> gone_;
  loop_guest* guest_;
  asio::steady_timer timer_;
  std::vector<std::shared_ptr<peer>> peers_;
  bool draining_ = false;
  bool stopping_ = false;
  asio::executor_work_guard<io_executor> work_;
  std::thread thread_;
};

} // namespace callboard
