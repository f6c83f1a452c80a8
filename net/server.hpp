// The server's outside: listens, speaks HTTP and WebSocket, and asks an entrance for a session per
// WebSocket. No Boost in this header: what is above sees none of it.
#pragma once

#include "actors/connection.hpp"
#include "actors/status.hpp"
#include "domain/limits.hpp"
#include "domain/socket_limits.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace callboard {

/// A file of the page, held in memory.
struct static_file {
  std::string path; ///< As in the request: "/assets/page.js".
  std::string type; ///< "text/javascript; charset=utf-8"
  std::string bytes;
  bool immutable = false; ///< Other bytes will have another path: browsers need not ask again.
  std::string gzip;       ///< The bytes in gzip; empty: that form is not offered.
  std::string brotli;     ///< As above, in brotli.
};

/// What a server is started with.
struct server_settings {
  std::string host = "127.0.0.1"; ///< An IP address of this machine, or "localhost".
  std::uint16_t port = 8000;      ///< 0: any free port.
  unsigned io_threads = 1;        ///< Measured on 2 cores: a second one gains nothing.
  limits bounds;
  socket_limits sockets;

  std::string name = "callboard"; ///< With its version, for operators.
  std::string admin_token;        ///< Whoever shows it may see figures; see docs/stats.md.

  /// Origins beside the server's own from which pages may connect, exactly as a browser sends them:
  /// "https://chat.example".
  std::vector<std::string> allowed_origins;

  /// The page. The policy it is sent with allows no inline script or style.
  std::vector<static_file> files;

  /// For whoever works on the page: asked for each path instead of `files`, and what it gives is
  /// cached nowhere. From I/O threads, several at once; it may read a disk.
  std::function<std::optional<static_file>(std::string_view path)> find_file;
};

/// Why the server does not listen, in words for the operator.
struct listen_error {
  int exit_code = 69; ///< sysexits EX_UNAVAILABLE.
  std::string what;   ///< "cannot listen on 127.0.0.1:8000"
  std::string cause;  ///< "the port is in use by process 4711 (nginx)"
  std::string hint;   ///< "stop it, or choose another port: SERVER_PORT=8001"
};

/// One listening port and its I/O threads. All calls from one thread.
///
/// start() sets SIGPIPE to be ignored if nobody has decided about it: sockets are written with
/// MSG_NOSIGNAL, but a log on a broken pipe and the database's socket must not end the process.
class server {
public:
  /// `door` and `status` outlive the server. The settings are copied.
  server(server_settings settings, entrance& door, server_status& status);

  /// As stop().
  ~server();

  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Binds, listens and starts the I/O threads. Gives the bound port, or says why not; once.
  [[nodiscard]] std::variant<std::uint16_t, listen_error> start();

  /// Sockets that are open, HTTP and WebSocket. Any thread.
  [[nodiscard]] std::size_t connections() const;

  /// Closes the port, calls drain() on every session, and returns when all connections have ended
  /// (true) or `within` has passed (false).
  bool drain(std::chrono::milliseconds within);

  /// Closes every socket at once, each session hearing closed(), and ends the I/O threads. Call it
  /// while the actors still run. May be called again.
  void stop();

private:
  struct machinery;
  std::unique_ptr<machinery> inside_;
};

} // namespace callboard
