// A batch becomes frames that any WebSocket reader takes apart again, and all its readers share
// them.
#define CAF_SUITE run

#include "wire/run.hpp"

#include "wire/codec.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

using namespace callboard;

namespace run_suite {

namespace {

/// Takes one frame off `bytes` as RFC 6455 section 5.2 has it; the payload.
std::string_view take_frame(std::string_view& bytes) {
  const auto byte = [&bytes](std::size_t i) { return static_cast<unsigned char>(bytes.at(i)); };
  if (byte(0) != 0x81)
    CAF_FAIL("not one whole text frame");
  if ((byte(1) & 0x80U) != 0)
    CAF_FAIL("masked");
  std::size_t head = 2;
  std::size_t size = byte(1);
  if (size >= 126) {
    const std::size_t width = size == 126 ? 2 : 8;
    size = 0;
    for (; head < 2 + width; ++head)
      size = (size << 8U) | byte(head);
    if (size <= (width == 2 ? 125u : 65535u))
      CAF_FAIL("not the shortest length");
  }
  const auto payload = bytes.substr(head, size);
  if (payload.size() != size)
    CAF_FAIL("cut off");
  bytes.remove_prefix(head + size);
  return payload;
}

std::vector<entry> some_entries(seq_t first, const std::vector<std::string>& texts) {
  std::vector<entry> entries;
  for (const auto& text : texts) {
    entries.push_back({first, {"a1", "Ada"}, "id" + std::to_string(first % 10), text, 1000});
    ++first;
  }
  return entries;
}

/// A message without text is so long.
std::size_t bare_size(const std::string& room) {
  std::string json;
  wire::append_message(json, room, some_entries(1, {""}).front());
  return json.size();
}

} // namespace

CAF_TEST(frames have the shortest length at each border) {
  for (const std::size_t size : {0, 1, 125, 126, 127, 65534, 65535, 65536, 70000}) {
    const std::string payload(size, 'x');
    const auto frame = text_frame(payload);
    std::string_view rest = frame;
    CAF_CHECK(take_frame(rest) == payload);
    CAF_CHECK(rest.empty());
  }
}

CAF_TEST(frames of a run hold its entries in order) {
  const auto entries = some_entries(7, {"one", "\"two\"\n", "drei ß", "🔑"});
  const entry_run aut{"general", entries};
  CAF_CHECK_EQUAL(aut.first(), 7u);
  CAF_CHECK_EQUAL(aut.last(), 10u);
  for (seq_t from = 7; from <= 10; ++from) {
    auto rest = aut.frames_from(from);
    for (auto seq = from; seq <= 10; ++seq) {
      const auto payload = take_frame(rest);
      CAF_CHECK(payload == aut.json(seq));
      const auto read = wire::parse_answer(payload);
      const auto& found = std::get<wire::message>(std::get<wire::answer>(read).body);
      CAF_CHECK_EQUAL(found.room, "general");
      CAF_CHECK(found.what == entries[seq - 7]);
    }
    CAF_CHECK(rest.empty());
  }
}

CAF_TEST(each length of a message gets its frame) {
  const auto bare = bare_size("r");
  CAF_REQUIRE(bare < 126);
  std::vector<std::string> texts;
  for (const std::size_t size : {125, 126, 127, 65535, 65536, 65537, 200, 100000, 130})
    texts.emplace_back(size - bare, 'x');
  const auto entries = some_entries(1, texts);
  const entry_run aut{"r", entries};
  auto rest = aut.frames_from(1);
  for (const auto& e : entries) {
    const auto payload = take_frame(rest);
    CAF_CHECK(payload == aut.json(e.seq));
    CAF_CHECK_EQUAL(payload.size(), bare + e.text.size());
  }
  CAF_CHECK(rest.empty());
}

CAF_TEST(positions outside a run give its nearest part) {
  const entry_run aut{"r", some_entries(5, {"a", "b"})};
  CAF_CHECK(aut.frames_from(7).empty());
  CAF_CHECK(aut.frames_from(1) == aut.frames_from(5));
}

CAF_TEST(a run counts all its bytes) {
  const entry_run aut{"r", some_entries(5, {"a", "b"})};
  CAF_CHECK_EQUAL(aut.bytes(), aut.frames_from(5).size());
}

CAF_TEST(readers share the bytes and keep them alive) {
  auto aut = std::make_shared<const entry_run>("r", some_entries(5, {"a", "b"}));
  const auto whole = aut->frames_from(6);
  const auto first = frames_of(aut, 6);
  const auto second = frames_of(aut, 6);
  CAF_CHECK(first.bytes.data() == whole.data() && second.bytes.data() == whole.data());
  const std::weak_ptr<const entry_run> alive = aut;
  aut.reset();
  CAF_CHECK(!alive.expired());
  const auto* const begin = first.owner->data();
  CAF_CHECK(begin <= first.bytes.data()
            && first.bytes.data() + first.bytes.size() <= begin + first.owner->size());
}

CAF_TEST(a slice of a string is the whole of it) {
  const auto short_one = make_slice("x");
  const auto long_one = make_slice(std::string(1000, 'x'));
  CAF_CHECK(short_one.bytes == "x" && short_one.bytes.data() == short_one.owner->data());
  CAF_CHECK_EQUAL(long_one.bytes.size(), 1000u);
}

} // namespace run_suite
