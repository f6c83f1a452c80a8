// Whatever a stranger sends, reading it ends, throws nothing and costs little.
#define CAF_SUITE hostile_frames

#include "tests/wire/docs.hpp"
#include "wire/codec.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdlib>
#include <malloc.h>
#include <new>
#include <random>
#include <string>

using namespace callboard;
using namespace callboard::wire;
using namespace std::string_literals;

namespace {

std::size_t in_use = 0;
std::size_t most_in_use = 0;

} // namespace

// This program's only thread is the test's, so plain counters do.
void* operator new(std::size_t size) {
  auto* const place = std::malloc(size);
  if (place == nullptr)
    throw std::bad_alloc{};
  in_use += malloc_usable_size(place);
  most_in_use = std::max(most_in_use, in_use);
  return place;
}

void operator delete(void* place) noexcept {
  if (place != nullptr)
    in_use -= malloc_usable_size(place);
  std::free(place);
}

void operator delete(void* place, std::size_t /*size*/) noexcept {
  operator delete(place);
}

namespace {

constexpr std::size_t frame_bytes = limits{}.frame_bytes;

bool is_refused(std::string_view text) {
  return std::holds_alternative<bad_request>(parse_request(text));
}

std::string complaint(std::string_view text) {
  const auto found = parse_request(text);
  const auto* const bad = std::get_if<bad_request>(&found);
  return bad != nullptr ? bad->why.text : "taken for good";
}

/// The most memory that reading `text` as a request took at one time.
std::size_t cost(std::string_view text) {
  const auto before = in_use;
  most_in_use = in_use;
  static_cast<void>(parse_request(text));
  return most_in_use - before;
}

std::string times(std::size_t n, std::string_view what) {
  std::string all;
  while (n-- > 0)
    all += what;
  return all;
}

/// As many of `what` as fit into a frame, between two ends.
std::string filled(std::string_view begin, std::string_view what, std::string_view end) {
  const auto room = frame_bytes - begin.size() - end.size();
  return std::string{begin} + times(room / what.size(), what) + std::string{end};
}

std::vector<std::string> hostile_frames() {
  std::string many_keys = R"({"type":"ping")";
  for (int i = 0; i < 5000; ++i)
    many_keys += ",\"k" + std::to_string(i) + "\":0";
  many_keys += "}";
  return {
    times(20000, "["),
    times(20000, "{\"a\":"),
    R"({"type":"ping","x":)" + times(20000, "[") + times(20000, "]") + "}",
    many_keys,
    filled(R"({"type":"ping")", R"(,"":0)", "}"),
    filled(R"({"type":"ping","":")", "\\u0001", "\"}"),
    filled(R"({"type":"ping","x":[0)", ",0", "]}"),
    filled(R"({"type":"ping","x":[{})", ",{}", "]}"),
    filled(R"({"type":"ping","x":[[])", ",[]", "]}"),
    filled(R"({"type":"ping","x":{"":0)", R"(,"":0)", "}}"),
    filled(R"({"type":"post","room":"r","id":"i","text":")", "x", "\"}"),
    filled(R"({"type":"hello","name":")", "\\u0000", "\"}"),
    filled(R"({"type":"ping","x":)", "9", "}"),
    filled(R"({"type":"ping","x":1e)", "9", "}"),
    filled(R"({"type":"ping","x":0.)", "0", "1}"),
    filled(R"({"type":"ping",")", "k", "\":0}"),
    filled("{\"type\":\"ping\"}", " ", ""),
    filled(R"({"type":"ping","x":")", "\xF0\x9F\x94\x91", "\"}"),
    filled("", "\xFF", ""),
    filled("", "\"", ""),
    std::string(frame_bytes, '\0'),
  };
}

} // namespace

CAF_TEST(hostile frames cost a small multiple of their size) {
  // Growing strings take up to three times their size, in the parser and again as the value; about
  // a number that is too large the library writes sentences that hold it.
  constexpr std::size_t factor = 12;
  for (const auto& text : hostile_frames()) {
    CAF_REQUIRE(text.size() <= 2 * frame_bytes);
    const auto bytes = cost(text);
    if (bytes > factor * frame_bytes)
      CAF_ERROR("costs " << bytes << " bytes: " << text.substr(0, 40));
  }
  CAF_CHECK(cost(R"({"type":"ping"})") > 0); // the counter counts
}

CAF_TEST(depth is bounded and said to be) {
  const auto nested = [](std::size_t depth) {
    return R"({"type":"ping","x":)" + times(depth - 1, "[") + times(depth - 1, "]") + "}";
  };
  CAF_CHECK(!is_refused(nested(16)));
  CAF_CHECK(is_refused(nested(17)));
  CAF_CHECK(is_refused(nested(20000)));
  CAF_CHECK_EQUAL(complaint(nested(17)), "This frame is nested deeper than 16 levels.");
}

CAF_TEST(the number of fields is bounded and said to be) {
  const auto with_fields = [](std::size_t n) {
    std::string text = R"({"type":"ping")";
    for (std::size_t i = 1; i < n; ++i)
      text += ",\"k" + std::to_string(i) + "\":0";
    return text + "}";
  };
  CAF_CHECK(!is_refused(with_fields(64)));
  CAF_CHECK(is_refused(with_fields(65)));
  CAF_CHECK(is_refused(with_fields(5000)));
  CAF_CHECK_EQUAL(complaint(with_fields(65)), "An object in this frame has more than 64 members.");
}

CAF_TEST(a frame that breaks off anywhere is refused) {
  for (const auto& [name, text] : docs::samples("client-"))
    for (std::size_t size = 0; size < text.size(); ++size)
      if (!is_refused(text.substr(0, size)))
        CAF_ERROR(name << " cut to " << size);
  for (const auto& [name, text] : docs::samples("server-"))
    for (std::size_t size = 0; size < text.size(); ++size)
      if (std::holds_alternative<answer>(parse_answer(text.substr(0, size))))
        CAF_ERROR(name << " cut to " << size);
}

CAF_TEST(random bytes are refused and frames with random changes are refused or make sense) {
  std::mt19937 random{20261123};
  const auto pick = [&random](std::size_t below) {
    return std::uniform_int_distribution<std::size_t>{0, below - 1}(random);
  };
  const auto all = docs::samples();
  std::vector<std::string> frames;
  frames.reserve(all.size());
  for (const auto& [name, text] : all)
    frames.push_back(text);
  std::size_t refused = 0;
  std::size_t sense = 0;
  for (int i = 0; i < 50000; ++i) {
    std::string noise(pick(64), '\0');
    for (auto& c : noise)
      c = static_cast<char>(pick(256));
    refused += is_refused(noise) ? 1 : 0;
    auto changed = frames[pick(frames.size())];
    for (auto n = pick(4); n-- > 0;)
      changed[pick(changed.size())] = static_cast<char>(pick(256));
    const auto found = parse_request(changed);
    if (const auto* const good = std::get_if<request>(&found)) {
      const auto again = parse_request(encode(*good));
      sense += std::holds_alternative<request>(again) && std::get<request>(again) == *good ? 0 : 1;
    }
    static_cast<void>(parse_answer(changed));
    static_cast<void>(parse_go_line(changed));
  }
  CAF_CHECK_EQUAL(refused, 50000u);
  CAF_CHECK_EQUAL(sense, 0u);
}
