// What a client reads: also from a server that is newer than it.
#define CAF_SUITE answer

#include "wire/codec.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

using namespace callboard;
using namespace callboard::wire;
using namespace std::string_literals;

namespace answer_suite {

namespace {

template <class Body>
Body read(std::string_view text) {
  const auto found = parse_answer(text);
  const auto* const good = std::get_if<answer>(&found);
  if (good == nullptr || !std::holds_alternative<Body>(good->body)) {
    CAF_ERROR("not read: " << std::string{text});
    return {};
  }
  return std::get<Body>(good->body);
}

bool ignored(std::string_view text) {
  return std::holds_alternative<std::monostate>(parse_answer(text));
}

const auto good_message =
  R"({"type":"message","room":"r","seq":7,"id":"i","from":"Ada","author":"a1","text":"t","at":"1970-01-01T00:00:00.007Z"})"s;

} // namespace

CAF_TEST(a message is an entry of its room) {
  const auto found = read<message>(good_message);
  CAF_CHECK_EQUAL(found.room, "r");
  CAF_CHECK(found.what == (entry{7, {"a1", "Ada"}, "i", "t", 7, entry_kind::message}));
}

CAF_TEST(texts come back as they were whatever they hold) {
  std::string text;
  for (int c = 0; c < 128; ++c)
    text += static_cast<char>(c);
  text += "ß漢🔑\u2028\u0085";
  const entry sent{1, {text, text}, text, text, 0};
  CAF_CHECK(read<message>(encode({{}, message{text, sent}})).what == sent);
}

CAF_TEST(entries of an unknown type count) {
  const auto page = read<history_page>(
    R"({"type":"history","room":"r","entries":[{"type":"edit","room":"r","seq":6,"what":{}},)"
    + good_message + R"(],"more":false})");
  CAF_REQUIRE_EQUAL(page.entries.size(), 2u);
  CAF_CHECK_EQUAL(page.entries[0].seq, 6u);
  CAF_CHECK(page.entries[0].kind == entry_kind::unknown);
  CAF_CHECK(page.entries[1].kind == entry_kind::message);
}

CAF_TEST(a live entry of an unknown type counts) {
  const auto found = read<message>(R"({"type":"topic","room":"r","seq":8,"topic":"keys"})");
  CAF_CHECK_EQUAL(found.room, "r");
  CAF_CHECK_EQUAL(found.what.seq, 8u);
  CAF_CHECK(found.what.kind == entry_kind::unknown);
}

CAF_TEST(other unknown frames are ignored) {
  CAF_CHECK(ignored(R"({"type":"weather","room":"r"})"));
  CAF_CHECK(ignored(R"({"type":"weather","seq":8})"));
  CAF_CHECK(ignored(R"({"type":"weather","room":"r","seq":0})"));
  CAF_CHECK(ignored(R"({"room":"r","seq":8})"));
}

CAF_TEST(malformed frames are ignored) {
  for (const auto& text : {""s, "{"s, "[]"s, "7"s, R"({"type":7})"s, R"({"type":"left"})"s,
                           R"({"type":"left","room":7})"s, R"({"type":"pong","ref":7})"s,
                           R"({"type":"history","room":"r","entries":{},"more":false})"s,
                           R"({"type":"history","room":"r","entries":[7],"more":false})"s,
                           R"({"type":"history","room":"r","entries":[{"type":"edit"}]})"s,
                           R"({"type":"posted","room":"r","id":"i","seq":-1,"at":"x"})"s,
                           R"({"type":"who","room":"r","names":[7],"members":1})"s,
                           R"({"type":"rooms","rooms":[{"head":1}]})"s,
                           R"({"type":"welcome","user":{"id":"a"},"token":"t","limits":{}})"s})
    CAF_CHECK(ignored(text));
  for (const auto* field : {"room", "seq", "id", "from", "author", "text", "at"}) {
    auto text = good_message;
    text.replace(text.find("\""s + field), 1, "\"x");
    CAF_CHECK(ignored(text));
  }
}

CAF_TEST(unknown fields of answers are ignored) {
  CAF_CHECK_EQUAL(read<left>(R"({"type":"left","room":"r","x":[[[{"deep":1}]]],"y":null})").room,
                  "r");
}

CAF_TEST(limits that a server does not name keep their defaults) {
  const auto found = read<welcome>(
    R"({"type":"welcome","user":{"id":"a","name":"Ada"},"token":"t","limits":{"text_bytes":100,"new":7}})");
  CAF_CHECK_EQUAL(found.bounds.text_bytes, 100u);
  CAF_CHECK_EQUAL(found.bounds.page, limits{}.page);
  CAF_CHECK_EQUAL(found.heartbeat_s, 25);
}

CAF_TEST(an error code of a newer server is one that is not repeated) {
  const auto found = read<wire::error>(R"({"type":"error","code":"moon","message":"No."})");
  CAF_CHECK(found.code == errc::internal);
  CAF_CHECK_EQUAL(found.text, "No.");
  CAF_CHECK(!found.retry_after_ms);
}

CAF_TEST(every error code is read back) {
  for (std::size_t i = 1; i <= errc_count; ++i) {
    wire::error sent;
    sent.code = static_cast<errc>(i);
    sent.retry_after_ms = 5;
    const auto found = read<wire::error>(encode({"7", sent}));
    CAF_CHECK(found.code == sent.code);
    CAF_CHECK_EQUAL(found.text, std::string{describe(sent.code).sentence});
    CAF_CHECK(found.retry_after_ms == 5);
  }
}

CAF_TEST(a full page is read) {
  joined page{"r", "e", 1, 500};
  for (seq_t seq = 1; seq <= 500; ++seq)
    page.entries.push_back({seq, {"a", "Ada"}, std::to_string(seq), std::string(500, 'x'), 0});
  const auto found = read<joined>(encode({{}, page}));
  CAF_CHECK(found.entries == page.entries);
}

} // namespace answer_suite
