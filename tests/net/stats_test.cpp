// Figures: who may see them, that nothing is sampled unless somebody looks, and what a sample says.
#define CAF_SUITE net_stats

#include "net/stats_access.hpp"
#include "net/stats_feed.hpp"
#include "net/stats_text.hpp"
#include "runtime/mailbox_depth.hpp"
#include "tests/net/house.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::test;
using std::chrono::milliseconds;

namespace stats_suite {

namespace {

const std::string token = "correct-horse-battery";

/// The status for a visitor; 200 for one who may look.
unsigned status_of(const stats_visitor& who, std::string_view secret = {}) {
  const auto refusal = refuse_stats(who, secret);
  return refusal ? refusal->status : 200;
}

stats_visitor at_home(std::string_view host = "127.0.0.1:8000") {
  return {true, false, host, {}};
}

unsigned with_authorization(std::string_view shown) {
  return status_of({false, true, "chat.example", shown}, token);
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

struct fed {
  server_status status;
  stats_feed feed{status, "callboard 1.2.3"};
  io_clock::time_point now{std::chrono::hours{1}};
  std::int64_t wall = 1000000;

  /// Lets time pass and asks; gives the number of the latest sample.
  std::uint64_t after(milliseconds time) {
    now += time;
    wall += time.count();
    return feed.look(now, wall, 3);
  }

  std::string latest() {
    const auto text = feed.latest();
    return text ? *text : std::string{};
  }
};

} // namespace

CAF_TEST(without a token only this machine sees figures) {
  CAF_CHECK_EQUAL(status_of(at_home()), 200U);
  CAF_CHECK_EQUAL(status_of({false, false, "127.0.0.1:8000", {}}), 403U);
  for (const auto* host :
       {"localhost", "localhost:8000", "127.0.0.1", "127.1.2.3:1", "[::1]:8000", "[::1]"})
    CAF_CHECK_EQUAL(status_of(at_home(host)), 200U);
}

CAF_TEST(names that lead here from elsewhere are no way in) {
  for (const auto* host :
       {"evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example", "",
        "127.0.0.1:8000.evil.example", "127.evil.example", "127.0.0.256", "127.0.0", "127.0.0.0.1",
        "::1", "0.0.0.0", "192.168.1.1", "127.0.0.1:99999", "127..0.1", "127.0.0.-1"})
    CAF_CHECK_EQUAL(status_of(at_home(host)), 403U);
}

CAF_TEST(what a proxy has passed on is not from this machine) {
  CAF_CHECK_EQUAL(status_of({true, true, "127.0.0.1:8000", {}}), 403U);
}

CAF_TEST(with a token everybody must show it) {
  CAF_CHECK_EQUAL(status_of(at_home(), token), 401U);
  CAF_CHECK_EQUAL(with_authorization("Bearer correct-horse-battery"), 200U);
  CAF_CHECK_EQUAL(with_authorization("bearer correct-horse-battery"), 200U);
  // "ada:correct-horse-battery" and ":correct-horse-battery"
  CAF_CHECK_EQUAL(with_authorization("Basic YWRhOmNvcnJlY3QtaG9yc2UtYmF0dGVyeQ=="), 200U);
  CAF_CHECK_EQUAL(with_authorization("Basic OmNvcnJlY3QtaG9yc2UtYmF0dGVyeQ"), 200U);
  for (const auto* shown :
       {"", "Bearer", "Bearer ", "Bearer correct-horse-batterx", "Bearer correct-horse-batter",
        "Bearer correct-horse-battery2", "correct-horse-battery", "Basic correct-horse-battery",
        "Basic Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5", "Basic YWRhOg==", "Basic ====", "Basic \x01",
        "Digest correct-horse-battery"})
    CAF_CHECK_EQUAL(with_authorization(shown), 401U);
  const auto refusal = refuse_stats(at_home(), token);
  CAF_REQUIRE(refusal.has_value());
  CAF_CHECK(has(refusal->fields, "WWW-Authenticate: Basic "));
  CAF_CHECK(!has(*refusal->body, token));
}

CAF_TEST_FIXTURE_SCOPE(net_stats_feed, fed)

CAF_TEST(nobody looks and nothing is sampled) {
  for (int i = 0; i < 10; ++i)
    CAF_CHECK_EQUAL(after(milliseconds{1000}), 0U);
  CAF_CHECK(!status.watched);
  CAF_CHECK(!mailboxes().watched());
  CAF_REQUIRE(feed.enter(1, now));
  CAF_CHECK(status.watched);
  CAF_CHECK(mailboxes().watched());
  CAF_CHECK_EQUAL(after(milliseconds{1000}), 1U);
  feed.leave();
  CAF_CHECK(!status.watched);
  CAF_CHECK(!mailboxes().watched());
  CAF_CHECK_EQUAL(after(milliseconds{1000}), 1U);
  CAF_CHECK_EQUAL(status.stats_samples.load(), 1U);
}

CAF_TEST(streams share one sample a second) {
  CAF_REQUIRE(feed.enter(2, now));
  CAF_REQUIRE(feed.enter(2, now));
  CAF_CHECK(!feed.enter(2, now));
  CAF_CHECK_EQUAL(after(milliseconds{500}), 0U);
  CAF_CHECK_EQUAL(after(milliseconds{500}), 1U);
  CAF_CHECK_EQUAL(after(milliseconds{300}), 1U);
  CAF_CHECK_EQUAL(after(milliseconds{700}), 2U);
  feed.leave();
  CAF_CHECK(status.watched);
  CAF_CHECK_EQUAL(after(milliseconds{1000}), 3U);
  feed.leave();
}

CAF_TEST(a sample says what happened since the one before) {
  status.entries_published = 1000;
  status.deliveries = 5000;
  status.commit_time.record(std::chrono::seconds{3}); // Before anybody looked.
  status.room_traffic.add("before", 99);
  CAF_REQUIRE(feed.enter(1, now));
  status.sessions = 2;
  status.rooms = 4;
  status.entries_published += 25;
  status.deliveries += 50;
  for (int i = 0; i < 99; ++i)
    status.commit_time.record(std::chrono::microseconds{10});
  status.delivery_time.record(std::chrono::microseconds{15});
  status.room_traffic.add("gen\"eral", 25);
  static const char* const kind = "callboard.room";
  mailboxes().note(kind, 7);
  CAF_CHECK_EQUAL(after(milliseconds{2000}), 1U);
  CAF_CHECK_EQUAL(
    latest(), "event: sample\ndata: {\"at\":1002000,\"connections\":3,\"sessions\":2,\"rooms\":4,"
              "\"messages_per_s\":12.5,\"deliveries_per_s\":25,\"commit_p50_us\":10,"
              "\"commit_p99_us\":10,\"delivery_p50_us\":15,\"delivery_p99_us\":15,\"mailbox\":7,"
              "\"mailboxes\":[[\"room\",7]],\"busiest\":[[\"gen\\\"eral\",2.3]]}\n\n");
  CAF_CHECK_EQUAL(after(milliseconds{1000}), 2U);
  CAF_CHECK(has(latest(), "\"messages_per_s\":0,\"deliveries_per_s\":0,\"commit_p50_us\":null,"));
  CAF_CHECK(has(latest(), "\"mailboxes\":[[\"room\",7]]")); // For five samples.
  for (int i = 0; i < 4; ++i)
    (void)after(milliseconds{1000});
  CAF_CHECK(has(latest(), "\"mailbox\":0,\"mailboxes\":[]"));
  feed.leave();
}

CAF_TEST(rooms that went quiet leave the list and the busiest come first) {
  CAF_REQUIRE(feed.enter(1, now));
  for (int i = 0; i < 30; ++i)
    status.room_traffic.add("room" + std::to_string(i), 10 + static_cast<std::uint64_t>(i));
  (void)after(milliseconds{1000});
  const auto first = latest();
  CAF_CHECK(has(first, "\"busiest\":[[\"room29\",3.7],[\"room28\",3.6]"));
  CAF_CHECK(has(first, "\"room20\""));
  CAF_CHECK(!has(first, "\"room19\"")); // Ten are enough.
  for (int i = 0; i < 60; ++i)
    (void)after(milliseconds{1000});
  CAF_CHECK(has(latest(), "\"busiest\":[]"));
  feed.leave();
}

CAF_TEST(history keeps five minutes and seconds without a stream are missing) {
  CAF_REQUIRE(feed.enter(1, now));
  CAF_CHECK(has(feed.history(wall), "retry: 2000\nevent: history\ndata: {\"server\":\"callboard "
                                    "1.2.3\",\"every_ms\":1000,\"keep_ms\":300000,\"series\":"
                                    "{\"at\":[],\"connections\":[]"));
  (void)after(milliseconds{1000});
  (void)after(milliseconds{1000});
  CAF_CHECK(has(feed.history(wall), "\"at\":[1001000,1002000],\"connections\":[3,3]"));
  feed.leave();
  (void)after(milliseconds{200000});
  CAF_CHECK(has(feed.history(wall), "\"at\":[1001000,1002000]"));
  CAF_REQUIRE(feed.enter(1, now));
  (void)after(milliseconds{1000});
  CAF_CHECK(has(feed.history(wall), "\"at\":[1001000,1002000,1203000]"));
  (void)after(milliseconds{98500});
  CAF_CHECK(has(feed.history(wall), "\"at\":[1002000,1203000,1301500]"));
  for (int i = 0; i < 400; ++i)
    (void)after(milliseconds{1000});
  const auto full = feed.history(wall);
  const auto from = full.find("\"at\":[");
  const auto column = full.substr(from, full.find(']', from) - from);
  CAF_CHECK_EQUAL(std::count(column.begin(), column.end(), ','), 299);
  feed.leave();
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST_FIXTURE_SCOPE(net_stats_house, house)

CAF_TEST(a stream begins with history and goes on with samples until it is closed) {
  settings.sockets.stats_streams = 1;
  start();
  const std::string get = "GET /stats/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
  {
    raw_client reader{port};
    reader.send(get);
    CAF_CHECK(reader.until("\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
    CAF_CHECK(has(reader.until("\n\n"), "event: history\n"));
    CAF_CHECK(has(reader.until("\n\n"), "event: sample\ndata: {\"at\":"));
    raw_client second{port};
    second.send(get);
    CAF_CHECK(has(second.response(), "HTTP/1.1 503 "));
  }
  CAF_REQUIRE(left_to(0));
  CAF_CHECK(!status.watched);
  CAF_CHECK(status.stats_samples >= 1);
}

CAF_TEST(a stopping server ends its streams) {
  start();
  raw_client reader{port};
  reader.send("GET /stats/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CAF_CHECK(has(reader.until("\r\n\r\n"), "HTTP/1.1 200"));
  CAF_CHECK(runs->drain(patience));
  CAF_CHECK(reader.ends());
  CAF_CHECK(!status.watched);
}

CAF_TEST(a reader that vanishes stops the measuring) {
  start();
  raw_client reader{port};
  reader.send("GET /stats/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CAF_CHECK(has(reader.until("\n\n"), "HTTP/1.1 200"));
  CAF_CHECK(status.watched);
  reader.reset();
  CAF_REQUIRE(left_to(0));
  CAF_CHECK(!status.watched);
}

CAF_TEST(HEAD tells of a stream without opening one) {
  start();
  raw_client client{port};
  client.send("HEAD /stats/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto head = client.response(true);
  CAF_CHECK(has(head, "Content-Type: text/event-stream\r\n"));
  CAF_CHECK(has(head, "Cache-Control: no-store\r\n"));
  CAF_CHECK(!has(head, "Content-Length"));
  CAF_CHECK(client.ends());
  CAF_CHECK(!status.watched);
}

CAF_TEST(figures are refused over the wire as the rules say) {
  settings.files.push_back({"/stats", "text/html; charset=utf-8", "figures"});
  settings.admin_token = token;
  start();
  raw_client client{port};
  const auto ask = [&client](const std::string& line, const std::string& fields) {
    client.send(line + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    return client.response();
  };
  CAF_CHECK(has(ask("GET /stats", ""), "HTTP/1.1 401 "));
  CAF_CHECK(has(ask("GET /stats/events", ""), "HTTP/1.1 401 "));
  CAF_CHECK(has(ask("GET /stats", "Authorization: Bearer " + token + "\r\n"), "figures"));
}

CAF_TEST(what a proxy sends is refused without a token) {
  settings.files.push_back({"/stats", "text/html; charset=utf-8", "figures"});
  start();
  for (const auto* field :
       {"X-Forwarded-For: 1.2.3.4", "forwarded: for=1.2.3.4", "Via: 1.1 x", "X-Real-IP: 1.2.3.4"}) {
    raw_client client{port};
    client.send("GET /stats HTTP/1.1\r\nHost: localhost\r\n" + std::string{field} + "\r\n\r\n");
    CAF_CHECK(has(client.response(), "HTTP/1.1 403 "));
  }
  raw_client client{port};
  client.send("GET /stats HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CAF_CHECK(has(client.response(), "figures"));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace stats_suite
