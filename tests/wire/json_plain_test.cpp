// The short cut reads what the library reads, or nothing: the same value for every text that it
// takes.
#define CAF_SUITE json_plain

#include "wire/json_plain.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <random>

using namespace callboard::wire;
using json::value;

namespace json_plain_suite {

namespace {

constexpr json::bounds most{.depth = 16, .keep = 1, .members = 8};

bool same(const value& a, const value& b) {
  return a.kind == b.kind && a.flag == b.flag && a.whole == b.whole && a.name == b.name
         && a.text == b.text
         && std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(),
                       same);
}

/// False: the short cut takes a text otherwise than the library.
bool agrees(const std::string& text) {
  const auto plain = json::read_plain_object(text, most.members);
  const auto whole = json::read_any_object(text, most);
  const auto* const read = std::get_if<value>(&whole);
  return !plain || (read != nullptr && same(*plain, *read));
}

bool takes(const std::string& text) {
  return json::read_plain_object(text, most.members).has_value();
}

/// Pieces of JSON, right and wrong, put one after another: some are objects.
std::string draw(std::mt19937& dice) {
  static const std::array<std::string, 34> pieces{"{",
                                                  "}",
                                                  ",",
                                                  ":",
                                                  "\"a\"",
                                                  "\"b\":",
                                                  "\"text\":\"x\"",
                                                  "\"n\":7",
                                                  "[",
                                                  "]",
                                                  " ",
                                                  "\n",
                                                  "0",
                                                  "00",
                                                  "12",
                                                  "-1",
                                                  "1.5",
                                                  "1e3",
                                                  "true",
                                                  "false",
                                                  "null",
                                                  "tru",
                                                  "\"\"",
                                                  "\"\\n\"",
                                                  "\"\x01\"",
                                                  "\xC3\xA4",
                                                  "\xC3",
                                                  "\"\xE2\x82\xAC\"",
                                                  "\"\xED\xA0\x80\"",
                                                  "\xEF\xBB\xBF",
                                                  "\"\\ud800\"",
                                                  "999999999999999999",
                                                  "9999999999999999999",
                                                  "99999999999999999999"};
  std::string text = dice() % 8 == 0 ? "" : "{";
  const auto count = dice() % 9;
  for (std::size_t i = 0; i < count; ++i) {
    if (dice() % 2 == 0)
      text += "\"k" + std::to_string(dice() % 3) + "\":";
    text += pieces.at(dice() % pieces.size());
    if (dice() % 2 == 0)
      text += ',';
  }
  return dice() % 4 == 0 ? text : text + "}";
}

} // namespace

CAF_TEST(ordinary frames are taken) {
  CAF_CHECK(takes(R"({"type":"ping"})"));
  CAF_CHECK(
    takes(R"( { "type" : "post" , "seq" : 12 , "on" : true , "off" : false , "no" : null } )"));
  CAF_CHECK(takes("{}"));
  CAF_CHECK(takes("{\"text\":\"\xC3\xA4\xE2\x82\xAC\"}"));
  CAF_CHECK(agrees(R"({"type":"post","seq":12,"on":true,"off":false,"no":null,"seq":13})"));
  CAF_CHECK(agrees(R"({"n":0,"m":999999999999999999})"));
}

CAF_TEST(what the library must judge is left to it) {
  const std::array<std::string, 15> texts{
    R"({"a":"\n"})",
    R"({"a":[]})",
    R"({"a":{}})",
    R"({"a":-1})",
    R"({"a":1.5})",
    R"({"a":1e2})",
    R"({"a":01})",
    R"({"a":1)",
    R"({"a":1}x)",
    R"({"a":1,})",
    R"({,})",
    R"({"a" 1})",
    "{\"a\":\"\xC3\"}",
    "",
    R"({"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9})"};
  for (const auto& text : texts)
    CAF_CHECK(!takes(text));
}

CAF_TEST(a hundred thousand texts of right and wrong pieces are read as the library reads them) {
  std::mt19937 dice{7};
  std::size_t taken = 0;
  for (int i = 0; i < 100000; ++i) {
    const auto text = draw(dice);
    if (!agrees(text))
      CAF_FAIL("read otherwise: " << text);
    taken += takes(text) ? 1 : 0;
  }
  CAF_CHECK(taken > 1000); // or nothing was compared
}

} // namespace json_plain_suite
