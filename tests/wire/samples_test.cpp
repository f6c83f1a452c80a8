// The frames that docs/protocol.md shows are the frames that the codec reads and writes, byte for
// byte.
#define CAF_SUITE samples

#include "tests/wire/docs.hpp"
#include "wire/codec.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::wire;

namespace samples_suite {

CAF_TEST(every sample of a client is a request and is written as it was read) {
  std::set<std::size_t> kinds;
  for (const auto& [name, text] : docs::samples("client-")) {
    CAF_MESSAGE(name);
    const auto found = parse_request(text);
    CAF_REQUIRE(std::holds_alternative<request>(found));
    CAF_CHECK_EQUAL(encode(std::get<request>(found)), text);
    kinds.insert(std::get<request>(found).body.index());
  }
  CAF_CHECK_EQUAL(kinds.size(), std::variant_size_v<request_body>);
}

CAF_TEST(every sample of a server is an answer and is written as it was read) {
  std::set<std::size_t> kinds;
  for (const auto& [name, text] : docs::samples("server-")) {
    CAF_MESSAGE(name);
    const auto found = parse_answer(text);
    CAF_REQUIRE(std::holds_alternative<answer>(found));
    CAF_CHECK_EQUAL(encode(std::get<answer>(found)), text);
    kinds.insert(std::get<answer>(found).body.index());
  }
  CAF_CHECK_EQUAL(kinds.size(), std::variant_size_v<answer_body>);
}

CAF_TEST(pages from encoded entries are the pages from entries) {
  for (const auto& [name, text] : docs::samples("server-")) {
    const auto found = parse_answer(text);
    const auto& frame = std::get<answer>(found);
    std::vector<std::string> encoded;
    const auto encode_entries = [&encoded](const std::string& room, const auto& entries) {
      for (const auto& e : entries)
        append_message(encoded.emplace_back(), room, e);
      return std::vector<std::string_view>{encoded.begin(), encoded.end()};
    };
    if (const auto* const page = std::get_if<joined>(&frame.body))
      CAF_CHECK_EQUAL(encode_joined(frame.ref, *page, encode_entries(page->room, page->entries)),
                      text);
    if (const auto* const page = std::get_if<history_page>(&frame.body))
      CAF_CHECK_EQUAL(encode_history(frame.ref, *page, encode_entries(page->room, page->entries)),
                      text);
  }
}

CAF_TEST(the samples of the old program are its frames) {
  const auto all = docs::samples("go-");
  CAF_REQUIRE_EQUAL(all.size(), 2u);
  const auto line = parse_go_line(all.at("go-line"));
  CAF_REQUIRE(line);
  CAF_CHECK_EQUAL(encode_go_line(*line), all.at("go-line"));
  const std::vector<go_line> page{{"Ada", "Who has the key?"}, *line};
  CAF_CHECK_EQUAL(encode_go_page(page), all.at("go-page"));
}

} // namespace samples_suite
