// A session's socket. It reads only while the session has credit, writes only through its outbox,
// and tells the session of its end exactly once.
#pragma once

#include "actors/connection.hpp"
#include "net/io_thread.hpp"
#include "net/outbox.hpp"
#include "net/outlet.hpp"
#include "net/peer.hpp"
#include "net/site.hpp"
#include "net/websocket_stream.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace callboard {

/// The calls of `connection` come from the session's thread and become orders; all else runs on the
/// I/O thread.
class websocket_connection final : public connection,
                                   public peer,
                                   public outbox_events,
                                   public stream_events,
                                   public std::enable_shared_from_this<websocket_connection> {
public:
  websocket_connection(tcp_socket socket, io_thread& home, site& where, dialect speaks);
  ~websocket_connection() override;

  /// Answers an upgrade request that has been found good, and opens the session.
  void accept(const http_request& request);

  void send(slice frames, std::uint32_t credit) override;
  void grant(std::uint32_t credit) override;
  [[nodiscard]] std::size_t waiting() const override;
  void tell_when_low(std::size_t low) override;
  void close(close_code code, std::string reason) override;

  void take(order what);
  void flush();

  void tick(io_clock::time_point now) override;
  void drain() override;
  void abort() override;

  void on_sent(std::size_t bytes, std::uint32_t credit) override;
  void on_received(std::size_t bytes) override;
  void on_tear_down() override;
  void on_broken() override;

private:
  void carry_out(send_order&& sending);
  void carry_out(grant_order granting);
  void carry_out(low_order lowering);
  void carry_out(close_order&& closing);

  void on_accepted(error_code ec) override;
  void on_read(error_code ec, std::size_t bytes) override;
  void on_closed() override;
  void on_control(bool closes) override;

  void read();
  void hand_over();
  void tell_if_low();

  void watch_silence(io_clock::time_point now);
  void watch_progress(io_clock::time_point now);
  void watch_end(io_clock::time_point now);
  void ping();
  void closing_soon(close_code code, std::string_view reason);
  void begin_close(close_code code, std::string_view reason);
  void release_port();
  void end();

  std::shared_ptr<outlet> out_;         ///< Outlives the I/O thread.
  std::atomic<std::size_t> waiting_{0}; ///< Grows in send(), shrinks as the outbox does.

  // What follows belongs to the I/O thread.
  io_thread& home_;
  site& site_;
  dialect speaks_;
  std::shared_ptr<outbox> box_;
  std::unique_ptr<websocket_stream> ws_; ///< Null once ended: who still holds us holds no socket.
  std::unique_ptr<session_port> port_;

  std::string text_;             ///< The message so far; empty between messages.
  std::array<char, 16> first_{}; ///< Where a message's first bytes land; more is made room for.
  std::size_t pending_ = 0;      ///< Bytes at the end of text_ that a read is to fill.
  std::uint32_t credit_;
  std::optional<std::size_t> low_; ///< Asked for by tell_when_low().

  std::size_t unproductive_ = 0; ///< Bytes received since the last whole message.
  std::uint32_t controls_ = 0;   ///< Control frames in this tick.

  std::uint64_t heard_ = 0;       ///< outbox::received() at the last tick.
  std::uint64_t moved_ = 0;       ///< outbox::sent() at the last tick.
  io_clock::time_point heard_at_; ///< When bytes last came, to a tick.
  io_clock::time_point moved_at_; ///< When bytes last left or none waited, to a tick.
  std::optional<io_clock::time_point> ending_from_; ///< The first tick without a session.

  bool reading_ = false;
  bool pinged_ = false;
  bool closing_ = false;
  bool drained_ = false;
  bool ended_ = false;
};

} // namespace callboard
