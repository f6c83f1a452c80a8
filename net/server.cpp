// Puts listener and I/O threads together, in the order in which they may live.
#include "net/server.hpp"

#include "net/http_files.hpp"
#include "net/io_thread.hpp"
#include "net/listener.hpp"
#include "net/site.hpp"
#include "runtime/log.hpp"

#include <algorithm>
#include <csignal>
#include <optional>
#include <utility>

namespace callboard {

namespace {

void ignore_broken_pipes() {
  struct sigaction now {};
  if (::sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL)
    std::signal(SIGPIPE, SIG_IGN);
}

} // namespace

struct server::machinery {
  site where;
  std::vector<std::unique_ptr<io_thread>> threads;
  std::optional<listener> port;
};

server::server(server_settings settings, entrance& door, server_status& status)
  : inside_{std::make_unique<machinery>()} {
  auto& where = inside_->where;
  where.settings = std::move(settings);
  where.door = &door;
  where.status = &status;
  where.feed = std::make_unique<stats_feed>(status, where.settings.name);
  where.files = files_of(where.settings);
}

server::~server() {
  stop();
}

std::variant<std::uint16_t, listen_error> server::start() {
  ignore_broken_pipes();
  auto& [where, threads, port] = *inside_;
  const auto count = std::max(1U, where.settings.io_threads);
  for (unsigned i = 0; i < count; ++i)
    threads.push_back(std::make_unique<io_thread>(
      where.settings.sockets.tick, [&site = where] { site.leave(); },
      i == 0 ? where.door->guest() : nullptr));
  port.emplace(where, threads);
  if (auto error = port->open()) {
    stop();
    return std::move(*error);
  }
  const auto bound = port->port();
  port->start();
  log(log_level::info,
      "server listens host=" + where.settings.host + " port=" + std::to_string(bound));
  return bound;
}

std::size_t server::connections() const {
  return inside_->where.connections.load();
}

bool server::drain(std::chrono::milliseconds within) {
  auto& [where, threads, port] = *inside_;
  where.draining = true;
  if (port)
    port->close();
  for (const auto& thread : threads)
    thread->drain();
  std::unique_lock lock{where.guard};
  return where.ended.wait_for(lock, within,
                              [&site = where] { return !site.listening && site.connections == 0; });
}

void server::stop() {
  auto& [where, threads, port] = *inside_;
  where.draining = true;
  if (port)
    port->close();
  for (const auto& thread : threads)
    thread->stop();
}

} // namespace callboard
