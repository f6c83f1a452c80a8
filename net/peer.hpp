// Whoever holds an accepted socket. It lives because an io_thread owns it, not because some
// operation happens to be pending: without credit none is (caf.md, section 5b).
#pragma once

#include "net/socket.hpp"

#include <cstddef>

namespace callboard {

/// All calls come on the I/O thread that owns the peer.
class peer {
public:
  peer() = default;
  peer(const peer&) = delete;
  peer& operator=(const peer&) = delete;
  virtual ~peer() = default;

  /// The coarse clock: every deadline of the socket is looked at here, so that no connection has a
  /// timer of its own.
  virtual void tick(io_clock::time_point now) = 0;

  /// The server stops: end soon, politely.
  virtual void drain() = 0;

  /// End now.
  virtual void abort() = 0;

private:
  friend class io_thread;
  std::size_t place_ = 0; ///< Index in the owner's list.
};

} // namespace callboard
