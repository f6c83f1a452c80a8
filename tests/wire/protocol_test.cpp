// docs/protocol.md says what the code does: its tables and samples are compared with it.
#define CAF_SUITE protocol

#include "domain/error.hpp"
#include "domain/limits.hpp"
#include "tests/wire/docs.hpp"
#include "wire/close_code.hpp"
#include "wire/frame.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;

namespace protocol_suite {

CAF_TEST(the page shows exactly the samples) {
  const auto page = docs::protocol();
  CAF_REQUIRE(!page.empty());
  std::set<std::string> shown;
  for (auto at = page.find("\n{\""); at != std::string::npos; at = page.find("\n{\"", at + 1))
    shown.insert(page.substr(at + 1, page.find('\n', at + 1) - at - 1));
  std::set<std::string> known;
  for (const auto& [name, text] : docs::samples()) {
    CAF_MESSAGE(name);
    CAF_CHECK(page.find("\n" + text + "\n") != std::string::npos);
    known.insert(text);
  }
  for (const auto& line : shown)
    CAF_CHECK(known.count(line) == 1);
}

CAF_TEST(every error has a name of its own and stands in the table) {
  const auto rows = docs::table("## Errors");
  std::set<std::string> names;
  for (std::size_t i = 1; i <= errc_count; ++i) {
    const auto known = describe(static_cast<errc>(i));
    const std::string name{known.name};
    CAF_MESSAGE(name);
    names.insert(name);
    CAF_CHECK(!known.sentence.empty() && known.sentence.back() == '.');
    CAF_REQUIRE(rows.count(name) == 1);
    const auto expected = "| `" + name + "` | " + (known.retryable ? "yes" : "no") + " | ";
    CAF_CHECK(rows.at(name).starts_with(expected));
  }
  CAF_CHECK_EQUAL(names.size(), errc_count);
  CAF_CHECK_EQUAL(rows.size(), errc_count);
}

CAF_TEST(a number that is no error reads as internal) {
  CAF_CHECK_EQUAL(describe(static_cast<errc>(0)).name, "internal");
  CAF_CHECK_EQUAL(describe(static_cast<errc>(errc_count + 1)).name, "internal");
  CAF_CHECK_EQUAL(describe(errc::internal).name, "internal");
  CAF_CHECK_EQUAL(to_string(errc::bad_frame), "bad_frame");
}

CAF_TEST(every close code stands in the table with what a client does then) {
  const auto rows = docs::table("## Close codes");
  constexpr std::array codes{
    close_code::normal,
    close_code::going_away,
    close_code::protocol_error,
    close_code::restart,
    close_code::unsupported_data,
    close_code::bad_payload,
    close_code::policy,
    close_code::too_big,
    close_code::internal_error,
    close_code::resync,
    close_code::try_again_later,
    close_code::no_heartbeat,
    close_code::no_hello,
    close_code::abuse,
    close_code::too_many_connections,
  };
  for (const auto code : codes) {
    const auto number = static_cast<std::uint16_t>(code);
    const auto name = std::to_string(number);
    CAF_MESSAGE(name);
    CAF_REQUIRE(rows.count(name) == 1);
    const auto expected = "| `" + name + "` | " + (should_reconnect(number) ? "yes" : "no") + " | ";
    CAF_CHECK(rows.at(name).starts_with(expected));
  }
  CAF_CHECK_EQUAL(rows.size(), codes.size());
}

CAF_TEST(the ranges of close codes say whether to come back) {
  for (std::uint16_t code = 4000; code < 4500; ++code)
    if (!should_reconnect(code))
      CAF_ERROR("4000 to 4499 reconnect: " << code);
  for (std::uint16_t code = 4500; code < 5000; ++code)
    if (should_reconnect(code))
      CAF_ERROR("4500 to 4999 do not reconnect: " << code);
  CAF_CHECK(should_reconnect(1006)); // what a browser says when the connection broke
}

CAF_TEST(the limits of welcome stand in the table with their defaults) {
  const auto rows = docs::table("## Limits");
  const limits bounds;
  const std::map<std::string, std::size_t> told{
    {"text_bytes", bounds.text_bytes},
    {"frame_bytes", bounds.frame_bytes},
    {"name_chars", bounds.name_chars},
    {"room_chars", bounds.room_chars},
    {"rooms", bounds.rooms},
    {"requests_under_way", bounds.requests_under_way},
    {"page", bounds.page},
  };
  for (const auto& [name, value] : told) {
    CAF_REQUIRE(rows.count(name) == 1);
    CAF_CHECK(rows.at(name).starts_with("| `" + name + "` | " + std::to_string(value) + " | "));
  }
  CAF_CHECK_EQUAL(rows.size(), told.size());
}

CAF_TEST(the page names the subprotocol) {
  CAF_CHECK(docs::protocol().find(wire::subprotocol) != std::string::npos);
}

} // namespace protocol_suite
