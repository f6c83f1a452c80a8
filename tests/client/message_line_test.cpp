// One entry, one line of known shape.
#define CAF_SUITE client_message_line

#include "client/message_line.hpp"

#include "wire/codec.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdlib>
#include <ctime>

using namespace callboard;
using namespace callboard::client;

namespace message_line_suite {

namespace {

struct fixture {
  entry what{7, {"id-a", "alice"}, "c1", "hello", 1795453346123, entry_kind::message};
  fixture() {
    ::setenv("TZ", "UTC-2", 1); // POSIX: two hours ahead of UTC.
    ::tzset();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(message_line_tests, fixture)

CAF_TEST(a line has local time and name and text) {
  CAF_CHECK_EQUAL(message_line(what), "[19:02] alice: hello\n");
  CAF_CHECK_EQUAL(message_line(what, "tea"), "[19:02] #tea alice: hello\n");
}

CAF_TEST(what somebody does is no speech) {
  what.text = "/me waves\n\x1b";
  CAF_CHECK_EQUAL(message_line(what), "[19:02] * alice waves\n        \xe2\x90\x9b\n");
  what.text = "/mean";
  CAF_CHECK_EQUAL(message_line(what), "[19:02] alice: /mean\n");
}

CAF_TEST(names and rooms and texts are made visible) {
  what.from.name = "al\x1b[1mice";
  what.text = "a\nb\x1b[2J";
  CAF_CHECK_EQUAL(message_line(what, "t\x07"),
                  "[19:02] #t\xe2\x90\x87 al\xe2\x90\x9b[1mice: a\n        b\xe2\x90\x9b[2J\n");
}

CAF_TEST(json is the message frame on one line with the raw text) {
  what.text = "a\nb\x1b";
  const auto line = message_json("tea", what);
  CAF_CHECK_EQUAL(line, wire::encode(wire::answer{{}, wire::message{"tea", what}}) + "\n");
  CAF_CHECK_EQUAL(line.find('\n'), line.size() - 1);
}

CAF_TEST(an entry of a kind that comes later is not shown) {
  what.kind = entry_kind::unknown;
  CAF_CHECK_EQUAL(message_line(what), "");
  CAF_CHECK_EQUAL(message_json("tea", what), "");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace message_line_suite
