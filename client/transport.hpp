// What a link knows of its connection: an abstract class, so that links are tested and simulated
// without sockets, threads and clocks. Every event names the connection that it belongs to.
#pragma once

#include "client/url.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace callboard::client {

using connection_no = std::uint64_t; ///< Of one attempt to connect; unique within a link.

/// Why there is no connection, or no more.
struct closing {
  enum class reason : std::uint8_t {
    lost,     ///< Refused, unreachable, reset, timed out: the network. Trying again may help.
    closed,   ///< The server said so, with `code` (wire/close_code.hpp).
    mismatch, ///< Whoever answered does not speak callboard.v1.
    refused,  ///< HTTP 401 or 403.
  };
  reason kind = reason::lost;
  std::uint16_t code = 0; ///< Of the close frame; 0: none.
  std::string why;        ///< A phrase; parts of it may be the server's.

  friend bool operator==(const closing&, const closing&) = default;
};

struct opened {
  connection_no connection = 0;
};
struct text_came {
  connection_no connection = 0;
  std::string text;
};
struct closed {
  connection_no connection = 0;
  closing what;
};

using transport_event = std::variant<opened, text_came, closed>;

/// Carries text frames over one connection at a time. Never blocks its caller.
class transport {
public:
  transport() = default;
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;
  virtual ~transport() = default;

  /// Connects, letting go of any connection before. `opened` or `closed` follows within a bounded
  /// time; `closed` is a connection's last event.
  virtual void open(connection_no connection, const endpoint& where) = 0;

  /// Sends one text frame on the connection; nothing happens when there is none.
  virtual void send(std::string text) = 0;

  /// Lets `frames` more be read. A new connection has none: nobody reads ahead of its reader.
  virtual void grant(std::uint32_t frames) = 0;

  /// Says goodbye with `code` and lets go of the connection. No event follows.
  virtual void close(std::uint16_t code) = 0;
};

using transport_ptr = std::shared_ptr<transport>;

/// Takes events; called from any one thread at a time.
using transport_listener = std::function<void(transport_event)>;

} // namespace callboard::client
