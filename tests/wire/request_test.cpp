// Requests: what is read, and which complaint answers what cannot be.
#define CAF_SUITE request

#include "wire/codec.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

using namespace callboard;
using namespace callboard::wire;
using namespace std::string_literals;

namespace request_suite {

namespace {

/// The body of a frame that is a request of that kind.
template <class Body>
Body read(std::string_view text) {
  const auto found = parse_request(text);
  const auto* const good = std::get_if<request>(&found);
  if (good == nullptr || !std::holds_alternative<Body>(good->body)) {
    CAF_ERROR("not read: " << std::string{text});
    return {};
  }
  return std::get<Body>(good->body);
}

bad_request refused(std::string_view text) {
  const auto found = parse_request(text);
  if (const auto* const bad = std::get_if<bad_request>(&found)) {
    CAF_CHECK(bad->why.code == errc::bad_frame);
    CAF_CHECK(!bad->why.text.empty());
    return *bad;
  }
  CAF_ERROR("taken for good: " << std::string{text});
  return {};
}

std::string complaint(std::string_view text) {
  return refused(text).why.text;
}

} // namespace

CAF_TEST(a name or a token says hello and never both or neither) {
  CAF_CHECK(read<hello>(R"({"type":"hello","name":"Ada"})") == (hello{"Ada", {}}));
  CAF_CHECK(read<hello>(R"({"type":"hello","token":"t"})") == (hello{{}, "t"}));
  const std::string expected = R"(Say hello with exactly one of "name" and "token".)";
  CAF_CHECK_EQUAL(complaint(R"({"type":"hello"})"), expected);
  CAF_CHECK_EQUAL(complaint(R"({"type":"hello","name":"Ada","token":"t"})"), expected);
}

CAF_TEST(a claim goes with a name and is no word that somebody could guess) {
  const auto with = [](const std::string& claim) {
    return R"({"type":"hello","name":"Ada","claim":")" + claim + R"("})";
  };
  const std::string shortest(16, 'x');
  CAF_CHECK(read<hello>(with(shortest)) == (hello{"Ada", {}, shortest}));
  CAF_CHECK(read<hello>(with(std::string(64, '-'))).claim == std::string(64, '-'));
  const std::string expected =
    R"(The field "claim" goes with "name" and must have 16 to 64 characters of A-Z, a-z, 0-9, _ and -.)";
  for (const auto& bad : {""s, std::string(15, 'x'), std::string(65, 'x'), "0123456789abcde!"s})
    CAF_CHECK_EQUAL(complaint(with(bad)), expected);
  CAF_CHECK_EQUAL(complaint(R"({"type":"hello","token":"t","claim":"0123456789abcdef"})"),
                  expected);
  CAF_CHECK_NOT_EQUAL(complaint(R"({"type":"hello","name":"Ada","claim":7})"), expected);
}

CAF_TEST(a join asks for the last fifty when it asks for nothing) {
  CAF_CHECK(read<join>(R"({"type":"join","room":"r"})") == (join{"r", {}, "", 50}));
  CAF_CHECK(read<join>(R"({"type":"join","room":"r","last":0})") == (join{"r", {}, "", 0}));
  CAF_CHECK(read<join>(R"({"type":"join","room":"r","last":500})") == (join{"r", {}, "", 500}));
  CAF_CHECK(read<join>(R"({"type":"join","room":"r","after":7,"epoch":"e"})")
            == (join{"r", 7, "e", 50}));
}

CAF_TEST(a join that says two things or half a thing is refused) {
  complaint(R"({"type":"join","room":"r","after":7})");
  complaint(R"({"type":"join","room":"r","epoch":"e"})");
  complaint(R"({"type":"join","room":"r","after":7,"epoch":"e","last":5})");
  CAF_CHECK_EQUAL(complaint(R"({"type":"join","room":"r","last":501})"),
                  R"(The field "last" must be an integer from 0 to 500, not 501.)");
  CAF_CHECK_EQUAL(complaint(R"({"type":"join","last":5})"),
                  R"(The field "room" must be a string, but is missing.)");
}

CAF_TEST(positions are whole numbers up to what JavaScript counts exactly) {
  CAF_CHECK(read<join>(R"({"type":"join","room":"r","after":9007199254740991,"epoch":"e"})").after
            == highest_seq);
  for (const auto* wrong :
       {"9007199254740992", "18446744073709551615", "18446744073709551616", "-1", "1.5", "5.0",
        "1e2", "1e999999", "-1e999999", "\"7\"", "true", "null", "[7]", "{}"}) {
    const auto text = complaint(R"({"type":"join","room":"r","epoch":"e","after":)"s + wrong + "}");
    CAF_CHECK(text.find("\"after\"") != std::string::npos);
  }
  CAF_CHECK_EQUAL(complaint(R"({"type":"join","room":"r","epoch":"e","after":-1})"),
                  "The field \"after\" must be an integer from 0 to 9007199254740991, not a number "
                  "that is negative, broken or too large.");
  CAF_CHECK(read<history>(R"({"type":"history","room":"r","before":-0})").before == seq_t{0});
}

CAF_TEST(a post has room id and text) {
  CAF_CHECK(read<post>(R"({"type":"post","room":"r","id":"i","text":"t"})")
            == (post{"r", "i", "t"}));
  for (const auto* field : {"room", "id", "text"}) {
    auto text = R"({"type":"post","room":"r","id":"i","text":"t"})"s;
    text.replace(text.find("\""s + field), 1, "\"x");
    CAF_CHECK_EQUAL(complaint(text),
                    "The field \""s + field + "\" must be a string, but is missing.");
  }
}

CAF_TEST(ids outside their alphabet or length are refused) {
  const auto with_id = [](const std::string& id) {
    return R"({"type":"post","room":"r","text":"t","id":")" + id + "\"}";
  };
  CAF_CHECK(read<post>(with_id(std::string(64, 'a'))).id.size() == 64);
  for (const auto& id : {""s, std::string(65, 'a'), "a b"s, "ü"s, "a\\u0000"s})
    CAF_CHECK(complaint(with_id(id)).find("\"id\"") != std::string::npos);
}

CAF_TEST(NUL comes through so that validation can name it) {
  CAF_CHECK_EQUAL(read<post>(R"({"type":"post","room":"r","id":"i","text":"a\u0000b"})").text,
                  "a\0b"s);
  CAF_CHECK_EQUAL(read<leave>(R"({"type":"leave","room":"\u0000"})").room, "\0"s);
  CAF_CHECK(read<hello>(R"({"type":"hello","name":"A\u0000"})").name == "A\0"s);
}

CAF_TEST(escapes mean what JSON says they mean) {
  CAF_CHECK_EQUAL(
    read<leave>(R"({"type":"leave","room":"\"\\\/\b\f\n\r\t\u00e4\ud83d\udd11"})").room,
    "\"\\/\b\f\n\r\tä🔑");
}

CAF_TEST(half a surrogate pair is refused) {
  for (const auto* half :
       {R"(\ud83d)", R"(\udd11)", R"(\ud83dx)", R"(\ud83d\u0041)", R"(\udd11\ud83d)"})
    complaint(R"({"type":"leave","room":")"s + half + "\"}");
}

CAF_TEST(history goes one way and its limit is clamped) {
  CAF_CHECK(read<history>(R"({"type":"history","room":"r","before":9})")
            == (history{"r", 9, {}, 50}));
  CAF_CHECK(read<history>(R"({"type":"history","room":"r","after":9,"limit":1})")
            == (history{"r", {}, 9, 1}));
  CAF_CHECK_EQUAL(read<history>(R"({"type":"history","room":"r","after":0,"limit":501})").limit,
                  500u);
  CAF_CHECK_EQUAL(
    read<history>(R"({"type":"history","room":"r","after":0,"limit":9007199254740991})").limit,
    500u);
  complaint(R"({"type":"history","room":"r"})");
  complaint(R"({"type":"history","room":"r","before":9,"after":1})");
  complaint(R"({"type":"history","room":"r","before":9,"limit":0})");
}

CAF_TEST(rooms are asked for with or without a prefix) {
  CAF_CHECK(read<rooms>(R"({"type":"rooms"})") == (rooms{"", 100}));
  CAF_CHECK(read<rooms>(R"({"type":"rooms","prefix":"g","limit":1000})") == (rooms{"g", 500}));
  complaint(R"({"type":"rooms","limit":0})");
  complaint(R"({"type":"rooms","prefix":1})");
}

CAF_TEST(a ref is echoed and bounded) {
  const auto found = parse_request(R"({"type":"ping","ref":"17"})");
  CAF_CHECK(std::get<request>(found) == (request{"17", ping{}}));
  const auto longest = "\"" + std::string(62, 'x') + "ß漢\"";
  CAF_CHECK(
    std::holds_alternative<request>(parse_request(R"({"type":"ping","ref":)" + longest + "}")));
  const auto bad = refused(R"({"type":"ping","ref":")" + std::string(65, 'x') + "\"}");
  CAF_CHECK_EQUAL(bad.ref, "");
  CAF_CHECK_EQUAL(bad.why.text, R"(The field "ref" must have at most 64 characters.)");
  CAF_CHECK_EQUAL(complaint(R"({"type":"ping","ref":17})"),
                  R"(The field "ref" must be a string, not an integer.)");
}

CAF_TEST(what failed is named as far as it could be read) {
  const auto bad = refused(R"({"type":"post","ref":"9","room":"general","id":"abc","text":7})");
  CAF_CHECK_EQUAL(bad.ref, "9");
  CAF_CHECK_EQUAL(bad.why.room, "general");
  CAF_CHECK_EQUAL(bad.why.id, "abc");
  CAF_CHECK_EQUAL(bad.why.text, R"(The field "text" must be a string, not an integer.)");
  const auto worse = refused(R"({"type":"post","room":7,"id":"no id","text":"t"})");
  CAF_CHECK(worse.why.room.empty() && worse.why.id.empty());
  CAF_CHECK(refused(R"({"type":"post","room":")" + std::string(257, 'r') + "\"}").why.room.empty());
}

CAF_TEST(a type that is unknown or missing or no string is named) {
  CAF_CHECK_EQUAL(complaint(R"({"type":"shout"})"), R"(There is no request of type "shout".)");
  CAF_CHECK_EQUAL(complaint(R"({"type":"Ping"})"), R"(There is no request of type "Ping".)");
  CAF_CHECK_EQUAL(complaint("{}"), R"(The field "type" must be a string, but is missing.)");
  CAF_CHECK_EQUAL(complaint(R"({"type":7})"),
                  R"(The field "type" must be a string, not an integer.)");
  CAF_CHECK_EQUAL(complaint(R"({"type":"a\"\u0000\u001bü"})"),
                  R"(There is no request of type "a?????".)");
  CAF_CHECK_EQUAL(complaint(R"({"type":")" + std::string(1000, 'x') + "\"}").size(),
                  "There is no request of type \"\"."s.size() + 40);
}

CAF_TEST(what is no object is no frame) {
  for (const auto* text : {"[]", "7", "\"ping\"", "null", "true", "[{\"type\":\"ping\"}]"})
    CAF_CHECK(complaint(text).starts_with("A frame is a JSON object, not "));
}

CAF_TEST(what is not JSON is no frame) {
  for (const auto& text :
       {""s, " "s, "ping"s, "{"s, "{\"type\":\"ping\"}}"s, "{\"type\":\"ping\"} x"s,
        "{\"type\":\"ping\",}"s, "{'type':'ping'}"s, "{\"type\":\"ping\"}\0"s,
        "{\"type\":\"ping\"}\0x"s, "\xEF\xBB\xBF{\"type\":\"ping\"}"s, "{\"type\":\"ping\"/**/}"s,
        "{\"type\":\"ping\",\"x\":NaN}"s, "{\"type\":\"ping\",\"x\":Infinity}"s,
        "{\"type\":\"ping\",\"x\":01}"s, "{\"type\":\"pi\nng\"}"s, "{\"type\":\"\xFF\"}"s,
        "{\"type\":\"\xC0\x80\"}"s, "{\"type\":\"\xED\xA0\x80\"}"s})
    CAF_CHECK(complaint(text).starts_with("This is not JSON"));
}

CAF_TEST(white space around a frame is none of its business) {
  read<ping>(" \n\t{ \"type\" : \"ping\" } \r\n");
}

CAF_TEST(unknown fields are ignored whatever they hold) {
  read<ping>(
    R"({"x":null,"type":"ping","y":{"type":"post","z":[1,{"ref":7}]},"w":-1.5e3,"token":7})");
}

CAF_TEST(of two fields with one name the last counts) {
  CAF_CHECK_EQUAL(read<leave>(R"({"type":"ping","room":"a","type":"leave","room":"b"})").room, "b");
  complaint(R"({"type":"leave","room":"a","room":7})");
}

} // namespace request_suite
