// A session's connection: order, credit, the outbox's marks, and every way to end.
#define CAF_SUITE net_websocket
#include "tests/net/house.hpp"

#include <caf/test/unit_test.hpp>

#include <thread>

using namespace callboard;
using namespace callboard::test;

namespace websocket_suite {

namespace {

slice frame_of_text(const std::string& text) {
  return make_slice(text_frame(text));
}

/// Closes the client's side as RFC 6455 section 7 wants it; true if the server ends the stream.
bool answer_close(raw_client& client) {
  client.send(masked(0x88, std::string{"\x03\xe8", 2}));
  return client.ends();
}

/// A megabyte in one frame, shared by all who send it.
slice megabyte() {
  static const auto one = frame_of_text(std::string(1 << 20, 'm'));
  return one;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(net_websocket_tests, house)

CAF_TEST(messages come whole and in order and are answered in order) {
  start();
  raw_client client{port};
  client.upgrade();
  std::string all;
  for (int i = 0; i < 1000; ++i)
    all += masked(0x81, "message " + std::to_string(i));
  client.send(all);
  for (int i = 0; i < 1000; ++i)
    CAF_CHECK_EQUAL(client.frame().payload, "message " + std::to_string(i));
}

CAF_TEST(a fragmented message of the greatest length arrives as one) {
  start();
  raw_client client{port};
  client.upgrade();
  const std::string text(settings.bounds.frame_bytes, 'x');
  client.send(masked(0x01, text.substr(0, 1000)));
  client.send(masked(0x89, "between"));
  client.send(masked(0x00, text.substr(1000, 30000)));
  client.send(masked(0x80, text.substr(31000)));
  CAF_CHECK_EQUAL(client.frame_of(0x8A).payload, "between");
  CAF_CHECK(client.frame().payload == text);
  client.send(masked(0x81, "")); // An empty message is one, too.
  CAF_CHECK_EQUAL(client.frame().payload, "");
}

CAF_TEST(ten thousand frames and pongs share a socket without a byte out of place) {
  settings.sockets.control_frames = 1'000'000;
  start();
  raw_client client{port};
  client.upgrade();
  const auto session = door.session();
  constexpr int frames = 10'000;
  std::thread sender{[&session] {
    const auto link = session->link.lock();
    for (int i = 0; i < frames; ++i)
      link->send(
        frame_of_text(std::to_string(i) + std::string(static_cast<std::size_t>(i % 300), '.')), 0);
  }};
  std::string pings;
  for (int i = 0; i < 500; ++i)
    pings += masked(0x89, "ping " + std::to_string(i));
  client.send(pings);
  int next = 0;
  int pongs = 0;
  while (next < frames || pongs < 500) {
    const auto frame = client.frame();
    if (frame.head == 0x8A) {
      CAF_REQUIRE_EQUAL(frame.payload, "ping " + std::to_string(pongs++));
      continue;
    }
    CAF_REQUIRE_EQUAL(static_cast<int>(frame.head), 0x81);
    CAF_REQUIRE_EQUAL(frame.payload, std::to_string(next)
                                       + std::string(static_cast<std::size_t>(next % 300), '.'));
    ++next;
  }
  sender.join();
  CAF_CHECK_EQUAL(session->link.lock()->waiting(), 0U);
}

CAF_TEST(what a slow reader leaves waits and is told to be low when it has left) {
  start();
  raw_client client{port, 16384};
  client.upgrade();
  const auto session = door.session();
  const auto link = session->link.lock();
  for (int i = 0; i < 16; ++i)
    link->send(megabyte(), 0);
  const auto all = 16 * megabyte().bytes.size();
  CAF_CHECK(link->waiting() > all / 2); // The kernel takes a part at most.
  link->tell_when_low(65536);
  for (int i = 0; i < 15; ++i)
    CAF_CHECK_EQUAL(client.frame().payload.size(), std::size_t{1} << 20);
  CAF_CHECK_EQUAL(session->now([](heard& is) { return is.lows; }), 0);
  CAF_CHECK_EQUAL(client.frame().payload.size(), std::size_t{1} << 20);
  CAF_CHECK(session->until([](heard& is) { return is.lows == 1; }));
  CAF_CHECK_EQUAL(link->waiting(), 0U);
  link->tell_when_low(0); // Already low: told at once.
  CAF_CHECK(session->until([](heard& is) { return is.lows == 2; }));
}

CAF_TEST(without credit nothing is read and the client is held back) {
  door.act = nullptr; // A session that neither answers nor grants.
  settings.bounds.requests_under_way = 4;
  start();
  raw_client client{port, 16384};
  client.upgrade();
  const auto session = door.session();
  const auto unit = masked(0x81, std::string(1000, 'u'));
  constexpr std::size_t most = 64UL << 20;
  CAF_CHECK(client.send_until_blocked(unit, most) < most);
  CAF_CHECK_EQUAL(session->now([](heard& is) { return is.frames.size(); }), 4U);
  session->link.lock()->grant(2);
  CAF_CHECK(session->until([](heard& is) { return is.frames.size() == 6; }));
  session->link.lock()->send(frame_of_text("answer"), 1); // Credit comes back with the last byte.
  CAF_CHECK_EQUAL(client.frame().payload, "answer");
  CAF_CHECK(session->until([](heard& is) { return is.frames.size() == 7; }));
}

CAF_TEST(of a go client one line is under way at a time) {
  door.act = nullptr;
  start();
  raw_client go{port};
  go.upgrade("");
  go.send(masked(0x81, "one") + masked(0x81, "two"));
  const auto session = door.session();
  CAF_REQUIRE(session->until([](heard& is) { return is.frames.size() == 1; }));
  session->link.lock()->send(frame_of_text("not stored"), 0);
  CAF_CHECK_EQUAL(go.frame().payload, "not stored");
  CAF_CHECK_EQUAL(session->now([](heard& is) { return is.frames.size(); }), 1U);
  session->link.lock()->grant(1);
  CAF_CHECK(session->until([](heard& is) { return is.frames.size() == 2; }));
}

CAF_TEST(credit stays away while an answer waits for its reader) {
  settings.bounds.requests_under_way = 1;
  door.act = [](connection& link, const std::string&) {
    for (int i = 0; i < 8; ++i)
      link.send(megabyte(), i == 7 ? 1 : 0);
  };
  start();
  raw_client client{port, 16384};
  client.upgrade();
  client.send(masked(0x81, "one") + masked(0x81, "two"));
  const auto session = door.session();
  CAF_REQUIRE(session->until([](heard& is) { return is.frames.size() == 1; }));
  for (int i = 0; i < 7; ++i)
    client.frame();
  CAF_CHECK_EQUAL(session->now([](heard& is) { return is.frames.size(); }), 1U);
  client.frame();
  CAF_CHECK(session->until([](heard& is) { return is.frames.size() == 2; }));
}

CAF_TEST(closing sends what waits and then the close frame and nothing after it) {
  start();
  raw_client client{port};
  client.upgrade();
  const auto session = door.session();
  const auto link = session->link.lock();
  for (int i = 0; i < 1000; ++i)
    link->send(frame_of_text(std::to_string(i)), 0);
  link->close(close_code::resync,
              "join again" + std::string(200, '!')); // Longer than a frame takes.
  link->send(frame_of_text("too late"), 0);
  for (int i = 0; i < 1000; ++i)
    CAF_REQUIRE_EQUAL(client.frame().payload, std::to_string(i));
  const auto last = client.frame();
  CAF_CHECK_EQUAL(close_code_of(last), 4000U);
  CAF_CHECK_EQUAL(last.payload.substr(2, 10), "join again");
  CAF_CHECK_EQUAL(last.payload.size(), 125U);
  CAF_CHECK(answer_close(client));
  CAF_CHECK(session->until([](heard& is) { return is.ends == 1 && is.destroyed; }));
  CAF_CHECK_EQUAL(link->waiting(), 0U);
}

CAF_TEST(the close of a peer is answered and ends the session once) {
  start();
  raw_client client{port};
  client.upgrade();
  const auto session = door.session();
  client.send(masked(0x88, std::string{"\x03\xe9 away", 7}));
  CAF_CHECK_EQUAL(close_code_of(client.frame()), 1001U);
  CAF_CHECK(client.ends());
  CAF_CHECK(session->until([](heard& is) { return is.ends == 1 && is.destroyed; }));
}

CAF_TEST(nothing follows the answer to the close of a peer) {
  door.act = [](connection& link, const std::string& text) {
    for (int i = 0; i < 100; ++i)
      link.send(frame_of_text(text), 0);
  };
  start();
  for (int i = 0; i < 20; ++i) {
    raw_client client{port};
    client.upgrade();
    client.send(masked(0x81, "late") + masked(0x88, std::string{"\x03\xe8", 2}));
    CAF_CHECK_EQUAL(close_code_of(client.frame_of(0x88)), 1000U);
    bool more = true;
    try {
      client.frame();
    } catch (const std::runtime_error&) {
      more = false;
    }
    CAF_CHECK(!more);
  }
}

CAF_TEST(a reset ends the session once and nothing is told afterwards) {
  start();
  for (std::size_t i = 0; i < 20; ++i) {
    raw_client client{port};
    client.upgrade();
    const auto session = door.session(i);
    session->link.lock()->send(megabyte(), 1);
    client.send(masked(0x81, "hello").substr(0, i % 8)); // In the middle of a frame, mostly.
    client.reset();
    CAF_CHECK(session->until([](heard& is) { return is.ends == 1 && is.destroyed; }));
    CAF_CHECK_EQUAL(session->now([](heard& is) { return is.after_end; }), 0);
  }
  runs->stop();
  CAF_CHECK_EQUAL(runs->connections(), 0U);
}

CAF_TEST(a reset is noticed while nothing is read) {
  door.act = nullptr;
  settings.bounds.requests_under_way = 1;
  start();
  raw_client client{port};
  client.upgrade();
  client.send(masked(0x81, "hello"));
  const auto session = door.session();
  CAF_REQUIRE(session->until([](heard& is) { return is.frames.size() == 1; }));
  client.reset();
  CAF_CHECK(session->until([](heard& is) { return is.ends == 1; }));
}

CAF_TEST(a peer that ignores the close frame loses its socket) {
  settings.sockets.close_within = std::chrono::milliseconds{300};
  start();
  raw_client deaf{port, 16384};
  deaf.upgrade();
  raw_client lingering{port};
  lingering.upgrade();
  for (int i = 0; i < 16; ++i)
    door.session(0)->link.lock()->send(megabyte(), 0);
  door.session(0)->link.lock()->close(close_code::normal, "");
  door.session(1)->link.lock()->close(close_code::normal, "");
  CAF_CHECK(door.session(0)->until([](heard& is) { return is.ends == 1; }));
  CAF_CHECK(door.session(1)->until([](heard& is) { return is.ends == 1; }));
}

CAF_TEST(a silent client is pinged and then closed) {
  settings.bounds.heartbeat = std::chrono::seconds{1};
  start();
  raw_client client{port};
  client.upgrade();
  CAF_CHECK_EQUAL(client.frame_of(0x89).payload, "");
  client.send(masked(0x8A, ""));
  CAF_CHECK_EQUAL(client.frame_of(0x89).payload, ""); // The answer was heard: pinged anew.
  CAF_CHECK_EQUAL(close_code_of(client.frame()), 4001U);
  CAF_CHECK(answer_close(client));
  CAF_CHECK(door.session()->until([](heard& is) { return is.ends == 1; }));
}

CAF_TEST(a client that takes no bytes is closed and one that takes few is not ) {
  settings.bounds.heartbeat = std::chrono::seconds{1};
  settings.bounds.go_write_stall = std::chrono::seconds{1};
  start();
  raw_client stuck{port, 16384};
  stuck.upgrade();
  raw_client go{port, 16384};
  go.upgrade("");
  raw_client slow{port, 16384};
  slow.upgrade();
  for (std::size_t i = 0; i < 3; ++i) {
    for (int k = 0; k < 4; ++k)
      door.session(i)->link.lock()->send(megabyte(), 0);
  }
  // The slow one never answers a ping, but for longer than two heartbeats it takes bytes.
  const auto from = std::chrono::steady_clock::now();
  bool stuck_ends = false;
  while (!stuck_ends || std::chrono::steady_clock::now() - from < std::chrono::milliseconds{2500}) {
    CAF_REQUIRE(std::chrono::steady_clock::now() - from < patience);
    stuck_ends = stuck_ends || door.session(0)->now([](heard& is) { return is.ends == 1; });
    slow.take(4096, std::chrono::milliseconds{20});
  }
  CAF_CHECK(door.session(1)->until([](heard& is) { return is.ends == 1; }));
  CAF_CHECK_EQUAL(door.session(2)->now([](heard& is) { return is.ends; }), 0);
}

CAF_TEST(draining tells every session and returns when all have left) {
  start();
  raw_client client{port};
  client.upgrade();
  raw_client idle{port};
  idle.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  idle.response();
  unsigned code = 0;
  bool both_end = false;
  std::thread polite{[&] {
    code = close_code_of(client.frame());
    both_end = answer_close(client) && idle.ends();
    client.leave();
    idle.leave();
  }};
  CAF_CHECK(runs->drain(patience));
  polite.join();
  CAF_CHECK_EQUAL(code, 1012U);
  CAF_CHECK(both_end);
  CAF_CHECK_EQUAL(door.session()->now([](heard& is) { return is.drains; }), 1);
  CAF_CHECK_EQUAL(door.session()->now([](heard& is) { return is.ends; }), 1);
  bool refused = false;
  try {
    raw_client late{port};
  } catch (const std::exception&) {
    refused = true;
  }
  CAF_CHECK(refused);
}

CAF_TEST(draining ends at its deadline and stopping ends every session) {
  door.leaves = false;
  start();
  raw_client client{port};
  client.upgrade();
  const auto session = door.session();
  const auto link = session->link.lock();
  CAF_CHECK(!runs->drain(std::chrono::milliseconds{200}));
  runs->stop();
  CAF_CHECK_EQUAL(session->now([](heard& is) { return is.ends; }), 1);
  CAF_CHECK(client.ends());
  runs.reset();
  link->send(megabyte(), 1); // A session that has not heard of it yet.
  link->grant(1);
  link->tell_when_low(0);
  link->close(close_code::normal, "");
  CAF_CHECK_EQUAL(session->now([](heard& is) { return is.after_end; }), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace websocket_suite
