// What the command line may say, and with which code it is refused.
#define CAF_SUITE client_invocation

#include "client/invocation.hpp"

#include "client/exit_code.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::client;

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
  around.variables = {{"SERVER_URL", "ws://env:2/"}, {"NAME", "envy"}};
  CAF_CHECK_EQUAL(good({"tea"}).server.host, "env");
  CAF_CHECK_EQUAL(good({"tea"}).name, "envy");
  const auto both = good({"tea", "-u", "ws://flag:1/", "--name", "flo"});
  CAF_CHECK(both.server.host == "flag" && both.name == "flo");
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
  refused(exit_usage_error, "is for tail", {"tea", "--json"});
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

CAF_TEST(help tells every exit code and flag and needs nothing else to be right) {
  around.variables = {{"SERVER_URL", "nonsense"}};
  const auto result = read({"send", "--help"});
  CAF_REQUIRE(std::holds_alternative<invocation_answer>(result));
  const auto& text = std::get<invocation_answer>(result).text;
  for (const auto* const part :
       {"--server-url", "--name",  "--timeout", "--json",      "--last", "--since",
        "--follow",     "--lines", "--quiet",   "--log-level", "--help", "--version",
        "--env-file",   "64",      "65",        "66",          "69",     "74",
        "75",           "76",      "77",        "78",          "130"})
    CAF_CHECK(text.find(part) != std::string::npos);
  CAF_CHECK(std::holds_alternative<invocation_answer>(read({"--version"})));
}

CAF_TEST_FIXTURE_SCOPE_END()
