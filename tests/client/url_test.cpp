// Only what can be dialled as it stands comes through.
#define CAF_SUITE client_url

#include "client/url.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard::client;

namespace url_suite {

namespace {

bool reads(std::string_view text, const endpoint& expected) {
  const auto read = parse_url(text);
  const auto* const where = std::get_if<endpoint>(&read);
  return where != nullptr && *where == expected;
}

std::string refusal(std::string_view text) {
  const auto read = parse_url(text);
  const auto* const bad = std::get_if<bad_url>(&read);
  return bad == nullptr ? std::string{} : bad->expected;
}

} // namespace

CAF_TEST(ws and http mean the same) {
  CAF_CHECK(reads("ws://127.0.0.1:8000/", {"127.0.0.1", "8000", "/"}));
  CAF_CHECK(reads("http://127.0.0.1:8000/", {"127.0.0.1", "8000", "/"}));
  CAF_CHECK(reads("WS://Chat.example.org", {"Chat.example.org", "80", "/"}));
}

CAF_TEST(path and query are kept) {
  CAF_CHECK(reads("ws://a:1/ws", {"a", "1", "/ws"}));
  CAF_CHECK(reads("ws://a:1/x/y?z=1&w", {"a", "1", "/x/y?z=1&w"}));
  CAF_CHECK(reads("ws://a?z", {"a", "80", "/?z"}));
}

CAF_TEST(an IPv6 address stands in brackets) {
  CAF_CHECK(reads("ws://[::1]:8000/", {"::1", "8000", "/"}));
  CAF_CHECK(reads("ws://[2001:db8::1]", {"2001:db8::1", "80", "/"}));
  CAF_CHECK_EQUAL(authority({"::1", "8000", "/"}), "[::1]:8000");
  CAF_CHECK_EQUAL(authority({"a", "80", "/"}), "a:80");
  CAF_CHECK(!refusal("ws://[::1").empty());
  CAF_CHECK(!refusal("ws://[evil.example]/").empty());
  CAF_CHECK(!refusal("ws://[::1]x").empty());
}

CAF_TEST(TLS is refused with the reason) {
  CAF_CHECK(refusal("wss://a/").find("TLS is not built in yet") != std::string::npos);
  CAF_CHECK(refusal("HTTPS://a/").find("TLS is not built in yet") != std::string::npos);
}

CAF_TEST(what could not be dialled or would write into the request is refused) {
  for (const auto* const text :
       {"", "a", "localhost:8000", "ftp://a/", "ws://", "ws:///x", "ws://:80/", "ws://a:/",
        "ws://a:0/", "ws://a:65536/", "ws://a:8o/", "ws://a:1:2/", "ws://user:secret@a/",
        "ws://a/#b", "ws://a/ b", "ws://a/\r\nX-Evil: 1", "ws://a/\x7f", "ws://\xC3\xA4/"})
    CAF_CHECK(!refusal(text).empty());
}

} // namespace url_suite
