// What a `.env` file may look like, and that its errors tell the place but never a value.
#define CAF_SUITE dotenv

#include "runtime/dotenv.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

using namespace callboard;

namespace dotenv_suite {

namespace {

std::string value_in(const std::string& text) {
  const auto file = parse_dotenv(text, ".env");
  CAF_CHECK_EQUAL(file.problems.size(), 0U);
  CAF_REQUIRE_EQUAL(file.lines.size(), 1U);
  CAF_CHECK_EQUAL(file.lines.front().name, "KEY");
  return file.lines.front().value;
}

std::string problem_in(const std::string& text) {
  const auto file = parse_dotenv(text, "x/.env");
  CAF_CHECK_EQUAL(file.lines.size(), 0U);
  CAF_REQUIRE_EQUAL(file.problems.size(), 1U);
  return file.problems.front();
}

/// Why KEY has no value.
std::string complaint_in(const std::string& text) {
  const auto file = parse_dotenv(text, ".env");
  CAF_CHECK(file.problems.empty());
  CAF_REQUIRE_EQUAL(file.lines.size(), 1U);
  CAF_CHECK_EQUAL(file.lines.front().name, "KEY");
  CAF_CHECK(file.lines.front().value.empty());
  return file.lines.front().problem;
}

/// A directory of this test's own; gone afterwards.
struct folder {
  folder() {
    std::string name =
      (std::filesystem::temp_directory_path() / "callboard-dotenv-XXXXXX").string();
    CAF_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() { std::filesystem::remove_all(path); }

  std::string path;
};

} // namespace

CAF_TEST(a value stands bare or in quotes and spaces around it do not count) {
  CAF_CHECK_EQUAL(value_in("KEY=value"), "value");
  CAF_CHECK_EQUAL(value_in("  KEY = some value \t"), "some value");
  CAF_CHECK_EQUAL(value_in("KEY=\" kept \""), " kept ");
  CAF_CHECK_EQUAL(value_in("KEY=' kept '"), " kept ");
  CAF_CHECK_EQUAL(value_in("export KEY=value"), "value");
  CAF_CHECK_EQUAL(value_in("export\tKEY=value"), "value");
  CAF_CHECK_EQUAL(value_in("KEY="), "");
  CAF_CHECK_EQUAL(value_in("KEY=a=b=c"), "a=b=c");
  CAF_CHECK_EQUAL(value_in("KEY=Grüße 你好"), "Grüße 你好");
}

CAF_TEST(a hash begins a comment only at the start of a word and never within quotes) {
  CAF_CHECK_EQUAL(value_in("# note\n\n   # note\nKEY=value # note"), "value");
  CAF_CHECK_EQUAL(value_in("KEY=http://host/#part"), "http://host/#part");
  CAF_CHECK_EQUAL(value_in("KEY=\"a # b\" # note"), "a # b");
  CAF_CHECK_EQUAL(value_in("KEY='a # b'# note"), "a # b");
  CAF_CHECK_EQUAL(value_in("KEY=# note"), "");
}

CAF_TEST(double quotes resolve escapes and single quotes do not ) {
  CAF_CHECK_EQUAL(value_in(R"(KEY="a\"b\\c\td\$")"), "a\"b\\c\td$");
  CAF_CHECK_EQUAL(value_in(R"(KEY='a\tb${x}')"), R"(a\tb${x})");
}

CAF_TEST(files of other editors are read : line ends of Windows and a byte order mark) {
  CAF_CHECK_EQUAL(value_in("\xEF\xBB\xBFKEY=value\r\n"), "value");
  CAF_CHECK_EQUAL(value_in("KEY=\"value\"\r\n\r\n"), "value");
  CAF_CHECK_EQUAL(parse_dotenv(std::string{"K\0E\0Y\0", 6}, ".env").unreadable,
                  "is not text in UTF-8 (UTF-16, perhaps); save it as UTF-8");
}

CAF_TEST(a quoted value may go over several lines and nothing within it is a line of its own) {
  CAF_CHECK_EQUAL(value_in("KEY=\"-----BEGIN\r\nNAME=x\n\\\"\n-----END\" # note\n"),
                  "-----BEGIN\nNAME=x\n\"\n-----END");
  CAF_CHECK_EQUAL(value_in("KEY='{\n  \"a\": 1\n}'"), "{\n  \"a\": 1\n}");
  const auto file = parse_dotenv("A='1\n2'\nB=3\n", ".env");
  const std::vector<dotenv_line> expected{{"A", "1\n2", 1, {}}, {"B", "3", 3, {}}};
  CAF_CHECK(file.lines == expected);
}

CAF_TEST(lines are counted from one and the order stays) {
  const auto file = parse_dotenv("A=1\n\n# note\nB=2\nA=3", ".env");
  const std::vector<dotenv_line> expected{{"A", "1", 1, {}}, {"B", "2", 4, {}}, {"A", "3", 5, {}}};
  CAF_CHECK(file.lines == expected);
}

CAF_TEST(every line that is not understood is told with file and line but without its text) {
  CAF_CHECK_EQUAL(problem_in("\nswordfish"),
                  "x/.env:2: expected NAME=value, or a comment behind #");
  CAF_CHECK_EQUAL(problem_in("2KEY=swordfish"),
                  "x/.env:1: expected NAME=value, or a comment behind #");
  CAF_CHECK_EQUAL(problem_in("my key=swordfish"),
                  "x/.env:1: expected NAME=value, or a comment behind #");
  CAF_CHECK_EQUAL(complaint_in("KEY=\"swordfish"), "the double quote is never closed");
  CAF_CHECK_EQUAL(complaint_in("KEY=\"swordfish\\\""), "the double quote is never closed");
  CAF_CHECK_EQUAL(complaint_in("KEY='swordfish"), "the single quote is never closed");
  CAF_CHECK_EQUAL(complaint_in("KEY=\"sword\"fish"),
                  "there is text behind the closing quote; put a backslash before quotes inside a"
                  " value");
  CAF_CHECK_EQUAL(complaint_in("KEY=postgres://${USER}@host"),
                  "${...} is not expanded here; write the value out, or put it in single quotes");
  const auto two = parse_dotenv("oops\nB=\"2\nA=1\n", ".env");
  CAF_CHECK_EQUAL(two.problems.size(), 1U);
  CAF_REQUIRE_EQUAL(two.lines.size(), 2U); // What is never closed takes no other line with it.
  CAF_CHECK_EQUAL(two.lines.back().value, "1");
}

CAF_TEST(a missing file is empty unless it was asked for by name) {
  const folder temporary;
  const auto path = temporary.path + "/.env";
  CAF_CHECK(read_dotenv(path, false).unreadable.empty());
  CAF_CHECK_EQUAL(read_dotenv(path, true).unreadable, "there is no such file");
  // A virtual environment of Python's is often called .env.
  CAF_CHECK(read_dotenv(temporary.path, false).unreadable.empty());
  CAF_CHECK(!read_dotenv(temporary.path, true).unreadable.empty());
  // A file where a folder was expected: the way there cannot be walked.
  std::ofstream{path} << "KEY=value\n";
  CAF_CHECK_EQUAL(read_dotenv(path, true).lines.size(), 1U);
  CAF_CHECK(read_dotenv(path + "/.env", false).lines.empty());
}

CAF_TEST(a file larger than any settings is refused and not read to its end) {
  const folder temporary;
  const auto path = temporary.path + "/.env";
  std::ofstream{path} << "KEY=" << std::string(70000, 'x');
  const auto file = read_dotenv(path, false);
  CAF_CHECK(file.lines.empty());
  CAF_CHECK_EQUAL(file.unreadable, "is larger than 65536 bytes, which no settings file is");
}

CAF_TEST(no bytes at all make it fail) {
  // Every string of up to three of the characters that mean something.
  constexpr std::array marks{'\'', '"', '\\', '=', '#', ' ', '\n', '\r', 'K', '$', '{', '\xFF'};
  std::size_t lines = 0;
  for (const char a : marks) {
    for (const char b : marks) {
      for (const char c : marks) {
        const auto file = parse_dotenv(std::string{"K="} + a + b + c, ".env");
        CAF_REQUIRE(file.lines.size() + file.problems.size() <= 3);
        CAF_REQUIRE(file.lines.size() + file.problems.size() >= 1);
        lines += file.lines.size();
      }
    }
  }
  CAF_CHECK(lines > 0);
}

} // namespace dotenv_suite
