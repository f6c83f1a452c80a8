// The composition root: the order of starting and, reversed, of stopping.
#include "server/serve.hpp"

#include "actors/stage.hpp"
#include "net/server.hpp"
#include "runtime/log.hpp"
#include "server/descriptors.hpp"
#include "server/page.hpp"
#include "server/web_dir.hpp"
#include "storage/store.hpp"
#include "wire/token.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>
#include <variant>

namespace callboard {

namespace {

using clock = std::chrono::steady_clock;

int complain(int exit_code, const std::string& what, const std::string& cause,
             const std::string& hint) {
  std::string text = "error: " + what + "\n";
  if (!cause.empty())
    text += "cause: " + cause + "\n";
  if (!hint.empty())
    text += "hint: " + hint + "\n";
  (void)std::fputs(text.c_str(), stderr);
  return exit_code;
}

int complain(const unusable& problem) {
  return complain(problem.exit_code, problem.what, problem.cause, problem.hint);
}

/// The secret that signs tokens lives in the store, so that a token holds across crashes and
/// servers.
std::variant<std::string, unusable> token_secret(database& stores) {
  auto secret = stores.writer()->meta("token_secret", random_secret());
  if (auto* value = std::get_if<std::string>(&secret))
    return std::move(*value);
  const auto& failed = std::get<store_failure>(secret);
  const auto what = "cannot read the token secret from " + stores.describe();
  if (failed.fault == store_fault::refused)
    return unusable{70, what, failed.why, "Please report this; nothing was changed."};
  return unusable{75, what, failed.why,
                  "The database was lost, or somebody holds a lock on its table meta; try again."};
}

std::string grouped(std::uint64_t number) {
  auto text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string url_of(const settings& options, std::uint16_t port) {
  const bool any = options.host == "0.0.0.0" || options.host == "::";
  auto host = any ? std::string{"127.0.0.1"} : options.host;
  if (host.find(':') != std::string::npos)
    host = "[" + host + "]";
  return "http://" + host + ":" + std::to_string(port) + "/";
}

/// Where to go next, for a person; one line with the same facts for a log.
void announce(const settings& options, std::uint16_t port, const database& stores,
              const preparation& found, clock::time_point began) {
  const auto took =
    std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began).count();
  const auto url = url_of(options, port);
  const auto data = stores.describe() + " (schema " + std::to_string(found.schema) + ", rooms "
                    + grouped(found.rooms) + ", messages " + grouped(found.entries) + ")";
  if (::isatty(STDERR_FILENO) == 0) {
    log(log_level::info, "ready: version=" + server_version() + " url=" + url + " data=" + data
                           + " ms=" + std::to_string(took));
  } else {
    const auto text =
      "callboard-server " + server_version() + " ready in " + std::to_string(took)
      + " ms\n  open    " + url + "\n  data    " + data
      + "\n  try     callboard general      (from the source tree: ./run client general)"
        "\n  stop    Ctrl-C\n";
    (void)std::fputs(text.c_str(), stderr);
  }
  if (options.ready_fd >= 0) {
    const auto line = R"({"url":")" + url + R"(","port":)" + std::to_string(port) + "}\n";
    if (::write(options.ready_fd, line.data(), line.size()) < 0)
      log(log_level::warn, "nobody reads READY_FD " + std::to_string(options.ready_fd));
    (void)::close(options.ready_fd);
  }
}

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

/// Ends the process at once, whatever any thread waits for.
extern "C" void end_at_once(int number) {
  _exit(128 + number);
}

/// Not the default action: process 1 of a container has none.
void end_on_stop_signals() {
  for (const int each : {SIGTERM, SIGINT})
    (void)std::signal(each, end_at_once);
}

/// Threads that start from here on leave these signals to the main thread.
void hold_stop_signals() {
  const auto set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

/// The next one ends the process at once.
void await_stop_signal() {
  const auto set = stop_signals();
  int number = 0;
  sigwait(&set, &number);
  end_on_stop_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

server_settings outside_of(const settings& options, std::shared_ptr<const web_dir> pages) {
  server_settings outside;
  outside.host = options.host;
  outside.port = options.port;
  outside.bounds = options.bounds;
  outside.sockets = options.sockets;
  outside.allowed_origins = options.allowed_origins;
  outside.admin_token = options.admin_token;
  outside.name = "callboard " + server_version();
  if (pages)
    outside.find_file = [pages = std::move(pages)](std::string_view path) {
      return pages->find(path);
    };
  for (const auto& file : web::files())
    outside.files.push_back({std::string{file.path}, std::string{file.type},
                             std::string{file.plain}, file.immutable, std::string{file.gzip},
                             std::string{file.brotli}});
  return outside;
}

int run(settings options, database& stores, const preparation& found, clock::time_point began,
        std::shared_ptr<const web_dir> pages) {
  const auto secret = token_secret(stores);
  if (const auto* problem = std::get_if<unusable>(&secret))
    return complain(*problem);
  const auto few_files = fit_connections(options, raise_open_files());
  hold_stop_signals();
  const auto status = std::make_shared<server_status>();
  status->store_ready.store(true);
  stage actors{{options.bounds, options.worker_threads, options.history_readers,
                "callboard/" + server_version()},
               stores,
               token_signer{std::get<std::string>(secret), options.bounds.token_life},
               status};
  server outside{outside_of(options, std::move(pages)), actors, *status};
  const auto started = outside.start();
  if (const auto* problem = std::get_if<listen_error>(&started))
    return complain(problem->exit_code, problem->what, problem->cause, problem->hint);
  if (few_files)
    log(log_level::warn, *few_files);
  announce(options, std::get<std::uint16_t>(started), stores, found, began);

  await_stop_signal();
  const auto patience = options.bounds.drain_within;
  log(log_level::info, "stopping: answering what is under way, at most "
                         + std::to_string(patience.count()) + " ms; again to stop at once");
  if (!outside.drain(patience))
    log(log_level::warn, "some connections did not end in time and are cut");
  outside.stop();
  return 0;
}

} // namespace

int serve(const settings& options) {
  const auto began = clock::now();
  end_on_stop_signals();
  std::shared_ptr<const web_dir> pages; // Before the database: a typing error must change nothing.
  if (!options.web_dir.empty()) {
    auto directory = web_dir::open(options.web_dir);
    if (const auto* problem = std::get_if<web_dir_error>(&directory))
      return complain(66, problem->what, problem->cause,
                      "WEB_DIR names a directory with index.html, as web/ of the source tree;"
                      " without WEB_DIR the built-in page is served");
    pages = std::make_shared<const web_dir>(std::get<web_dir>(std::move(directory)));
    log(log_level::warn, "the page is read from " + options.web_dir + " at each request");
  }
  auto opened = open_database(options.database_url);
  if (const auto* problem = std::get_if<unusable>(&opened))
    return complain(*problem);
  auto& stores = *std::get<std::unique_ptr<database>>(opened);
  const auto prepared = stores.prepare();
  if (const auto* problem = std::get_if<unusable>(&prepared))
    return complain(*problem);
  const auto& found = std::get<preparation>(prepared);
  for (const auto& warning : found.warnings)
    log(log_level::warn, warning);
  if (found.migrated_from != found.schema && found.migrated_from != 0)
    log(log_level::info, "migrated the schema from " + std::to_string(found.migrated_from) + " to "
                           + std::to_string(found.schema));
  if (found.adopted != 0)
    log(log_level::info,
        "took over " + grouped(found.adopted) + " messages of a go-chat database into `general`");
  if (found.epochs_renewed)
    log(log_level::warn, "this database is a copy of the one it was: all rooms got a new epoch");
  return run(options, stores, found, began, std::move(pages));
}

int renew_epochs(const settings& options) {
  end_on_stop_signals();
  auto opened = open_database(options.database_url);
  if (const auto* problem = std::get_if<unusable>(&opened))
    return complain(*problem);
  auto& stores = *std::get<std::unique_ptr<database>>(opened);
  const auto prepared = stores.prepare();
  if (const auto* problem = std::get_if<unusable>(&prepared))
    return complain(*problem);
  const auto renewed = stores.renew_epochs();
  if (const auto* problem = std::get_if<unusable>(&renewed))
    return complain(*problem);
  const auto text =
    "renewed the epochs of " + grouped(std::get<std::uint64_t>(renewed)) + " rooms\n";
  (void)std::fputs(text.c_str(), stdout);
  return 0;
}

} // namespace callboard
