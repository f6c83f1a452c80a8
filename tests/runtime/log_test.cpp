// Lines come whole, and nothing that a stranger wrote commands the terminal that shows them.
#define CAF_SUITE log

#include "runtime/log.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace callboard;
using namespace std::string_literals;

namespace log_suite {

namespace {

/// Collects lines instead of stderr, and puts everything back.
struct fixture {
  std::vector<std::pair<log_level, std::string>> lines;

  fixture() {
    set_log_sink(
      [this](log_level level, std::string_view line) { lines.emplace_back(level, line); });
  }
  ~fixture() {
    set_log_sink(nullptr);
    set_log_level(log_level::info);
  }

  std::string shown(std::string_view line) {
    lines.clear();
    log(log_level::info, line);
    return lines.size() == 1 ? lines.front().second : "not one line";
  }
};

/// What `action` writes to stderr.
template <class Action>
std::string stderr_of(Action action) {
  std::array<int, 2> ends{};
  CAF_REQUIRE_EQUAL(::pipe(ends.data()), 0);
  const auto saved = ::dup(STDERR_FILENO);
  ::dup2(ends[1], STDERR_FILENO);
  action();
  ::dup2(saved, STDERR_FILENO);
  ::close(saved);
  ::close(ends[1]);
  std::string all;
  std::array<char, 4096> part{};
  for (auto n = ::read(ends[0], part.data(), part.size()); n > 0;
       n = ::read(ends[0], part.data(), part.size()))
    all.append(part.data(), static_cast<std::size_t>(n));
  ::close(ends[0]);
  return all;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(log_tests, fixture)

CAF_TEST(lines below the level are not written) {
  set_log_level(log_level::warn);
  log(log_level::debug, "a");
  log(log_level::info, "b");
  log(log_level::warn, "c");
  log(log_level::error, "d");
  CAF_REQUIRE_EQUAL(lines.size(), 2u);
  CAF_CHECK(lines[0].first == log_level::warn && lines[0].second == "c");
  CAF_CHECK(lines[1].first == log_level::error && lines[1].second == "d");
  set_log_level(log_level::off);
  log(log_level::error, "e");
  CAF_CHECK_EQUAL(lines.size(), 2u);
}

CAF_TEST(control characters are shown and not sent) {
  CAF_CHECK_EQUAL(shown("a\nb\r\tc"), "a\\x0ab\\x0d\\x09c");
  CAF_CHECK_EQUAL(shown("\x1B[2J"), "\\x1b[2J");
  CAF_CHECK_EQUAL(shown("NUL \0."s), "NUL \\x00.");
  CAF_CHECK_EQUAL(shown("\x7F"), "\\x7f");
  CAF_CHECK_EQUAL(shown("\u009B2J"), "\\x9b2J");
  CAF_CHECK_EQUAL(shown("\u202Egnp.exe\u2028"), "\\u{202e}gnp.exe\\u{2028}");
  CAF_CHECK_EQUAL(shown("\U000E0041"), "\\u{0e0041}");
}

CAF_TEST(malformed bytes are shown as bytes) {
  CAF_CHECK_EQUAL(shown("a\xFF\xC3"), "a\\xff\\xc3");
}

CAF_TEST(other text is left as it is) {
  CAF_CHECK_EQUAL(shown("Grüße an 漢字 🔑"), "Grüße an 漢字 🔑");
}

CAF_TEST(a line has time and level in front and an end behind) {
  set_log_sink(nullptr);
  const auto text = stderr_of([] {
    log(log_level::info, "ready");
    log(log_level::error, "lost");
  });
  CAF_REQUIRE_EQUAL(text.size(), (24u + 7u + 6u) + (24u + 7u + 5u));
  CAF_CHECK_EQUAL(text.substr(24, 13), " info  ready\n");
  CAF_CHECK_EQUAL(text.substr(37 + 24), " error lost\n");
  CAF_CHECK_EQUAL(text[10], 'T');
  CAF_CHECK_EQUAL(text[23], 'Z');
}

CAF_TEST(lines of many threads do not mix) {
  set_log_sink(nullptr);
  constexpr std::size_t threads = 4;
  constexpr std::size_t each = 100; // together less than a pipe holds
  const auto text = stderr_of([] {
    std::vector<std::thread> all;
    for (std::size_t t = 0; t < threads; ++t)
      all.emplace_back([t] {
        for (std::size_t i = 0; i < each; ++i)
          log(log_level::info, std::string(40, static_cast<char>('a' + t)));
      });
    for (auto& thread : all)
      thread.join();
  });
  constexpr std::size_t line_size = 24 + 7 + 40 + 1;
  CAF_REQUIRE_EQUAL(text.size(), threads * each * line_size);
  std::size_t mixed = 0;
  for (std::size_t i = 0; i < text.size(); i += line_size) {
    const auto body = text.substr(i + 31, 40);
    mixed += body == std::string(40, body.front()) && text[i + line_size - 1] == '\n' ? 0 : 1;
  }
  CAF_CHECK_EQUAL(mixed, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace log_suite
