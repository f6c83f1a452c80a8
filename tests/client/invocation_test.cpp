// What the command line may say, and with which code it is refused.
#define CAF_SUITE client_invocation

#include "client/invocation.hpp"

#include "client/exit_code.hpp"
#include "client/help_text.hpp"
#include "client/since.hpp"

#include <caf/test/unit_test.hpp>

#include <regex>

using namespace callboard;
using namespace callboard::client;

namespace invocation_suite {

namespace {

struct fixture {
  surroundings around{{}, "/nonexistent/.env", "karl", false};

  auto read(std::vector<std::string> words) { return read_invocation(std::move(words), around); }

  invocation good(std::vector<std::string> words) {
    auto result = read(std::move(words));
    if (const auto* const problem = std::get_if<invocation_error>(&result))
      CAF_FAIL(problem->text);
    return std::get<invocation>(result);
  }

  std::string answer(std::vector<std::string> words) {
    const auto result = read(std::move(words));
    CAF_REQUIRE(std::holds_alternative<invocation_answer>(result));
    return std::get<invocation_answer>(result).text;
  }

  /// The exit code and the text, of what must be refused.
  invocation_error bad(std::vector<std::string> words) {
    auto result = read(std::move(words));
    CAF_REQUIRE(std::holds_alternative<invocation_error>(result));
    return std::get<invocation_error>(result);
  }

  void refused(int code, std::string_view part, std::vector<std::string> words) {
    const auto problem = bad(std::move(words));
    CAF_CHECK_EQUAL(problem.exit_code, code);
    CAF_CHECK(problem.text.starts_with("error: "));
    CAF_CHECK(problem.text.find(part) != std::string::npos);
  }
};

using what = invocation::what;

/// Not merely mentions.
bool lists(const std::string& help, const std::string& flag) {
  return std::regex_search(help, std::regex{"\n  (-., )?" + flag + "[ \n]"});
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(invocation_tests, fixture)

CAF_TEST(a room alone is a chat in it and nothing is general) {
  CAF_CHECK(good({"tea"}).command == what::chat);
  CAF_CHECK_EQUAL(good({"tea"}).room, "tea");
  CAF_CHECK_EQUAL(good({}).room, "general");
  CAF_CHECK(good({}).server == (endpoint{"127.0.0.1", "8000", "/"}));
}

CAF_TEST(words behind the room are the text) {
  const auto send = good({"send", "tea", "hello", "world"});
  CAF_CHECK(send.command == what::send);
  CAF_CHECK(send.text == "hello world");
  CAF_CHECK(!good({"send", "tea"}).text);
  CAF_CHECK(good({"send", "tea", "--", "--lines"}).text == "--lines");
  CAF_CHECK(good({"send", "tea", ""}).text == "");
}

CAF_TEST(every flag reaches its place) {
  const auto tail =
    good({"tail", "tea", "-n", "7", "--json", "-f", "--timeout", "3", "--name", "bob"});
  CAF_CHECK(tail.last == 7U && tail.json && tail.follow && tail.name == "bob");
  CAF_CHECK(tail.timeout == std::chrono::seconds{3});
  CAF_CHECK(good({"tail", "tea", "--since", "0"}).since == 0U);
  CAF_CHECK(good({"send", "tea", "--lines", "--quiet"}).lines);
  CAF_CHECK_EQUAL(good({"rooms", "te"}).room, "te");
  CAF_CHECK_EQUAL(good({"rooms"}).room, "");
  CAF_CHECK(good({"tea", "-u", "http://h:1/ws"}).server == (endpoint{"h", "1", "/ws"}));
}

CAF_TEST(a flag wins over the environment) {
  around.variables = {{"SERVER_URL", "ws://env:2/"}, {"CALLBOARD_NAME", "envy"}};
  CAF_CHECK_EQUAL(good({"tea"}).server.host, "env");
  CAF_CHECK_EQUAL(good({"tea"}).name, "envy");
  const auto both = good({"tea", "-u", "ws://flag:1/", "--name", "flo"});
  CAF_CHECK(both.server.host == "flag" && both.name == "flo");
}

CAF_TEST(names are refused only where no server takes them) {
  const auto longest = std::string(250, 'n');
  CAF_CHECK_EQUAL(good({longest, "--name", longest}).room, longest);
  CAF_CHECK_EQUAL(good({"tea", "--name", longest}).name, longest);
  refused(exit_usage_error, "1 to 250", {longest + "n"});
  refused(exit_bad_config, "1 to 250", {"tea", "--name", longest + "n"});
}

CAF_TEST(the name that a system gives itself is not the name of who sits there) {
  around.variables = {{"NAME", "my-laptop"}}; // As WSL does.
  around.input_is_terminal = true;
  CAF_CHECK_EQUAL(good({"tea"}).name, "");
}

CAF_TEST(without a name a person is asked and a script is its login) {
  CAF_CHECK_EQUAL(good({"tail", "tea"}).name, "karl");
  CAF_CHECK_EQUAL(good({"tea"}).name, "karl");
  around.input_is_terminal = true;
  CAF_CHECK_EQUAL(good({"tea"}).name, "");
  CAF_CHECK_EQUAL(good({"tail", "tea"}).name, "karl");
  around.login_name = "";
  refused(exit_usage_error, "--name", {"tail", "tea"});
}

CAF_TEST(wrong usage is 64 and says what was meant) {
  refused(exit_usage_error, "which room", {"send"});
  refused(exit_usage_error, "which room", {"tail"});
  refused(exit_usage_error, "which room", {"who"});
  refused(exit_usage_error, "did you mean tail", {"tial", "tea"});
  refused(exit_usage_error, "did you mean --follow", {"tail", "tea", "--folow"});
  refused(exit_usage_error, "one word too many", {"tail", "tea", "tea"});
  refused(exit_usage_error, "one word too many", {"rooms", "a", "b"});
  refused(exit_usage_error, "is for send", {"tail", "tea", "--lines"});
  refused(exit_usage_error, "is for tail", {"send", "tea", "x", "--follow"});
  refused(exit_usage_error, "is for tail", {"who", "tea", "-n", "3"});
  refused(exit_usage_error, "is for tail, rooms, who", {"tea", "--json"});
  refused(exit_usage_error, "exclude", {"tail", "tea", "-n", "3", "--since", "1"});
  refused(exit_usage_error, "reads stdin", {"send", "tea", "x", "--lines"});
  refused(exit_usage_error, "room's name", {"tail", "a\x1b[2J"});
}

CAF_TEST(nothing to send at a terminal is said at once) {
  around.input_is_terminal = true;
  refused(exit_usage_error, "nothing to send", {"send", "tea"});
  CAF_CHECK(good({"send", "tea", "x"}).text == "x");
}

CAF_TEST(a value that cannot be used is 78) {
  refused(exit_bad_config, "TLS is not built in yet", {"tea", "-u", "wss://a/"});
  refused(exit_bad_config, "ws://127.0.0.1:8000/", {"tea", "-u", "a:1"});
  refused(exit_bad_config, "visible characters", {"tea", "--name", "~guest"});
  refused(exit_bad_config, "whole number", {"tail", "tea", "-n", "many"});
  around.variables = {{"SERVER_URL", "https://a/"}};
  refused(exit_bad_config, "SERVER_URL", {"tea"});
}

CAF_TEST(help needs nothing else to be right and starts with an example) {
  around.variables = {{"SERVER_URL", "nonsense"}};
  for (const auto& row : command_rows()) {
    std::vector<std::string> words{"--help"};
    if (!row.word.empty())
      words.insert(words.begin(), std::string{row.word});
    const auto text = answer(words);
    CAF_CHECK(text.starts_with("Example: callboard") || text.starts_with("Example: echo")
              || text.starts_with("Example: source"));
    CAF_CHECK(text.find(row.meaning) != std::string::npos);
  }
  CAF_CHECK_EQUAL(answer({"--version"}).substr(0, 10), "callboard ");
}

CAF_TEST(help and man page and completion know the same options and exit codes) {
  raw_invocation nobody;
  const auto manual = answer({"manual"});
  const auto plain_manual = std::regex_replace(manual, std::regex{R"(\\)"}, "");
  for (const auto& row : option_rows(nobody)) {
    const auto flag = "--" + std::string{row.what.flag};
    CAF_CHECK(lists(answer({"--help"}), flag));
    CAF_CHECK(plain_manual.find("fB" + flag + "fR") != std::string::npos);
    for (const auto* const shell : {"bash", "zsh"})
      CAF_CHECK(answer({"completion", shell}).find(flag) != std::string::npos);
    CAF_CHECK(answer({"completion", "fish"}).find(" -l " + std::string{row.what.flag})
              != std::string::npos);
    for (const auto& command : command_rows()) {
      if (command.word.empty())
        continue;
      const bool told = lists(answer({std::string{command.word}, "--help"}), flag);
      CAF_CHECK_EQUAL(told, (row.commands & set_of(command.command)) != 0);
    }
  }
  for (const auto& row : exit_rows()) {
    const auto code = std::to_string(row.code);
    CAF_CHECK(answer({"--help"}).find(" " + code + "  " + std::string{row.meaning})
              != std::string::npos);
    CAF_CHECK(manual.find("fB" + code + "\\fR") != std::string::npos);
  }
}

CAF_TEST(completion is for three shells) {
  refused(exit_usage_error, "bash, zsh", {"completion", "tcsh"});
  refused(exit_usage_error, "which shell", {"completion"});
  refused(exit_usage_error, "too many", {"manual", "x"});
}

CAF_TEST(since takes a number or a time) {
  CAF_CHECK(good({"tail", "tea", "--since", "17"}).since == 17U);
  const auto at = good({"tail", "tea", "--since", "1970-01-02"});
  CAF_CHECK(!at.since && at.since_ms == 86'400'000);
  CAF_CHECK(read_since("1970-01-01T00:00:01Z", 0) == (since_place{{}, 1000}));
  CAF_CHECK(read_since("1970-01-01T00:00:01.500Z", 0) == (since_place{{}, 1500}));
  CAF_CHECK(read_since("90s", 100'000) == (since_place{{}, 10'000}));
  CAF_CHECK(read_since("2h", 7'200'000) == (since_place{{}, 0}));
  for (const auto* const text : {"", "s", "-1", "1x", "yesterday", "2026-13-01",
                                 "2026-11-23T25:00:00Z", "1 s", "99999999999d"})
    CAF_CHECK(!read_since(text, 0));
  refused(exit_bad_config, "how long ago", {"tail", "tea", "--since", "soon"});
}

CAF_TEST(an export is everything as json) {
  const auto what_of = good({"export", "tea"});
  CAF_CHECK(what_of.command == what::archive && what_of.json && what_of.since == 0U);
  CAF_CHECK(good({"export", "tea", "--since", "5"}).since == 5U);
  CAF_CHECK(!good({"export", "tea", "--since", "1970-01-02"}).since);
  refused(exit_usage_error, "is for tail", {"export", "tea", "-n", "5"});
}

CAF_TEST(lines and colours are as the surroundings want and the flags more so) {
  around.output_is_terminal = true;
  CAF_CHECK(good({"tea"}).colours && !good({"tea"}).plain);
  CAF_CHECK(!good({"tea", "--plain"}).colours && good({"tea", "--plain"}).plain);
  CAF_CHECK(good({"tea", "--plain", "--color=always"}).colours);
  CAF_CHECK(!good({"tea", "--color", "never"}).colours);
  around.variables = {{"NO_COLOR", "1"}};
  CAF_CHECK(!good({"tea"}).colours);
  CAF_CHECK(good({"tea", "--color=always"}).colours);
  around.variables = {{"NO_COLOR", ""}};
  CAF_CHECK(good({"tea"}).colours);
  for (const auto& [name, value] : environment{{"TERM", "dumb"}, {"ACCESSIBLE", "1"}}) {
    around.variables = {{name, value}};
    CAF_CHECK(good({"tea"}).plain && !good({"tea"}).colours);
  }
  around.variables = {{"TERM", "xterm"}, {"ACCESSIBLE", "0"}};
  CAF_CHECK(!good({"tea"}).plain);
  around.output_is_terminal = false;
  CAF_CHECK(!good({"tea"}).colours);
  refused(exit_bad_config, "one of auto, always, never", {"tea", "--color=sometimes"});
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace invocation_suite
