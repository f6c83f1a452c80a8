// The server's settings, and that --help, .env.example and the table say the same.
#define CAF_SUITE settings

#include "server/settings.hpp"

#include "runtime/dotenv.hpp"
#include "runtime/setting_names.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace callboard;

namespace settings_suite {

namespace {

using outcome = std::variant<settings, settings_answer, settings_error>;

outcome parse(std::vector<const char*> arguments, const environment& variables = {},
              const std::string& dotenv = "no-such-file.env") {
  arguments.insert(arguments.begin(), "callboard-server");
  return parse_settings(static_cast<int>(arguments.size()), arguments.data(), variables, dotenv);
}

settings good(std::vector<const char*> arguments, const environment& variables = {},
              const std::string& dotenv = "no-such-file.env") {
  auto result = parse(std::move(arguments), variables, dotenv);
  if (const auto* error = std::get_if<settings_error>(&result))
    CAF_FAIL(error->text);
  CAF_REQUIRE(std::holds_alternative<settings>(result));
  return std::get<settings>(std::move(result));
}

settings_error bad(std::vector<const char*> arguments, const environment& variables = {}) {
  auto result = parse(std::move(arguments), variables);
  CAF_REQUIRE(std::holds_alternative<settings_error>(result));
  return std::get<settings_error>(std::move(result));
}

std::string source_file(const std::string& name) {
  std::ifstream stream{std::string{CALLBOARD_SOURCE_DIR} + "/" + name};
  CAF_REQUIRE(stream.good());
  return {std::istreambuf_iterator<char>{stream}, {}};
}

/// A name as `.env.example` shows it: `#NAME="value"`, with the comment above it.
struct example {
  std::string name;
  std::string value;
  std::string comment;
};

std::vector<example> examples() {
  std::vector<example> result;
  std::istringstream lines{source_file(".env.example")};
  std::string before;
  for (std::string line; std::getline(lines, line); before = line) {
    if (line.size() < 2 || line[0] != '#' || line[1] == ' ')
      continue;
    const auto parsed = parse_dotenv(line.substr(1), ".env.example");
    CAF_REQUIRE(parsed.problems.empty());
    CAF_REQUIRE_EQUAL(parsed.lines.size(), 1U);
    result.push_back({parsed.lines[0].name, parsed.lines[0].value,
                      before.starts_with("# ") ? before.substr(2) : std::string{}});
  }
  return result;
}

} // namespace

CAF_TEST(without anything it serves SQLite on 127.0.0.1 port 8000) {
  const auto found = good({});
  CAF_CHECK_EQUAL(found.host, "127.0.0.1");
  CAF_CHECK_EQUAL(found.port, 8000);
  CAF_CHECK_EQUAL(found.database_url, "sqlite:callboard.db");
  CAF_CHECK(found.allowed_origins.empty());
  CAF_CHECK(!found.check_only);
  CAF_CHECK_EQUAL(found.command, "");
}

CAF_TEST(the.env files of the Go program start the server without a word) {
  const auto first = good({}, {}, std::string{CALLBOARD_SOURCE_DIR} + "/tests/server/go-chat.env");
  CAF_CHECK_EQUAL(first.port, 8000);
  CAF_CHECK_EQUAL(first.database_url, "postgres://someone:swordfish@localhost:5432/chat");
  CAF_CHECK(first.hints.empty());
  const auto later =
    good({}, {}, std::string{CALLBOARD_SOURCE_DIR} + "/tests/server/go-chat-later.env");
  CAF_CHECK_EQUAL(later.port, 8081);
  CAF_CHECK(later.hints.empty());
}

CAF_TEST(POSTGRES names alone do not move the server away from SQLite) {
  const environment compose{
    {"POSTGRES_DB", "chat"}, {"POSTGRES_USER", "root"}, {"POSTGRES_PASSWORD", "example"}};
  CAF_CHECK_EQUAL(good({}, compose).database_url, "sqlite:callboard.db");
}

CAF_TEST(TLS is refused with what to do and not ignored) {
  const auto error = bad({}, {{"IS_TLS", "true"}});
  CAF_CHECK_EQUAL(error.exit_code, 78);
  CAF_CHECK_EQUAL(error.text, "error: environment: IS_TLS = \"true\": expected false: TLS is not"
                              " built in yet; put a TLS proxy (nginx, Caddy) in front\n");
  CAF_CHECK_EQUAL(good({}, {{"IS_TLS", "false"}}).port, 8000);
}

CAF_TEST(an address is an IP address) {
  CAF_CHECK_EQUAL(good({"--host", "0.0.0.0"}).host, "0.0.0.0");
  CAF_CHECK_EQUAL(good({"--host", "::1"}).host, "::1");
  CAF_CHECK_EQUAL(good({"--host", "localhost"}).host, "127.0.0.1");
  for (const auto* host : {"chat.example.org", "127.0.0.1:8000", "[::1]", "256.0.0.1"})
    CAF_CHECK_EQUAL(bad({"--host", host}).exit_code, 78);
}

CAF_TEST(a database has one of two schemes and its URL is in no error) {
  CAF_CHECK_EQUAL(good({"--database-url=sqlite:/tmp/x.db"}).database_url, "sqlite:/tmp/x.db");
  CAF_CHECK_EQUAL(good({"--database-url=postgresql:///x"}).database_url, "postgresql:///x");
  for (const auto* url : {"--database-url=mysql://me:swordfish@host/db", "--database-url=swordfish",
                          "--database-url=sqlite:"}) {
    const auto error = bad({url});
    CAF_CHECK_EQUAL(error.exit_code, 78);
    CAF_CHECK_EQUAL(error.text.find("swordfish"), std::string::npos);
    CAF_CHECK_NOT_EQUAL(error.text.find("postgres://user:password@host:5432/database"),
                        std::string::npos);
  }
}

CAF_TEST(origins are a list of what browsers send) {
  using list = std::vector<std::string>;
  CAF_CHECK(good({"--allowed-origins", "https://a.example, http://localhost:3000"}).allowed_origins
            == (list{"https://a.example", "http://localhost:3000"}));
  CAF_CHECK(good({"--allowed-origins=*"}).allowed_origins == list{"*"});
  for (const auto* origin : {"a.example", "https://", "https://a.example/", "https://A.example",
                             "https://me@a.example", "null", "https://a.example,oops"})
    CAF_CHECK_EQUAL(bad({"--allowed-origins", origin}).exit_code, 78);
}

CAF_TEST(numbers and words reach the place where they are read) {
  const auto found = good({"--name-hold=0"}, {{"TEXT_BYTES", "100"},
                                              {"LOG_LEVEL", "warn"},
                                              {"HISTORY_READERS", "4"},
                                              {"WORKER_THREADS", "6"},
                                              {"READY_FD", "3"}});
  CAF_CHECK_EQUAL(found.bounds.name_hold.count(), 0);
  CAF_CHECK_EQUAL(found.bounds.text_bytes, 100U);
  CAF_CHECK(found.level == log_level::warn);
  CAF_CHECK_EQUAL(found.history_readers, 4U);
  CAF_CHECK_EQUAL(found.worker_threads, 6U);
  CAF_CHECK_EQUAL(found.ready_fd, 3);
}

CAF_TEST(the words are the commands and others are a usage error) {
  CAF_CHECK_EQUAL(good({"renew-epochs"}).command, "renew-epochs");
  CAF_CHECK_EQUAL(bad({"renew"}).exit_code, 64);
  CAF_CHECK_EQUAL(bad({"renew-epochs", "renew-epochs"}).exit_code, 64);
  CAF_CHECK(good({"--check"}).check_only);
}

CAF_TEST(help and version answer even beside errors) {
  const auto version = parse({"--version", "--port=x"});
  CAF_REQUIRE(std::holds_alternative<settings_answer>(version));
  CAF_CHECK_EQUAL(std::get<settings_answer>(version).text,
                  "callboard-server " + server_version() + "\n");
  CAF_CHECK(std::holds_alternative<settings_answer>(parse({"-h", "--prot"})));
}

CAF_TEST(the defaults that the table shows are the defaults) {
  settings fresh;
  bool help = false;
  bool version = false;
  const settings untouched;
  for (const auto& o : server_options(fresh, help, version)) {
    if (!o.fallback.empty())
      CAF_CHECK(!o.take(o.fallback));
  }
  CAF_CHECK_EQUAL(fresh.host, untouched.host);
  CAF_CHECK_EQUAL(fresh.port, untouched.port);
  CAF_CHECK_EQUAL(fresh.database_url, untouched.database_url);
  CAF_CHECK(fresh.level == untouched.level);
  CAF_CHECK_EQUAL(fresh.history_readers, untouched.history_readers);
}

CAF_TEST(the example file shows every setting with the default and the words of the table) {
  settings ignored;
  bool help = false;
  bool version = false;
  const auto shown = examples();
  std::set<std::string> names;
  for (const auto& e : shown)
    CAF_CHECK(names.insert(e.name).second);
  CAF_CHECK(names == (std::set<std::string>{setting_names.begin(), setting_names.end()}));
  for (const auto& o : server_options(ignored, help, version)) {
    if (o.name.empty())
      continue;
    const auto it =
      std::find_if(shown.begin(), shown.end(), [&o](const example& e) { return e.name == o.name; });
    CAF_REQUIRE(it != shown.end());
    CAF_CHECK_EQUAL(it->value, o.fallback);
    CAF_CHECK_EQUAL(it->comment, std::string{o.meaning});
  }
}

CAF_TEST(help shows every option once) {
  settings ignored;
  bool help = false;
  bool version = false;
  const auto text = std::get<settings_answer>(parse({"--help"})).text;
  std::set<std::string_view> flags;
  for (const auto& o : server_options(ignored, help, version)) {
    if (o.flag.empty())
      continue;
    CAF_CHECK(flags.insert(o.flag).second);
    CAF_CHECK_NOT_EQUAL(text.find("--" + std::string{o.flag}), std::string::npos);
    CAF_CHECK_NOT_EQUAL(text.find(o.meaning), std::string::npos);
  }
}

} // namespace settings_suite
