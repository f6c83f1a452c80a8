// Accepts connections and hands each to the next I/O thread. When descriptors or memory have run
// out it pauses instead of spinning, and says so once.
#pragma once

#include "net/io_thread.hpp"
#include "net/site.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace callboard {

/// Runs on the first I/O thread. Must outlive the threads.
class listener {
public:
  listener(site& where, const std::vector<std::unique_ptr<io_thread>>& threads);

  /// Binds and listens, on the caller's thread, before start(). Gives nothing if all went well.
  [[nodiscard]] std::optional<listen_error> open();

  [[nodiscard]] std::uint16_t port() const;

  /// Begins to accept. Any thread.
  void start();

  /// Closes the port. Any thread.
  void close();

private:
  void accept();
  void on_accepted(error_code ec, tcp_socket socket, io_thread& home);
  void admit(tcp_socket socket, io_thread& home);
  void pause(error_code ec);

  site& site_;
  const std::vector<std::unique_ptr<io_thread>>& threads_;
  asio::basic_socket_acceptor<asio::ip::tcp, io_executor> acceptor_;
  asio::steady_timer timer_;
  std::size_t next_ = 0;
  bool exhausted_ = false; ///< Said, and not yet over.
  bool closed_ = false;
};

} // namespace callboard
