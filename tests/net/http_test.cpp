// HTTP beside the WebSocket: routes, refusals, deadlines, and the upgrade's conditions.
#define CAF_SUITE net_http
#include "net/http_routes.hpp"
#include "tests/net/house.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::test;

namespace http_suite {

namespace {

std::string ask(raw_client& client, const std::string& line, const std::string& fields = {},
                bool head_only = false) {
  client.send(line + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
  return client.response(head_only);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct running : house {
  running() {
    settings.files.push_back({"/assets/a.1.js", "text/javascript; charset=utf-8", "as it stands",
                              true, "in gzip", "in brotli"});
    start();
  }
};

/// What a request gets that is sent as it stands on a connection of its own.
std::string raw(std::uint16_t port, const std::string& request) {
  raw_client client{port};
  client.send(request);
  return client.response();
}

/// The status of an upgrade with this Origin, for a server asked as `host`.
unsigned with_origin(std::string_view origin, std::string_view host,
                     std::vector<std::string> allowed = {"https://good.example"}) {
  server_settings settings;
  settings.allowed_origins = std::move(allowed);
  upgrade_question question;
  question.target = "/ws";
  question.host = host;
  question.origin = origin;
  question.protocols = "callboard.v1";
  question.version = "13";
  question.key = "dGhlIHNhbXBsZSBub25jZQ==";
  const auto decision = admit(question, settings);
  const auto* refusal = std::get_if<http_answer>(&decision);
  return refusal ? refusal->status : 101;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(net_http_tests, running)

CAF_TEST(the page comes with a strict policy and a tag that saves its bytes) {
  raw_client client{port};
  const auto page = ask(client, "GET /");
  CAF_CHECK(has(page, "HTTP/1.1 200 OK\r\n"));
  CAF_CHECK(has(page, "<title>callboard</title>"));
  CAF_CHECK(has(page, "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src "
                      "'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action "
                      "'self'; frame-ancestors 'none'; object-src 'none'; "
                      "require-trusted-types-for 'script'; trusted-types 'none'\r\n"));
  CAF_CHECK(has(page, "Cross-Origin-Opener-Policy: same-origin\r\n"));
  CAF_CHECK(has(page, "Cross-Origin-Resource-Policy: same-origin\r\n"));
  CAF_CHECK(has(page, "Cache-Control: no-cache\r\n"));
  CAF_CHECK(has(page, "X-Content-Type-Options: nosniff\r\n"));
  CAF_CHECK(has(page, "Referrer-Policy: no-referrer\r\n"));
  CAF_CHECK(has(page, "Content-Type: text/html; charset=utf-8\r\n"));
  const auto from = page.find("ETag: ") + 6;
  const auto tag = page.substr(from, page.find("\r\n", from) - from);
  const auto again = ask(client, "GET /?x=1", "If-None-Match: \"other\", " + tag + "\r\n", true);
  CAF_CHECK(has(again, "HTTP/1.1 304 Not Modified\r\n"));
  CAF_CHECK(!has(again, "Content-Length"));
  CAF_CHECK(has(ask(client, "GET /", "If-None-Match: \"other\"\r\n"), "200 OK"));
}

CAF_TEST(a file comes in the form that the client takes) {
  raw_client client{port};
  const auto brotli = ask(client, "GET /assets/a.1.js", "Accept-Encoding: gzip, br\r\n");
  CAF_CHECK(has(brotli, "\r\n\r\nin brotli"));
  CAF_CHECK(has(brotli, "Content-Encoding: br\r\n"));
  CAF_CHECK(has(brotli, "Content-Length: 9\r\n"));
  CAF_CHECK(has(brotli, "Vary: Accept-Encoding\r\n"));
  CAF_CHECK(has(brotli, "Content-Type: text/javascript; charset=utf-8\r\n"));
  CAF_CHECK(has(brotli, "Cache-Control: public, max-age=31536000, immutable\r\n"));
  const auto gzip =
    ask(client, "GET /assets/a.1.js", "Accept-Encoding: br;q=0\r\nAccept-Encoding: gzip\r\n");
  CAF_CHECK(has(gzip, "\r\n\r\nin gzip"));
  CAF_CHECK(has(gzip, "Content-Encoding: gzip\r\n"));
  const auto plain = ask(client, "GET /assets/a.1.js");
  CAF_CHECK(has(plain, "\r\n\r\nas it stands"));
  CAF_CHECK(!has(plain, "Content-Encoding"));
  CAF_CHECK(has(plain, "Vary: Accept-Encoding\r\n"));
  const auto none = ask(client, "GET /assets/a.1.js", "Accept-Encoding: zstd, *;q=0\r\n");
  CAF_CHECK(has(none, "HTTP/1.1 406 "));
  const auto head = ask(client, "HEAD /assets/a.1.js", "Accept-Encoding: br\r\n", true);
  CAF_CHECK(has(head, "Content-Length: 9\r\n"));
  CAF_CHECK(has(head, "Content-Encoding: br\r\n"));
  CAF_CHECK(!has(ask(client, "GET /"), "Vary")); // It has one form only.
}

CAF_TEST(a tag stands for one form of a file and not for another) {
  raw_client client{port};
  const auto first = ask(client, "GET /assets/a.1.js", "Accept-Encoding: br\r\n");
  const auto from = first.find("ETag: ") + 6;
  const auto tag = first.substr(from, first.find("\r\n", from) - from);
  CAF_CHECK(tag.starts_with('"'));
  const auto same =
    ask(client, "GET /assets/a.1.js",
        "Accept-Encoding: br\r\nIf-None-Match: \"x\"\r\nIf-None-Match: " + tag + "\r\n", true);
  CAF_CHECK(has(same, "HTTP/1.1 304 "));
  CAF_CHECK(has(same, "ETag: " + tag + "\r\n"));
  CAF_CHECK(has(same, "Vary: Accept-Encoding\r\n"));
  CAF_CHECK(has(same, "immutable"));
  CAF_CHECK(!has(same, "\r\nContent-Type: "));
  const auto other = "Accept-Encoding: gzip\r\nIf-None-Match: " + tag + "\r\n";
  CAF_CHECK(has(ask(client, "GET /assets/a.1.js", other), " 200 OK"));
}

CAF_TEST(HEAD says what GET would send and sends none of it) {
  raw_client client{port};
  const auto head = ask(client, "HEAD /", {}, true);
  CAF_CHECK(has(head, "Content-Length: 39\r\n"));
  CAF_CHECK(has(ask(client, "GET /healthz"), "200 OK")); // No body lies between the two.
}

CAF_TEST(health and readiness are told apart) {
  raw_client client{port};
  CAF_CHECK(has(ask(client, "GET /healthz"), "\r\n\r\nok\n"));
  CAF_CHECK(has(ask(client, "GET /readyz"), "HTTP/1.1 503 "));
  status.store_ready = true;
  CAF_CHECK(has(ask(client, "GET /readyz"), "HTTP/1.1 200 "));
}

CAF_TEST(metrics tell every figure with help and type) {
  status.posts_stored = 17;
  raw_client client{port};
  const auto text = ask(client, "GET /metrics");
  CAF_CHECK(has(text, "# HELP callboard_posts_stored_total "));
  CAF_CHECK(has(text, "# TYPE callboard_posts_stored_total counter\n"));
  CAF_CHECK(has(text, "\ncallboard_posts_stored_total 17\n"));
  CAF_CHECK(has(text, "\ncallboard_connections 1\n"));
}

CAF_TEST(unknown paths and methods are refused by name) {
  raw_client client{port};
  CAF_CHECK(has(ask(client, "GET /../etc/passwd"), "HTTP/1.1 404 "));
  CAF_CHECK(has(ask(client, "GET /%2e%2e/x"), "HTTP/1.1 404 "));
  const auto refusal = ask(client, "DELETE /");
  CAF_CHECK(has(refusal, "HTTP/1.1 405 "));
  CAF_CHECK(has(refusal, "Allow: GET, HEAD\r\n"));
}

CAF_TEST(pipelined requests are answered one after another) {
  raw_client client{port};
  std::string both;
  for (int i = 0; i < 50; ++i)
    both +=
      i % 2 == 0 ? "GET / HTTP/1.1\r\nHost: a\r\n\r\n" : "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
  client.send(both);
  for (int i = 0; i < 50; ++i)
    CAF_CHECK(has(client.response(), i % 2 == 0 ? "<title>" : "\r\n\r\nok\n"));
}

CAF_TEST(a small body is read past and a long one is refused) {
  raw_client client{port};
  client.send("GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  CAF_CHECK(has(client.response(), "200 OK"));
  CAF_CHECK(has(ask(client, "GET /", "Content-Length: 100000\r\n"), "HTTP/1.1 413 "));
  CAF_CHECK(client.ends());
}

CAF_TEST(what two servers could read differently is refused) {
  const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
  const auto status = [this](const std::string& request) {
    return raw(port, request).substr(9, 3);
  };
  CAF_CHECK_EQUAL(status(get + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "501");
  CAF_CHECK_EQUAL(status(get + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
                  "400");
  CAF_CHECK_EQUAL(status(get + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                  "400");
  CAF_CHECK_EQUAL(status(get + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"), "400");
  CAF_CHECK_EQUAL(status(get + "Host: b\r\n\r\n"), "400");
  CAF_CHECK_EQUAL(status("GET / HTTP/1.1\r\n\r\n"), "400");
  CAF_CHECK_EQUAL(status("GET / HTTP/1.0\r\n\r\n"), "200");
  CAF_CHECK_EQUAL(status("GET / HTTP/1.2\r\nHost: localhost\r\n\r\n"), "400");
  CAF_CHECK_EQUAL(status("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"), "400");
  CAF_CHECK_EQUAL(status("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), "405");
  CAF_CHECK_EQUAL(status("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), "405");
  CAF_CHECK_EQUAL(status("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"), "400");
  CAF_CHECK_EQUAL(status("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "400");
  CAF_CHECK_EQUAL(status("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), "400");
  CAF_CHECK_EQUAL(status(std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11}), "400");
  CAF_CHECK_EQUAL(
    status("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(100000, ' ') + "\r\n\r\n"), "431");
  std::string many = get;
  for (int i = 0; i < 2000; ++i)
    many += "A: b\r\n";
  CAF_CHECK_EQUAL(status(many + "\r\n"), "431");
  CAF_CHECK_EQUAL(raw(port, get + "\r\n").substr(9, 3), "200"); // And the server lives.
}

CAF_TEST(both dialects are upgraded and a known subprotocol is named) {
  raw_client v1{port};
  const auto answer = v1.upgrade("Sec-WebSocket-Protocol: chat, callboard.v1\r\n");
  CAF_CHECK(has(answer, "HTTP/1.1 101 "));
  CAF_CHECK(has(answer, "Sec-WebSocket-Protocol: callboard.v1\r\n"));
  CAF_CHECK(has(answer, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")); // RFC 6455 section 1.3
  CAF_CHECK(!has(answer, "Sec-WebSocket-Extensions"));
  CAF_CHECK(door.session(0)->speaks == dialect::v1);
  raw_client lines{port};
  const auto twice = lines.upgrade(
    "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: callboard.v1\r\n", "/ws");
  CAF_CHECK(has(twice, "HTTP/1.1 101 "));
  CAF_CHECK(door.session(1)->speaks == dialect::v1);
  raw_client go{port};
  const auto plain = go.upgrade("Sec-WebSocket-Extensions: permessage-deflate\r\n");
  CAF_CHECK(has(plain, "HTTP/1.1 101 "));
  CAF_CHECK(!has(plain, "Sec-WebSocket-Protocol"));
  CAF_CHECK(!has(plain, "Sec-WebSocket-Extensions"));
  CAF_CHECK(door.session(2)->speaks == dialect::go_chat);
}

CAF_TEST(an upgrade that cannot be served is refused in words) {
  const auto refused = [this](std::string_view fields, std::string_view target = "/") {
    raw_client client{port};
    auto answer = client.upgrade(fields, target);
    CAF_CHECK(client.ends());
    return answer;
  };
  const auto unknown = refused("Sec-WebSocket-Protocol: callboard.v9\r\n");
  CAF_CHECK(has(unknown, "HTTP/1.1 400 "));
  CAF_CHECK(has(unknown, "callboard.v1"));
  CAF_CHECK(has(refused("Sec-WebSocket-Protocol: \r\n"), "HTTP/1.1 400 "));
  CAF_CHECK(has(refused("", "/chat"), "HTTP/1.1 404 "));
  CAF_CHECK(has(refused("Origin: https://evil.example\r\n"), "HTTP/1.1 403 "));
  const std::string get =
    "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n";
  CAF_CHECK(has(raw(port, get
                            + "Sec-WebSocket-Version: 12\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
                "Sec-WebSocket-Version: 13\r\n"));
  CAF_CHECK(has(raw(port, get + "Sec-WebSocket-Version: 13\r\n\r\n"), "HTTP/1.1 400 "));
  CAF_CHECK(has(raw(port, get + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n"),
                "HTTP/1.1 400 "));
  CAF_CHECK_EQUAL(door.opened(), 0U);
}

CAF_TEST(bytes behind an upgrade request are refused instead of lost) {
  const auto answer =
    raw(port, "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                + masked(0x81, "early"));
  CAF_CHECK(has(answer, "HTTP/1.1 400 "));
  CAF_CHECK_EQUAL(door.opened(), 0U);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST_FIXTURE_SCOPE(net_http_settings, house)

CAF_TEST(an origin must be that of the server or be listed) {
  CAF_CHECK_EQUAL(with_origin("http://chat.example:8000", "chat.example:8000"), 101U);
  CAF_CHECK_EQUAL(with_origin("https://chat.example", "chat.example"), 101U);
  CAF_CHECK_EQUAL(with_origin("https://good.example", "chat.example"), 101U);
  CAF_CHECK_EQUAL(with_origin("https://good.example.evil.com", "chat.example"), 403U);
  CAF_CHECK_EQUAL(with_origin("https://evil-good.example", "chat.example"), 403U);
  CAF_CHECK_EQUAL(with_origin("https://good.example:444", "chat.example"), 403U);
  CAF_CHECK_EQUAL(with_origin("http://good.example", "chat.example"), 403U);
  CAF_CHECK_EQUAL(with_origin("null", "chat.example"), 403U);
  CAF_CHECK_EQUAL(with_origin("", "chat.example"), 403U);
  CAF_CHECK_EQUAL(with_origin("http://", ""), 403U);
  CAF_CHECK_EQUAL(with_origin("ftp://chat.example", "chat.example"), 403U);
  CAF_CHECK_EQUAL(with_origin("https://any.example", "chat.example", {"*"}), 101U);
  CAF_CHECK_EQUAL(with_origin("null", "chat.example", {"*"}), 101U);
  CAF_CHECK_EQUAL(with_origin("*", "chat.example", {}), 403U);
}

CAF_TEST(a request that drips is cut off by its total time) {
  settings.sockets.http_within = std::chrono::milliseconds{300};
  start();
  raw_client silent{port};
  raw_client slow{port};
  const auto from = std::chrono::steady_clock::now();
  slow.send("GET / HTTP/1.1\r\nHost: a\r\nX-Never: ");
  CAF_CHECK(slow.ends());
  CAF_CHECK(silent.ends());
  const auto took = std::chrono::steady_clock::now() - from;
  CAF_CHECK(took >= std::chrono::milliseconds{250});
  CAF_CHECK(took < std::chrono::seconds{3});
}

CAF_TEST(a connection kept alive is closed when it idles) {
  settings.sockets.http_idle = std::chrono::milliseconds{300};
  start();
  raw_client client{port};
  CAF_CHECK(has(ask(client, "GET /healthz"), "200 OK"));
  CAF_CHECK(client.ends(std::chrono::milliseconds{3000}));
}

CAF_TEST(beyond the limit of connections clients are told so) {
  settings.bounds.connections = 2;
  start();
  raw_client first{port};
  CAF_CHECK(has(first.upgrade(), " 101 "));
  raw_client second{port};
  CAF_CHECK(has(ask(second, "GET /healthz"), "200 OK"));
  raw_client third{port};
  CAF_CHECK(has(third.upgrade(), "HTTP/1.1 503 "));
  CAF_CHECK(third.ends());
  first.reset();
  CAF_REQUIRE(left_to(2)); // The second, and the third that holds on to its refusal.
  raw_client fourth{port};
  CAF_CHECK(has(fourth.upgrade(), " 101 "));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace http_suite
