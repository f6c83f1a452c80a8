// A token is kept for one server and one name, and for its owner's eyes only.
#define CAF_SUITE client_token_file

#include "client/token_file.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace callboard;
using namespace callboard::client;

namespace token_file_suite {

namespace {

struct fixture {
  std::string folder = [] {
    std::string name = std::filesystem::temp_directory_path() / "callboard-token-XXXXXX";
    return std::string{::mkdtemp(name.data())};
  }();
  environment variables{{"XDG_STATE_HOME", folder}, {"HOME", "/nonexistent"}};

  ~fixture() { std::filesystem::remove_all(folder); }

  std::filesystem::path only_file() {
    std::filesystem::path found;
    for (const auto& file : std::filesystem::directory_iterator{folder + "/callboard"}) {
      CAF_CHECK(found.empty());
      found = file.path();
    }
    return found;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(token_file_tests, fixture)

CAF_TEST(what was saved is loaded for that name and server) {
  const token_store here{variables, "a:1"};
  CAF_CHECK(!here.load("alice"));
  CAF_CHECK(!here.save("alice", "t1"));
  CAF_CHECK(here.load("alice") == "t1");
  CAF_CHECK(here.load("ALICE") == "t1"); // Names compare so.
  CAF_CHECK(!here.load("bob"));
  CAF_CHECK(!(token_store{variables, "b:1"}.load("alice")));
  CAF_CHECK(!here.save("alice", "t2"));
  CAF_CHECK(here.load("alice") == "t2");
}

CAF_TEST(a token that is there and cannot be read has a reason) {
  const token_store here{variables, "a:1"};
  CAF_CHECK(!here.trouble("alice"));
  CAF_CHECK(!here.save("alice", "t1"));
  CAF_CHECK(!here.trouble("alice"));
  const auto file = only_file();
  std::filesystem::remove(file);
  std::filesystem::create_directory(file); // No mode stops the root of a container.
  CAF_CHECK(!here.load("alice"));
  CAF_CHECK(here.trouble("alice") == file.string() + ": Is a directory");
}

CAF_TEST(a claim is made once for that name and server and then stays) {
  const token_store here{variables, "a:1"};
  const auto claim = here.claim("alice");
  CAF_CHECK_EQUAL(claim.size(), 32U);
  CAF_CHECK_EQUAL(here.claim("ALICE"), claim);
  CAF_CHECK_EQUAL((token_store{variables, "a:1"}.claim("alice")), claim); // another process
  CAF_CHECK_NOT_EQUAL(here.claim("bob"), claim);
  CAF_CHECK_NOT_EQUAL((token_store{variables, "b:1"}.claim("alice")), claim);
  CAF_CHECK(!here.load("alice")); // it is no token
}

CAF_TEST(where nothing can be kept a claim is made all the same) {
  const token_store nowhere{environment{}, "a:1"};
  CAF_CHECK_EQUAL(nowhere.claim("alice").size(), 32U);
  CAF_CHECK_NOT_EQUAL(nowhere.claim("alice"), nowhere.claim("alice"));
}

CAF_TEST(only the owner may read it) {
  ::umask(0);
  CAF_CHECK(!(token_store{variables, "a:1"}.save("alice", "t1")));
  struct stat facts {};
  CAF_REQUIRE(::stat(only_file().c_str(), &facts) == 0);
  CAF_CHECK_EQUAL(facts.st_mode & 0777U, 0600U);
  CAF_REQUIRE(::stat((folder + "/callboard").c_str(), &facts) == 0);
  CAF_CHECK_EQUAL(facts.st_mode & 0777U, 0700U);
}

CAF_TEST(a damaged file is no token) {
  const token_store here{variables, "a:1"};
  CAF_CHECK(!here.save("alice", "t1"));
  const auto path = only_file();
  for (const std::string text :
       {"", "a:1\n", "a:1\nalice\n", "a:1\nbob\nt1\n", "b:1\nalice\nt1\n"}) {
    std::ofstream{path} << text;
    CAF_CHECK(!here.load("alice"));
  }
}

CAF_TEST(a folder that cannot be made is a reason and no crash) {
  variables["XDG_STATE_HOME"] = "/proc/nowhere";
  CAF_CHECK((token_store{variables, "a:1"}.save("alice", "t1")));
  variables = {{"XDG_STATE_HOME", "relative"}};
  CAF_CHECK((token_store{variables, "a:1"}.save("alice", "t1")));
  CAF_CHECK(!(token_store{variables, "a:1"}.load("alice")));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace token_file_suite
