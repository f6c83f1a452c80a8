// What a session needs of its socket, and what a socket tells its session. Actors never touch a
// socket, sockets never run an actor's code: these two interfaces are all that lies between.
#pragma once

#include "runtime/loop_guest.hpp"
#include "wire/close_code.hpp"
#include "wire/run.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace callboard {

/// A session's side of its WebSocket connection. Implemented by net/ and by tests. Called from the
/// session's thread, one call at a time; never blocks. After the connection has ended calls do
/// nothing.
///
/// Reading is by credit: a connection starts with `limits::requests_under_way` credits (a go-chat
/// one with a single credit: one line under way), each message that it hands to the session costs
/// one, and without credit it does not read its socket.
class connection {
public:
  connection() = default;
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  virtual ~connection() = default;

  /// Puts whole WebSocket frames into the outbox. When their last byte has been handed to the
  /// socket, `credit` is given back. Order is kept.
  virtual void send(slice frames, std::uint32_t credit) = 0;

  /// Gives credit back at once, for a request that has no answer.
  virtual void grant(std::uint32_t credit) = 0;

  /// Bytes in the outbox: taken by send() and not yet handed to the socket.
  [[nodiscard]] virtual std::size_t waiting() const = 0;

  /// Asks for one session_port::outbox_low() as soon as waiting() is at most `low` bytes.
  virtual void tell_when_low(std::size_t low) = 0;

  /// Sends what is in the outbox, then the close frame, then ends. Nothing is read any more; no
  /// frame that comes after this call is sent. Bounded in time by the connection itself.
  virtual void close(close_code code, std::string reason) = 0;
};

/// A connection's side of its session. Implemented by actors/; thread-safe; never blocks.
/// Destroying it ends the session.
class session_port {
public:
  session_port() = default;
  session_port(const session_port&) = delete;
  session_port& operator=(const session_port&) = delete;
  virtual ~session_port() = default;

  /// One text message, UTF-8, at most `limits::frame_bytes`. Costs one credit.
  virtual void frame(std::string text) = 0;

  /// The answer to connection::tell_when_low().
  virtual void outbox_low() = 0;

  /// The socket is gone; the last call.
  virtual void closed() = 0;

  /// The server stops: answer what is under way, say `bye`, close with 1012.
  virtual void drain() = 0;
};

/// What a client speaks, by the subprotocol that it offered.
enum class dialect : std::uint8_t { v1, go_chat };

/// Where connections get their sessions. Implemented by actors/; thread-safe.
class entrance {
public:
  entrance() = default;
  entrance(const entrance&) = delete;
  entrance& operator=(const entrance&) = delete;
  virtual ~entrance() = default;

  /// Starts a session for a connection whose upgrade is done. The session holds `link` weakly; the
  /// connection owns what is returned.
  [[nodiscard]] virtual std::unique_ptr<session_port> open(std::weak_ptr<connection> link,
                                                           dialect speaks) = 0;

  /// What one I/O thread shall run beside its sockets: the actors; null: they have threads of their
  /// own. Outlives the I/O threads.
  [[nodiscard]] virtual loop_guest* guest() { return nullptr; }
};

} // namespace callboard
