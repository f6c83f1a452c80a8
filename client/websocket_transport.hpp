// The transport over a real socket: RFC 6455 with the subprotocol callboard.v1, on a thread of its
// own. Whatever a server sends costs a bounded amount of memory and of time.
#pragma once

#include "client/transport.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace callboard::client {

struct websocket_limits {
  std::chrono::milliseconds open_within{10000}; ///< Name, TCP and handshake together.
  std::chrono::milliseconds close_within{1000}; ///< For the server's half of a goodbye.
  std::size_t message_bytes = 16U << 20U;       ///< One message of the server. More: closed.
};

class websocket_transport final : public transport {
public:
  explicit websocket_transport(websocket_limits bounds = {});

  /// Stops if nobody has.
  ~websocket_transport() override;

  /// Who takes the events, in the transport's thread. Once, before `open`.
  void listen(transport_listener listener);

  void open(connection_no connection, const endpoint& where) override;
  void send(std::string text) override;
  void grant(std::uint32_t frames) override;
  void close(std::uint16_t code) override;

  /// Says goodbye, ends the thread and lets go of the listener. At most `close_within`, plus what
  /// the system's name service still takes.
  void stop();

private:
  class engine; // Keeps Boost out of this page.
  std::unique_ptr<engine> engine_;
};

} // namespace callboard::client
