// History and completion (goals 5.2.3 and 5.2.14).
#define CAF_SUITE terminal_typing_aids

#include "client/screen/completion.hpp"
#include "client/screen/history_file.hpp"
#include "client/screen/input_history.hpp"
#include "tests/terminal/fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <filesystem>

using namespace callboard::client;

namespace typing_aids_suite {

namespace {

/// What the first Tab behind the text makes of its last word.
std::string completed(std::string_view text, const word_sources& sources) {
  return completion{text, text.size(), sources}.next();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(typing_aids_tests, screen_fixture)

CAF_TEST(history goes back and forth and keeps what was being typed) {
  input_history aut;
  aut.add("one");
  aut.add("two");
  aut.add("two");
  CAF_CHECK_EQUAL(aut.lines().size(), 2U);
  CAF_CHECK(aut.older("draft") == "two");
  CAF_CHECK(aut.older("") == "one");
  CAF_CHECK(!aut.older(""));
  CAF_CHECK(aut.newer() == "two");
  CAF_CHECK(aut.newer() == "draft");
  CAF_CHECK(!aut.newer());
}

CAF_TEST(history keeps no secrets) {
  input_history aut;
  CAF_CHECK(!aut.add(" begins with a space"));
  CAF_CHECK(!aut.add("/identify hunter2"));
  CAF_CHECK(!aut.add("/msg nickserv hunter2"));
  CAF_CHECK(aut.add("/join tea"));
  CAF_CHECK(aut.add("//a text"));
}

CAF_TEST(history is searched from the newest on in any case) {
  input_history aut;
  aut.add("Tea one");
  aut.add("coffee");
  aut.add("tea two");
  CAF_CHECK(aut.find("TEA", 3) == 2U);
  CAF_CHECK(aut.find("tea", 2) == 0U);
  CAF_CHECK(!aut.find("tea", 0));
}

CAF_TEST(history survives restarts and is bounded) {
  const std::string folder = [] {
    std::string name = std::filesystem::temp_directory_path() / "callboard-history-XXXXXX";
    return std::string{::mkdtemp(name.data())};
  }();
  const history_file file{folder};
  file.append("two\nlines \\ and a backslash");
  for (int i = 0; i < 2500; ++i)
    file.append("line " + std::to_string(i));
  input_history first;
  history_file{folder}.load(first);
  CAF_CHECK_EQUAL(first.lines().size(), input_history::most);
  CAF_CHECK_EQUAL(first.lines().back(), "line 2499");
  file.append("two\nlines \\ and a backslash");
  input_history second;
  history_file{folder}.load(second);
  CAF_CHECK_EQUAL(second.lines().back(), "two\nlines \\ and a backslash");
  CAF_CHECK(std::filesystem::file_size(folder + "/history") < 20000);
  CAF_CHECK((std::filesystem::status(folder + "/history").permissions()
             & (std::filesystem::perms::group_all | std::filesystem::perms::others_all))
            == std::filesystem::perms::none);
  std::filesystem::remove_all(folder);
}

CAF_TEST(Tab takes the last speaker first and goes round) {
  const word_sources sources{{"bob", "bert", "zoe"}, {"general", "tea"}, {"/help", "/history"}};
  completion aut{"b", 1, sources};
  CAF_CHECK_EQUAL(aut.next(), "bob: ");
  CAF_CHECK_EQUAL(aut.next(), "bert: ");
  CAF_CHECK_EQUAL(aut.next(), "bob: ");
  CAF_CHECK_EQUAL(aut.previous(), "bert: ");
  completion inside{"hello B", 7, sources};
  CAF_CHECK_EQUAL(inside.begin(), 6U);
  CAF_CHECK_EQUAL(inside.next(), "bob ");
  CAF_CHECK_EQUAL(completed("", sources), "bob: ");
}

CAF_TEST(Tab knows commands and rooms and emoji) {
  const word_sources sources{{"bob"}, {"general", "tea"}, {"/help", "/history", "/join"}};
  CAF_CHECK_EQUAL(completed("/hi", sources), "/history ");
  CAF_CHECK_EQUAL(completed("/join t", sources), "tea");
  CAF_CHECK_EQUAL(completed("/join #t", sources), "tea"); // It is no part of the name.
  CAF_CHECK_EQUAL((completion{"/join #t", 8, sources}.begin()), 6U);
  const word_sources party{{}, {"garden party"}, {}};
  CAF_CHECK_EQUAL(completed("/leave garden p", party), "garden party");
  CAF_CHECK_EQUAL((completion{"/leave garden p", 15, party}.begin()), 7U);
  CAF_CHECK_EQUAL(completed("see #g", sources), "general ");
  CAF_CHECK_EQUAL(completed("/me b", sources), "bob ");
  CAF_CHECK_EQUAL(completed(":smi", sources), "\U0001F600 ");
  CAF_CHECK(completion("nobody", 6, sources).empty());
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace typing_aids_suite
