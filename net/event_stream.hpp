// A response that does not end: the server's figures as server-sent events (docs/stats.md).
#pragma once

#include "net/io_thread.hpp"
#include "net/peer.hpp"
#include "net/site.hpp"
#include "net/socket.hpp"

#include <array>
#include <memory>
#include <string>

namespace callboard {

/// One I/O thread only. At most one event waits for its reader; a slow one misses samples.
class event_stream final : public peer, public std::enable_shared_from_this<event_stream> {
public:
  /// Takes the place of an HTTP session. `head`: the response's, as bytes. The stream must have
  /// entered the site's feed; it leaves it at its end.
  event_stream(tcp_socket socket, io_thread& home, site& where, std::string head);
  ~event_stream() override;

  /// The stream must be owned by its I/O thread already.
  void start();

  void tick(io_clock::time_point now) override;
  void drain() override;
  void abort() override;

private:
  void write(std::shared_ptr<const std::string> event);
  void listen();
  void end();

  tcp_socket socket_;
  io_thread& home_;
  site& site_;
  std::shared_ptr<const std::string> writing_; ///< Null: nothing is under way.
  io_clock::time_point writing_since_;
  std::uint64_t sent_ = 0;    ///< The number of the last sample.
  std::size_t swallowed_ = 0; ///< Bytes that came although nothing was asked for.
  std::array<char, 256> input_{};
  std::string head_;
  bool ended_ = false;
};

} // namespace callboard
