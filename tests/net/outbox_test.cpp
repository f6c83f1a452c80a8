// The outbox alone: one writer, whole frames in order, completions by post, memory given back.
#define CAF_SUITE net_outbox
#include "net/outbox.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <caf/test/unit_test.hpp>

#include <functional>

using namespace callboard;

namespace outbox_suite {

namespace {

using asio::ip::tcp;

class told final : public completion {
public:
  explicit told(std::function<void(error_code, std::size_t)> call) : call_{std::move(call)} {}
  void done(error_code ec, std::size_t bytes) override { call_(ec, bytes); }

private:
  std::function<void(error_code, std::size_t)> call_;
};

struct pair : outbox_events {
  asio::io_context io;
  std::shared_ptr<outbox> box;
  tcp_socket far{io};
  std::size_t sent = 0;
  std::uint32_t credit = 0;
  int broken = 0;
  int torn = 0;

  pair() {
    asio::basic_socket_acceptor<tcp, io_executor> acceptor{
      io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
    far.connect(acceptor.local_endpoint());
    box = std::make_shared<outbox>(acceptor.accept(io));
    box->listener(this);
  }

  void on_sent(std::size_t bytes, std::uint32_t back) override {
    sent += bytes;
    credit += back;
  }
  void on_received(std::size_t /*bytes*/) override {}
  void on_tear_down() override { ++torn; }
  void on_broken() override { ++broken; }

  /// Reads `bytes` at the far end while the outbox works.
  std::string take(std::size_t bytes) {
    std::string text(bytes, '\0');
    bool all = false;
    asio::async_read(far, asio::buffer(text), [&](error_code ec, std::size_t) { all = !ec; });
    io.restart();
    io.run();
    CAF_REQUIRE(all);
    return text;
  }

  void write(std::string bytes, std::function<void(error_code, std::size_t)> call) {
    box->write(std::move(bytes), std::make_unique<told>(std::move(call)));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(net_outbox_tests, pair)

CAF_TEST(frames of all kinds leave in the order in which they came) {
  std::string expected;
  int pongs = 0;
  for (int i = 0; i < 5000; ++i) {
    const auto text = "<" + std::to_string(i) + ">";
    expected += text;
    if (i % 3 == 0)
      write(text, [&](error_code ec, std::size_t) { pongs += ec ? 0 : 1; });
    else
      CAF_CHECK(box->enqueue(make_slice(text), 1));
  }
  const auto shared = box->waiting();
  box->flush();
  CAF_CHECK(take(expected.size()) == expected);
  CAF_CHECK_EQUAL(shared, expected.size());
  CAF_CHECK_EQUAL(box->waiting(), 0U);
  CAF_CHECK_EQUAL(box->sent(), expected.size());
  CAF_CHECK_EQUAL(pongs, 1667);
  CAF_CHECK_EQUAL(credit, 3333U);
}

CAF_TEST(a completion never comes from within the call that asked for it) {
  bool came = false;
  write("pong", [&](error_code, std::size_t bytes) { came = bytes == 4; });
  box->flush();
  CAF_CHECK(!came);
  io.run();
  CAF_CHECK(came);
}

CAF_TEST(a write completes only when its last byte has left) {
  const std::string bulk(32 << 20, 'b');
  box->enqueue(make_slice(bulk), 7);
  bool left = false;
  write("pong", [&](error_code, std::size_t) { left = true; });
  box->flush();
  io.poll();
  CAF_CHECK(!left);
  CAF_CHECK_EQUAL(credit, 0U);
  CAF_CHECK(box->waiting() > 0);
  CAF_CHECK(take(bulk.size() + 4) == bulk + "pong");
  CAF_CHECK(left);
  CAF_CHECK_EQUAL(credit, 7U);
  CAF_CHECK_EQUAL(sent, bulk.size());
}

CAF_TEST(nothing follows a close frame) {
  write(std::string{"\x88\x00", 2}, [](error_code, std::size_t) {});
  CAF_CHECK(box->sealed());
  CAF_CHECK(!box->enqueue(make_slice("late"), 1));
  CAF_CHECK_EQUAL(box->waiting(), 2U);
}

CAF_TEST(a shared frame is let go as soon as it has left) {
  const auto frame = make_slice("frame");
  const std::weak_ptr<const std::string> bytes = frame.owner;
  box->enqueue(frame, 0);
  CAF_CHECK_EQUAL(bytes.use_count(), 2);
  box->flush();
  CAF_CHECK_EQUAL(bytes.use_count(), 1);
}

CAF_TEST(closing answers everybody who waits) {
  const std::string bulk(32 << 20, 'b');
  box->enqueue(make_slice(bulk), 0);
  error_code seen;
  write("pong", [&](error_code ec, std::size_t) { seen = ec; });
  box->flush();
  box->close();
  CAF_CHECK(!box->enqueue(make_slice("late"), 1));
  error_code late;
  write("late", [&](error_code ec, std::size_t) { late = ec; });
  io.run();
  CAF_CHECK(seen == asio::error::operation_aborted);
  CAF_CHECK(late == asio::error::operation_aborted);
  CAF_CHECK_EQUAL(broken, 0);
}

CAF_TEST(a lost peer is told once) {
  far.set_option(tcp::socket::linger{true, 0});
  far.close();
  for (int i = 0; i < 3; ++i) {
    box->enqueue(make_slice("frame"), 0);
    box->flush();
    io.restart();
    io.run();
  }
  CAF_CHECK_EQUAL(broken, 1);
}

CAF_TEST(tearing down ends when the peer has ended) {
  bool done = false;
  box->tear_down(std::make_unique<told>([&](error_code ec, std::size_t) { done = !ec; }));
  io.poll();
  CAF_CHECK(!done);
  far.send(asio::buffer("said too late", 13));
  io.poll();
  CAF_CHECK(!done);
  far.close();
  io.restart();
  io.run();
  CAF_CHECK(done);
  CAF_CHECK_EQUAL(torn, 1);
  CAF_CHECK(!box->socket().is_open());
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace outbox_suite
