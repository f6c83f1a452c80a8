// Starting, failing to start with a reason, and surviving exhausted descriptors.
#define CAF_SUITE net_server
#include "net/listen_error.hpp"
#include "runtime/log.hpp"
#include "tests/net/house.hpp"

#include <caf/test/unit_test.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace callboard;
using namespace callboard::test;

namespace server_suite {

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

listen_error refused(const server_settings& settings) {
  fake_entrance door;
  server_status status;
  server second{settings, door, status};
  auto outcome = second.start();
  CAF_REQUIRE(std::holds_alternative<listen_error>(outcome));
  return std::get<listen_error>(outcome);
}

/// All descriptors of this process but the ones that it has.
class descriptors_taken {
public:
  descriptors_taken() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{256, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
    for (int fd = ::open("/dev/null", O_RDONLY); fd >= 0; fd = ::open("/dev/null", O_RDONLY))
      taken_.push_back(fd);
  }
  ~descriptors_taken() {
    for (const auto fd : taken_)
      ::close(fd);
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }
  descriptors_taken(const descriptors_taken&) = delete;
  descriptors_taken& operator=(const descriptors_taken&) = delete;

  void give_one() {
    ::close(taken_.back());
    taken_.pop_back();
  }

private:
  rlimit before_{};
  std::vector<int> taken_;
};

/// Counts log lines that have a part.
class log_lines {
public:
  explicit log_lines(std::string part) : part_{std::move(part)} {
    set_log_sink([this](log_level, std::string_view line) {
      record_.note([&](heard& is) {
        if (has(std::string{line}, part_))
          is.frames.emplace_back(line);
      });
    });
  }
  ~log_lines() { set_log_sink(nullptr); }
  log_lines(const log_lines&) = delete;
  log_lines& operator=(const log_lines&) = delete;

  bool some() {
    return record_.until([](heard& is) { return !is.frames.empty(); });
  }
  std::size_t count() {
    return record_.now([](heard& is) { return is.frames.size(); });
  }

private:
  std::string part_;
  heard record_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(net_server_tests, house)

CAF_TEST(a port in use is told with its holder and a way out) {
  start();
  auto same = settings;
  same.port = port;
  const auto error = refused(same);
  CAF_CHECK_EQUAL(error.exit_code, 69);
  CAF_CHECK_EQUAL(error.what, "cannot listen on 127.0.0.1:" + std::to_string(port));
  CAF_CHECK(has(error.cause, "in use by process " + std::to_string(::getpid()) + " ("
                               + std::string{program_invocation_short_name}.substr(0, 15)));
  CAF_CHECK(has(error.hint, "SERVER_PORT="));
}

CAF_TEST(an address that cannot be used is told as such) {
  auto bad = settings;
  bad.host = "chat.example";
  CAF_CHECK(has(refused(bad).cause, "\"chat.example\" is not an IP address"));
  bad.host = "192.0.2.1"; // RFC 5737: nobody's.
  CAF_CHECK(has(refused(bad).cause, "this machine has no such address"));
  const auto denied = explain_listen(EACCES, "::", 80);
  CAF_CHECK_EQUAL(denied.what, "cannot listen on [::]:80");
  CAF_CHECK(has(denied.hint, "SERVER_PORT=8000"));
  CAF_CHECK(has(explain_listen(EADDRINUSE, "127.0.0.1", 65535).hint, "SERVER_PORT=65534"));
}

CAF_TEST(a stopped server frees its port for the next) {
  start();
  raw_client client{port};
  client.upgrade();
  settings.port = port;
  runs->stop();
  start(); // Connections of the first one are still in TIME_WAIT.
  raw_client again{port};
  CAF_CHECK(has(again.upgrade(), " 101 "));
}

CAF_TEST(several I / O threads share the connections) {
  settings.io_threads = 3;
  start();
  std::vector<std::unique_ptr<raw_client>> clients;
  for (int i = 0; i < 9; ++i) {
    clients.push_back(std::make_unique<raw_client>(port));
    clients.back()->upgrade();
  }
  for (std::size_t i = 0; i < 9; ++i)
    clients[i]->send(masked(0x81, "client " + std::to_string(i)));
  for (std::size_t i = 0; i < 9; ++i)
    CAF_CHECK_EQUAL(clients[i]->frame().payload, "client " + std::to_string(i));
  CAF_CHECK_EQUAL(runs->connections(), 9U);
}

CAF_TEST(without descriptors the server waits and says so once) {
  settings.sockets.accept_pause = std::chrono::milliseconds{5};
  start();
  raw_client before{port};
  before.upgrade();
  log_lines pauses{"listener pauses"};
  std::unique_ptr<raw_client> late;
  {
    descriptors_taken all;
    all.give_one();
    late = std::make_unique<raw_client>(port); // Takes the last one: the server finds none.
    CAF_CHECK(pauses.some());
    late->send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    // Those who are in are served meanwhile, for many times the length of a pause.
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{200};
    while (std::chrono::steady_clock::now() < until) {
      before.send(masked(0x81, "still here"));
      CAF_CHECK_EQUAL(before.frame().payload, "still here");
    }
  }
  CAF_CHECK(has(late->response(), "200 OK"));
  CAF_CHECK_EQUAL(pauses.count(), 1U);
}

CAF_TEST(stopping ends a clock that is always due) {
  settings.sockets.tick = std::chrono::milliseconds{0}; // Its handler waits for its turn always.
  start();
  raw_client client{port};
  client.upgrade();
  runs->stop();
  CAF_CHECK_EQUAL(runs->connections(), 0U);
  CAF_CHECK(client.ends());
}

CAF_TEST(connections that come and go leave nothing behind) {
  start();
  for (std::size_t i = 0; i < 300; ++i) {
    raw_client client{port};
    if (i % 3 == 0)
      client.upgrade();
    else if (i % 3 == 1)
      client.send("GET / HT");
    client.reset();
  }
  CAF_CHECK(runs->drain(patience));
  CAF_CHECK_EQUAL(runs->connections(), 0U);
  runs->stop(); // Only now have all handlers let go.
  for (std::size_t i = 0; i < door.opened(); ++i) {
    CAF_CHECK_EQUAL(door.session(i)->now([](heard& is) { return is.ends; }), 1);
    CAF_CHECK(door.session(i)->now([](heard& is) { return is.destroyed; }));
    CAF_CHECK(door.session(i)->link.expired());
  }
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace server_suite
