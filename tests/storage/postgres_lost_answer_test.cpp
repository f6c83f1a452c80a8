// The commit happened and its answer was lost on the way: nobody but the store can settle that.
#define CAF_SUITE postgres_lost_answer

#include "places.hpp"

#include <caf/test/unit_test.hpp>

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace callboard;
using namespace callboard::places;

namespace postgres_lost_answer_suite {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// Sockets' own API wants this cast.
sockaddr* any(sockaddr_in& address) {
  return reinterpret_cast<sockaddr*>(&address);
}

/// Between one client at a time and a server; ends a connection instead of handing on an answer.
class lossy_proxy {
public:
  explicit lossy_proxy(std::uint16_t server_port) : server_port_{server_port} {
    auto address = loopback(0);
    socklen_t size = sizeof(address);
    if (bind(listener_, any(address), size) != 0 || listen(listener_, 5) != 0
        || getsockname(listener_, any(address), &size) != 0)
      throw std::runtime_error{"no socket"};
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { run(); }};
  }
  lossy_proxy(const lossy_proxy&) = delete;
  lossy_proxy& operator=(const lossy_proxy&) = delete;
  ~lossy_proxy() {
    stop_ = true;
    thread_.join();
    hang_up();
    close(listener_);
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int lost() const { return lost_; }

  /// The server's next bytes arrive nowhere, and the connection is over.
  void lose_next_answer() { lose_ = true; }

private:
  void run() {
    while (!stop_) {
      // poll() passes over what is negative: nobody waits at the door while somebody is inside.
      std::array<pollfd, 3> all{
        {{client_ < 0 ? listener_ : -1, POLLIN, 0}, {client_, POLLIN, 0}, {server_, POLLIN, 0}}};
      constexpr int look_at_stop_ms = 20;
      poll(all.data(), all.size(), look_at_stop_ms);
      if (all[0].revents != 0)
        let_in();
      const bool is_over = (all[1].revents != 0 && !hand_on(client_, server_))
                           || (all[2].revents != 0 && (lose() || !hand_on(server_, client_)));
      if (is_over)
        hang_up();
    }
  }

  void let_in() {
    client_ = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    server_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(server_port_);
    if (connect(server_, any(address), sizeof(address)) != 0)
      hang_up();
  }

  bool lose() {
    const bool loses = lose_.exchange(false);
    lost_ += loses ? 1 : 0;
    return loses;
  }

  static bool hand_on(int from, int to) {
    std::array<char, 65536> bytes{};
    const auto got = recv(from, bytes.data(), bytes.size(), 0);
    return got > 0 && send(to, bytes.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) == got;
  }

  void hang_up() {
    for (auto* end : {&client_, &server_})
      if (*end >= 0)
        close(std::exchange(*end, -1));
  }

  std::uint16_t server_port_;
  std::uint16_t port_ = 0;
  int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int client_ = -1;
  int server_ = -1;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> lose_ = false;
  std::atomic<int> lost_ = 0;
  std::thread thread_;
};

/// Where the port stands in "postgres://user:password@host:port/db".
std::size_t port_place(const std::string& url) {
  return url.rfind(':', url.rfind('/')) + 1;
}

struct fixture {
  postgres_place here;
  std::size_t place = port_place(here.url());
  std::size_t length = here.url().rfind('/') - place;
  lossy_proxy proxy{static_cast<std::uint16_t>(std::stoi(here.url().substr(place, length)))};
  std::unique_ptr<database> db =
    must(open_database(here.url().substr(0, place) + std::to_string(proxy.port())
                       + here.url().substr(place + length)));
  preparation found = must(db->prepare());
  store_ptr store = db->writer();

  static std::vector<draft_ptr> one(const std::string& id) {
    return {make_draft("a", "ann", id, "text " + id)};
  }

  /// Stores `id` without getting the answer, and says what the repetition got.
  receipt lose_and_repeat(const std::string& id, std::int64_t& stored_at) {
    proxy.lose_next_answer();
    CAF_CHECK(failure_of(store->append(one(id))).fault == store_fault::again);
    const auto stored = here.sql("select round(extract(epoch from at) * 1000)::bigint from entry "
                                 "where client_id = '"
                                 + id + '\'');
    CAF_REQUIRE_EQUAL(stored.size(), 1U); // Committed before the answer was sent.
    stored_at = stored.number(0, 0);
    return must(store->append(one(id)))[0];
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(postgres_lost_answer_tests, fixture)

CAF_TEST(a lost answer to a batch with looked up numbers is settled by repetition) {
  must(store->append(one("1")));
  store.reset(); // The proxy has place for one.
  store = db->writer();
  // The statement is prepared, and the room of the next draft is not remembered.
  must(store->append(std::vector{make_draft("b", "ann", "1", "x")}));
  std::int64_t at = 0;
  const auto got = lose_and_repeat("2", at);
  CAF_CHECK((got == receipt{2, at, true, false}));
  CAF_CHECK_EQUAL(proxy.lost(), 1);
}

CAF_TEST(a lost answer to a batch with remembered numbers is settled by repetition) {
  must(store->open("a"));
  must(store->append(one("1")));
  std::int64_t at = 0;
  const auto got = lose_and_repeat("2", at);
  CAF_CHECK((got == receipt{2, at, true, false}));
  CAF_CHECK_EQUAL(proxy.lost(), 1);
  CAF_CHECK_EQUAL(+must(store->append(one("3")))[0].seq, 3U);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace postgres_lost_answer_suite
