// Beast's websocket::stream on top of an outbox: the handshake's answer, messages in, control
// frames and the closing handshake. Messages out go into the outbox directly. Built in one file.
#pragma once

#include "net/outbox.hpp"
#include "wire/close_code.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace callboard {

struct http_request;

/// Who hears how the stream's operations ended. Each keeps it alive until it has.
class stream_events {
public:
  stream_events() = default;
  stream_events(const stream_events&) = delete;
  stream_events& operator=(const stream_events&) = delete;
  virtual ~stream_events() = default;

  virtual void on_accepted(error_code ec) = 0;
  virtual void on_read(error_code ec, std::size_t bytes) = 0;
  virtual void on_closed() = 0;

  /// A ping, a pong or (`closes`) a close frame came in. From within a read.
  virtual void on_control(bool closes) = 0;
};

/// At most one operation of each kind at a time. May be destroyed while some are under way: they
/// end with operation_aborted.
class websocket_stream {
public:
  /// Messages are at most `message_bytes`; a longer one is answered with 1009 as soon as a frame's
  /// head announces it.
  websocket_stream(std::shared_ptr<outbox> box, std::size_t message_bytes);
  ~websocket_stream();

  websocket_stream(const websocket_stream&) = delete;
  websocket_stream& operator=(const websocket_stream&) = delete;

  /// Answers 101, naming `subprotocol` unless it is empty. Then on_accepted().
  void accept(const std::shared_ptr<stream_events>& who, const http_request& request,
              std::string_view subprotocol);

  /// Reads a part of a message, at most `bytes` to `into`. Then on_read(); an error means that the
  /// stream has ended, and its close frame, if one was due, has been sent.
  void read_some(const std::shared_ptr<stream_events>& who, char* into, std::size_t bytes);

  /// After on_read(): the message is complete.
  [[nodiscard]] bool message_done() const;

  /// After on_read(): the message is binary.
  [[nodiscard]] bool binary() const;

  /// How many bytes are worth asking for; what a frame's head announces is not yet there.
  [[nodiscard]] std::size_t read_size_hint() const;

  /// Sends the close frame after all that waits in the outbox, awaits the peer's, ends the socket.
  /// Then on_closed(). Once.
  void close(const std::shared_ptr<stream_events>& who, close_code code, std::string_view reason);

private:
  struct beast_stream;
  std::unique_ptr<beast_stream> inside_;
};

} // namespace callboard
