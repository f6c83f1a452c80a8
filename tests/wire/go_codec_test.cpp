// The go-chat protocol, as its client writes and reads it.
#define CAF_SUITE go_codec

#include "wire/codec.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

using namespace callboard::wire;
using namespace std::string_literals;

namespace go_codec_suite {

CAF_TEST(a line is read as Go reads it) {
  CAF_CHECK(parse_go_line(R"({"username":"Ada","message":"hi"})") == (go_line{"Ada", "hi"}));
  CAF_CHECK(parse_go_line(R"({"message":"hi"})") == (go_line{"", "hi"}));
  CAF_CHECK(parse_go_line(R"({"username":null,"message":"hi","x":[1]})") == (go_line{"", "hi"}));
  CAF_CHECK(parse_go_line("{}") == go_line{});
  CAF_CHECK(parse_go_line(R"({"username":"Ada","message":"\u003cb\u003e \u0026"})")
            == (go_line{"Ada", "<b> &"}));
}

CAF_TEST(what is no line gives nothing) {
  for (const auto& text : {""s, "x"s, "[]"s, "null"s, "7"s, R"({"username":7,"message":"hi"})"s,
                           R"({"username":"Ada","message":["hi"]})"s, R"({"username":"Ada")"s,
                           R"([{"username":"Ada","message":"hi"}])"s})
    CAF_CHECK(!parse_go_line(text));
}

CAF_TEST(what is written is read back) {
  std::string text = "\"\\/<>& ß漢🔑";
  for (int c = 0; c < 32; ++c)
    text += static_cast<char>(c);
  CAF_CHECK(parse_go_line(encode_go_line({text, text})) == (go_line{text, text}));
}

CAF_TEST(a page is an array also when it is empty) {
  CAF_CHECK_EQUAL(encode_go_page({}), "[]");
  const std::vector<go_line> one{{"Ada", "hi"}};
  CAF_CHECK_EQUAL(encode_go_page(one), R"([{"username":"Ada","message":"hi"}])");
}

} // namespace go_codec_suite
