// Clients that break the protocol or flood: each loses its own connection, and costs no memory.
#define CAF_SUITE net_hostile
#include "tests/net/house.hpp"

#include <caf/test/unit_test.hpp>

#include <fstream>

using namespace callboard;
using namespace callboard::test;

namespace hostile_suite {

namespace {

struct attacked : house {
  /// The close code that a client gets for sending `bytes` after its upgrade.
  unsigned code_for(const std::string& bytes) {
    raw_client client{port};
    client.upgrade();
    client.send(bytes);
    const auto code = close_code_of(client.frame_of(0x88));
    client.send(masked(0x88, ""));
    CAF_CHECK(client.ends());
    return code;
  }
};

struct running : attacked {
  running() { start(); }
};

/// Resident memory of this process in KiB.
std::size_t resident() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:"))
      return std::stoul(line.substr(6));
  }
  return 0;
}

std::string announced(unsigned char head, std::uint64_t length) {
  std::string frame{static_cast<char>(head), '\xff'};
  for (int i = 7; i >= 0; --i)
    frame += static_cast<char>((length >> (8U * static_cast<unsigned>(i))) & 0xFFU);
  return frame + "abcd";
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(net_hostile_tests, running)

CAF_TEST(a broken protocol is closed with the code that names it) {
  CAF_CHECK_EQUAL(code_for(masked(0x82, "binary")), 1003U);
  CAF_CHECK_EQUAL(code_for(masked(0x81, "\xff\xfe")), 1007U);
  CAF_CHECK_EQUAL(code_for(masked(0x81, "cut \xe2\x82")), 1007U);
  CAF_CHECK_EQUAL(code_for(std::string{"\x81\x05hello", 7}), 1002U); // Unmasked.
  CAF_CHECK_EQUAL(code_for(masked(0xC1, "compressed")), 1002U);      // RSV1 without an extension.
  CAF_CHECK_EQUAL(code_for(masked(0x83, "opcode 3")), 1002U);
  CAF_CHECK_EQUAL(code_for(masked(0x80, "continues nothing")), 1002U);
  CAF_CHECK_EQUAL(code_for(masked(0x01, "a") + masked(0x81, "b")), 1002U);
  CAF_CHECK_EQUAL(code_for(masked(0x09, "fragmented ping")), 1002U);
  CAF_CHECK_EQUAL(code_for(masked(0x89, std::string(126, 'p'))), 1002U);
  CAF_CHECK_EQUAL(code_for(masked(0x88, "x")), 1002U); // A close frame of one byte.
  CAF_CHECK_EQUAL(door.session()->now([](heard& is) { return is.frames.size(); }), 0U);
}

CAF_TEST(a message beyond the limit is refused when it is announced) {
  const auto before = resident();
  CAF_CHECK_EQUAL(code_for(masked(0x81, std::string(65537, 'x'))), 1009U);
  CAF_CHECK_EQUAL(code_for(masked(0x01, std::string(65536, 'x')) + masked(0x80, "x")), 1009U);
  for (const auto length : {1ULL << 31U, 1ULL << 32U, 1ULL << 62U, 1ULL << 63U, ~0ULL})
    CAF_CHECK_EQUAL(code_for(announced(0x81, length)), 1009U);
  CAF_CHECK_EQUAL(code_for(masked(0x01, "abc") + announced(0x80, ~0ULL - 1)), 1009U);
  CAF_CHECK(resident() < before + 65536);
}

CAF_TEST(a flood of pings or pongs is cut off) {
  std::string pings;
  std::string pongs;
  for (int i = 0; i < 1000; ++i) {
    pings += masked(0x89, "p");
    pongs += masked(0x8A, "p");
  }
  CAF_CHECK_EQUAL(code_for(pings), 4501U);
  CAF_CHECK_EQUAL(code_for(pongs), 4501U);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST_FIXTURE_SCOPE(net_hostile_settings, attacked)

CAF_TEST(fragments that never make a message are cut off) {
  // Each tick forgives a sixteenth of this: a slow machine must not be forgiven all of them.
  settings.bounds.frame_bytes = 1024;
  start();
  std::string empty = masked(0x01, "");
  while (empty.size() < 50'000)
    empty += masked(0x00, "");
  CAF_CHECK_EQUAL(code_for(empty), 1008U);
  std::string tiny = masked(0x01, "x");
  for (int i = 0; i < 1000; ++i)
    tiny += masked(0x00, "x");
  while (tiny.size() < 50'000)
    tiny += masked(0x00, "");
  CAF_CHECK_EQUAL(code_for(tiny), 1008U);
}

CAF_TEST(pings of a client that reads nothing hold it back instead of filling memory) {
  settings.sockets.control_frames = 1'000'000'000;
  settings.bounds.frame_bytes = 1UL << 30; // Nor does the rule against endless fragments end it.
  start();
  raw_client client{port, 16384};
  client.upgrade();
  const auto before = resident();
  constexpr std::size_t most = 256UL << 20;
  CAF_CHECK(client.send_until_blocked(masked(0x89, std::string(125, 'p')), most) < most);
  CAF_CHECK(resident() < before + 32768);
  raw_client other{port};
  other.upgrade();
  other.send(masked(0x81, "and others are served"));
  CAF_CHECK_EQUAL(other.frame().payload, "and others are served");
}

CAF_TEST(a violator that keeps its socket open loses it) {
  settings.sockets.close_within = std::chrono::milliseconds{300};
  start();
  raw_client client{port};
  client.upgrade();
  const auto session = door.session();
  client.send(masked(0x83, "opcode 3"));
  CAF_CHECK_EQUAL(close_code_of(client.frame()), 1002U);
  CAF_CHECK(session->until([](heard& is) { return is.ends == 1; }));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace hostile_suite
