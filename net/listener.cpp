// The accept loop never ends by an error: only close() ends it.
#include "net/listener.hpp"

#include "net/http_session.hpp"
#include "net/listen_error.hpp"
#include "runtime/log.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <string>
#include <utility>

namespace callboard {

namespace {

constexpr int backlog = 4096; // A storm of reconnecting clients; the kernel caps it at somaxconn.

} // namespace

listener::listener(site& where, const std::vector<std::unique_ptr<io_thread>>& threads)
  : site_{where},
    threads_{threads},
    acceptor_{threads.front()->context()},
    timer_{threads.front()->context()} {}

std::optional<listen_error> listener::open() {
  const auto& host = site_.settings.host;
  const auto port = site_.settings.port;
  error_code ec;
  // Names are not resolved: a server that waits for DNS at its start fails at the wrong moment.
  const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, ec);
  if (ec)
    return explain_host(host, port);
  const asio::ip::tcp::endpoint where{address, port};
  acceptor_.open(where.protocol(), ec);
  if (!ec)
    acceptor_.set_option(asio::socket_base::reuse_address{true}, ec);
  if (!ec)
    acceptor_.bind(where, ec);
  if (!ec)
    acceptor_.listen(backlog, ec);
  if (ec)
    return explain_listen(ec.value(), host, port);
  return {};
}

std::uint16_t listener::port() const {
  error_code ignored; // Listening sockets have an address.
  return acceptor_.local_endpoint(ignored).port();
}

void listener::start() {
  site_.listening = true;
  asio::post(acceptor_.get_executor(), [this] { accept(); });
}

void listener::close() {
  asio::post(acceptor_.get_executor(), [this] {
    closed_ = true;
    error_code ignored; // The descriptor is gone either way.
    acceptor_.close(ignored);
    timer_.cancel();
    site_.stop_listening();
  });
}

void listener::accept() {
  auto& home = *threads_[next_];
  next_ = (next_ + 1) % threads_.size();
  acceptor_.async_accept(home.context(), [this, &home](error_code ec, tcp_socket socket) {
    on_accepted(ec, std::move(socket), home);
  });
}

void listener::on_accepted(error_code ec, tcp_socket socket, io_thread& home) {
  if (closed_)
    return;
  if (!ec) {
    if (std::exchange(exhausted_, false))
      log(log_level::info, "listener accepts again");
    admit(std::move(socket), home);
  }
  // accept(2) hands on what befell one client that gave up while it waited; all else would come
  // again at once, for example without file descriptors or memory.
  if (!ec || ec == asio::error::connection_aborted || ec == asio::error::connection_reset
      || ec == asio::error::interrupted || ec == asio::error::try_again
      || ec == asio::error::network_down || ec == asio::error::host_unreachable
      || ec == asio::error::network_unreachable)
    accept();
  else
    pause(ec);
}

void listener::admit(tcp_socket socket, io_thread& home) {
  const auto most = site_.settings.bounds.connections;
  // In this order: who ends leaves `refused` first, so that the difference is never below zero.
  const auto open = site_.connections.load();
  const auto refused = site_.refused.load();
  const auto full = open - refused >= most;
  if (full && refused >= site_.settings.sockets.refusals)
    return; // The socket closes.
  site_.connections.fetch_add(1);
  if (full)
    site_.refused.fetch_add(1);
  auto next = std::make_shared<http_session>(std::move(socket), home, site_, full);
  asio::post(home.context(), [&home, next = std::move(next)] {
    home.add(next);
    next->start();
  });
}

void listener::pause(error_code ec) {
  if (!std::exchange(exhausted_, true))
    log(log_level::warn, "listener pauses: " + ec.message()
                           + "; open connections go on, new ones wait. Raise the limit of open "
                             "files (ulimit -n) or lower the limit of connections");
  timer_.expires_after(site_.settings.sockets.accept_pause);
  timer_.async_wait([this](error_code cancelled) {
    if (!cancelled && !closed_)
      accept();
  });
}

} // namespace callboard
