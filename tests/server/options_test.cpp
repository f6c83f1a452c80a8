// The table of options: precedence, messages, and that one run tells every error without any
// secret.
#define CAF_SUITE options

#include "runtime/options.hpp"

#include "runtime/nearest.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace callboard;

namespace options_suite {

namespace {

using words = std::vector<std::string>;

/// A program with few options, beside a `.env` of its own.
struct fixture {
  fixture() {
    std::string name =
      (std::filesystem::temp_directory_path() / "callboard-options-XXXXXX").string();
    CAF_REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    file = folder + "/.env";
  }
  fixture(const fixture&) = delete;
  fixture& operator=(const fixture&) = delete;
  ~fixture() { std::filesystem::remove_all(folder); }

  option_reading read(words arguments, environment variables = {}, const std::string& dotenv = {}) {
    std::ofstream{file} << dotenv;
    const std::vector<option> table{
      {"SERVER_PORT", "port", "PORT", "8000", "The port.", take_number(port, 0, 65535)},
      {"CACHE_TTL", "cache-ttl", "SECONDS", "5", "The time.", take_duration(ttl, 1, 60)},
      {"DATABASE_URL", "database-url", "URL", "", "The store.",
       [this](std::string_view value) -> std::optional<std::string> {
         if (!value.starts_with("sqlite:"))
           return "sqlite:/path";
         url = value;
         return std::nullopt;
       },
       true},
      {"NAME", "name", "NAME", "", "The name.", take_text(name), false, 'n'},
      {"LOG_LEVEL", "log-level", "LEVEL", "low", "The level.",
       take_choice<int>(level, {{"low", 1}, {"high", 2}})},
      {"", "json", "", "", "A switch.", take_switch(json), false, 'j'},
    };
    help = describe_options(table);
    return read_options(table, {std::move(arguments), std::move(variables), file, stranger});
  }

  std::string folder;
  std::string file;
  std::string help;
  bool stranger = false; ///< The usual file may be anybody's.
  int port = 8000;
  std::chrono::seconds ttl{5};
  std::string url;
  std::string name;
  int level = 1;
  bool json = false;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(options_tests, fixture)

CAF_TEST(without anything the defaults stay) {
  const auto reading = read({});
  CAF_CHECK(reading.problems.empty());
  CAF_CHECK(reading.hints.empty());
  CAF_CHECK(reading.words.empty());
  CAF_CHECK_EQUAL(reading.exit_code, 0);
  CAF_CHECK_EQUAL(port, 8000);
}

CAF_TEST(flags win over the environment and the environment over the file) {
  read({}, {}, "SERVER_PORT=\"1\"\n");
  CAF_CHECK_EQUAL(port, 1);
  read({}, {{"SERVER_PORT", "2"}}, "SERVER_PORT=1\n");
  CAF_CHECK_EQUAL(port, 2);
  read({"--port", "3"}, {{"SERVER_PORT", "2"}}, "SERVER_PORT=1\n");
  CAF_CHECK_EQUAL(port, 3);
  read({}, {}, "SERVER_PORT=4\nSERVER_PORT=5\n");
  CAF_CHECK_EQUAL(port, 5);
}

CAF_TEST(an empty value counts as not set except behind a flag) {
  read({}, {{"SERVER_PORT", ""}}, "SERVER_PORT=7\n");
  CAF_CHECK_EQUAL(port, 7);
  port = 8000;
  CAF_CHECK(read({}, {}, "SERVER_PORT=7\nSERVER_PORT=\n").problems.empty());
  CAF_CHECK_EQUAL(port, 8000);
  CAF_CHECK_EQUAL(read({"--port="}).text(),
                  "error: --port = \"\": expected a whole number from 0 to 65535\n");
}

CAF_TEST(flags come in every usual form and words keep their order) {
  auto reading = read({"send", "--port=9", "general", "-j", "-n", "ada", "--", "--port", "-x"});
  CAF_CHECK(reading.problems.empty());
  CAF_CHECK(reading.words == (words{"send", "general", "--port", "-x"}));
  CAF_CHECK_EQUAL(port, 9);
  CAF_CHECK_EQUAL(name, "ada");
  CAF_CHECK(json);
  CAF_CHECK(read({"-"}).words == words{"-"});
  read({"--name=--json", "--json=no"});
  CAF_CHECK_EQUAL(name, "--json");
  CAF_CHECK(!json);
}

CAF_TEST(an unknown flag is a usage error that names the nearest known one) {
  auto reading = read({"--prot", "9"});
  CAF_CHECK_EQUAL(reading.exit_code, 64);
  CAF_CHECK_EQUAL(reading.text(), "error: unknown option \"--prot\" - did you mean --port?\n");
  CAF_CHECK_EQUAL(read({"--database=sqlite:secret"}).text(),
                  "error: unknown option \"--database\" - did you mean --database-url?\n");
  CAF_CHECK_EQUAL(read({"--quite-another-thing"}).text(),
                  "error: unknown option \"--quite-another-thing\"; --help lists them all\n");
  CAF_CHECK_EQUAL(read({"-x"}).exit_code, 64);
  CAF_CHECK_EQUAL(read({"--=3"}).exit_code, 64);
}

CAF_TEST(the value of a mistyped flag is no second error) {
  auto reading = read({"--prot", "9", "general"});
  CAF_CHECK_EQUAL(reading.problems.size(), 1U);
  CAF_CHECK(reading.words == words{"general"});
  CAF_CHECK(read({"--jsno", "general"}).words == words{"general"});
  CAF_CHECK(read({"--prot=9", "general"}).words == words{"general"});
  CAF_CHECK(read({"--prot", "--json"}).words.empty());
}

CAF_TEST(hints stand behind the errors that they may explain) {
  CAF_CHECK_EQUAL(read({"--port=x"}, {}, "CACHE_TLL=9\n").text(),
                  "error: --port = \"x\": expected a whole number from 0 to 65535\nhint: " + file
                    + ":1: unknown setting \"CACHE_TLL\" - did you mean CACHE_TTL?\n");
}

CAF_TEST(a flag without its value is a usage error and takes no other flag for it) {
  CAF_CHECK_EQUAL(read({"--port"}).text(), "error: --port needs a value: --port=VALUE\n");
  const auto reading = read({"--name", "--json"});
  CAF_CHECK_EQUAL(reading.exit_code, 64);
  CAF_CHECK(json);
}

CAF_TEST(a bad value is told with its place and what was expected) {
  auto reading = read({}, {}, "\n# note\nSERVER_PORT=\"ten\"\n");
  CAF_CHECK_EQUAL(reading.exit_code, 78);
  CAF_CHECK_EQUAL(reading.text(), "error: " + file
                                    + ":3: SERVER_PORT = \"ten\": expected a whole number from 0"
                                      " to 65535\n");
  CAF_CHECK_EQUAL(read({}, {{"LOG_LEVEL", "loud"}}).text(),
                  "error: environment: LOG_LEVEL = \"loud\": expected one of low, high\n");
  CAF_CHECK_EQUAL(read({"--json=maybe"}).text(),
                  "error: --json = \"maybe\": expected true or false\n");
}

CAF_TEST(only the value that counts is checked) {
  CAF_CHECK(
    read({"--port", "9"}, {{"SERVER_PORT", "ten"}}, "SERVER_PORT=eleven\n").problems.empty());
}

CAF_TEST(numbers take nothing around them and no more than their bounds) {
  for (const auto* bad : {"-1", "65536", "+8", " 8", "8 ", "8.0", "0x8", "99999999999999999999"})
    CAF_CHECK_EQUAL(read({std::string{"--port="} + bad}).exit_code, 78);
  CAF_CHECK_EQUAL(port, 8000);
  read({"--port=65535", "--cache-ttl=60"});
  CAF_CHECK_EQUAL(port, 65535);
  CAF_CHECK(ttl == std::chrono::seconds{60});
}

CAF_TEST(all errors of a run are told at once and a usage error gives the exit code) {
  const auto reading =
    read({"--port=x", "--prot"}, {{"CACHE_TTL", "61"}}, "NAME=\"oops\nLOG_LEVEL=loud\n");
  CAF_CHECK_EQUAL(reading.problems.size(), 5U);
  CAF_CHECK_EQUAL(reading.exit_code, 64);
}

CAF_TEST(an unknown name in the file is a hint with the nearest known one) {
  auto reading = read({}, {}, "A=1\nCACHE_TLL=9\n");
  CAF_CHECK(reading.problems.empty());
  CAF_CHECK_EQUAL(reading.exit_code, 0);
  CAF_CHECK(reading.hints
            == (words{file + ":1: unknown setting \"A\"",
                      file + ":2: unknown setting \"CACHE_TLL\" - did you mean CACHE_TTL?"}));
  // The other programs' names are nobody's mistake.
  CAF_CHECK(read({}, {}, "POSTGRES_PASSWORD=x\nSERVER_URL=ws://x\nRABBITMQ_URL=y\n").hints.empty());
}

CAF_TEST(what other programs write into the usual file is never an error) {
  const auto reading = read({}, {},
                            "OTHER_URL=https://${HOST}/\nOTHER_KEY=\"-----BEGIN\nSERVER_PORT=x\n\""
                            "\nPOSTGRES_PASSWORD=${X}\nmy.key=value\nSERVER_PORT=9\n");
  CAF_CHECK(reading.problems.empty());
  CAF_CHECK_EQUAL(port, 9);
  CAF_CHECK(reading.hints
            == (words{file + ":6: expected NAME=value, or a comment behind #",
                      file + ":1: unknown setting \"OTHER_URL\"",
                      file + ":2: unknown setting \"OTHER_KEY\""}));
}

CAF_TEST(a value of ours that cannot be read is an error with its place) {
  CAF_CHECK(read({}, {}, "A=1\nSERVER_PORT=${PORT}\n")
              .text()
              .starts_with("error: " + file + ":2: SERVER_PORT: ${...} is not expanded here;"));
  CAF_CHECK_EQUAL(read({}, {}, "SERVER_PORT=\"9\n").exit_code, 78);
}

CAF_TEST(a file that was asked for has no line that cannot be read) {
  const auto other = folder + "/other";
  std::ofstream{other} << "OTHER=${HOST}\noops\n";
  const auto reading = read({"--env-file", other});
  CAF_CHECK(reading.problems == (words{other + ":2: expected NAME=value, or a comment behind #"}));
}

CAF_TEST(a file that cannot be read at all stops the server and not the client) {
  const std::string much(70000, 'x');
  CAF_CHECK_EQUAL(read({}, {}, much).text(),
                  "error: " + file + ": is larger than 65536 bytes, which no settings file is\n");
  stranger = true;
  CAF_CHECK_EQUAL(read({}, {}, much).text(),
                  "hint: " + file + ": is larger than 65536 bytes, which no settings file is\n");
  CAF_CHECK_EQUAL(read({"--env-file", folder + "/none"}).exit_code, 78);
}

CAF_TEST(no message ever holds a secret) {
  const std::string secret = "swordfish";
  const auto url = "mysql://me:" + secret + "@host/db";
  const auto holds_it = [&secret](const option_reading& reading) {
    auto all = reading.text();
    for (const auto& hint : reading.hints)
      all += hint;
    return all.find(secret) != std::string::npos;
  };
  CAF_CHECK_EQUAL(read({"--database-url", url}).text(),
                  "error: --database-url (its value is not shown): expected sqlite:/path\n");
  CAF_CHECK(!holds_it(read({}, {{"DATABASE_URL", url}})));
  CAF_CHECK(!holds_it(read({}, {}, "DATABASE_URL=" + url + "\n")));
  CAF_CHECK(!holds_it(read({}, {}, "DATABASE_URL=\"" + url + "\n")));
  CAF_CHECK(!holds_it(read({}, {}, "DATABASE_ULR=" + url + "\n")));
  CAF_CHECK(!holds_it(read({}, {}, "DATABASE_URL " + url + "\n")));
  CAF_CHECK(!holds_it(read({"--databse-url=" + url})));
  CAF_CHECK(!holds_it(read({"--databse-url", "x"}, {{"DATABASE_URL", url}})));
}

CAF_TEST(a file named by flag must exist and replaces the usual one) {
  const auto other = folder + "/other";
  CAF_CHECK_EQUAL(read({"--env-file", other}).text(),
                  "error: " + other + ": there is no such file\n");
  std::ofstream{other} << "SERVER_PORT=11\n";
  CAF_CHECK(read({"--env-file=" + other}, {}, "SERVER_PORT=12\n").problems.empty());
  CAF_CHECK_EQUAL(port, 11);
}

CAF_TEST(help names every flag with its variable and default) {
  read({});
  CAF_CHECK_NOT_EQUAL(help.find("  --port PORT\n      The port. [SERVER_PORT, default 8000]\n"),
                      std::string::npos);
  CAF_CHECK_NOT_EQUAL(help.find("  -j, --json\n      A switch.\n"), std::string::npos);
  CAF_CHECK_NOT_EQUAL(help.find("--env-file FILE"), std::string::npos);
}

CAF_TEST(values in messages cannot write to the terminal and are cut) {
  CAF_CHECK_EQUAL(in_quotes("a\x1B[2Jb\n"), "\"a\\x1B[2Jb\\x0A\"");
  CAF_CHECK_EQUAL(in_quotes("Grüße"), "\"Grüße\"");
  CAF_CHECK_EQUAL(in_quotes("\xFFx"), "\"\\xFFx\"");
  CAF_CHECK_EQUAL(in_quotes(std::string(200, 'x')), "\"" + std::string(80, 'x') + "\"...");
  CAF_CHECK_EQUAL(in_quotes(std::string(79, 'x') + "ü"), "\"" + std::string(79, 'x') + "\"...");
}

CAF_TEST(the environment is copied entry by entry) {
  constexpr std::array<const char*, 5> variables{"A=1", "B=", "C=x=y", "broken", nullptr};
  CAF_CHECK(read_environment(variables.data())
            == (environment{{"A", "1"}, {"B", ""}, {"C", "x=y"}}));
  CAF_CHECK(read_environment(nullptr).empty());
}

CAF_TEST(the nearest word is near) {
  const std::vector<std::string_view> known{"port", "host", "database-url"};
  CAF_CHECK_EQUAL(nearest("prot", known), "port");
  CAF_CHECK_EQUAL(nearest("PORT", known), "port");
  CAF_CHECK_EQUAL(nearest("databaseurl", known), "database-url");
  CAF_CHECK_EQUAL(nearest("database", known), "database-url");
  CAF_CHECK_EQUAL(nearest("color", known), "");
  CAF_CHECK_EQUAL(nearest("ho", known), "");
  CAF_CHECK_EQUAL(nearest("", known), "");
  CAF_CHECK_EQUAL(nearest(std::string(5000, 'p'), known), "");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace options_suite
