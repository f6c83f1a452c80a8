// What is being typed, on disk: of a process that died it is given back once, and of one that lives
// to nobody.
#define CAF_SUITE terminal_drafts

#include "client/screen/draft_file.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

using namespace callboard::client;

namespace drafts_suite {

namespace {

struct fixture {
  std::string folder;

  fixture() {
    std::string name = std::filesystem::temp_directory_path() / "callboard-drafts-XXXXXX";
    folder = ::mkdtemp(name.data()) == nullptr ? std::string{} : name;
  }
  ~fixture() { std::filesystem::remove_all(folder); }

  /// A process that dies with these texts.
  void dies_with(const draft_file::drafts& texts) const {
    draft_file one{folder, "host:1"};
    one.keep(texts);
  }

  [[nodiscard]] std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> found;
    for (const auto& one : std::filesystem::directory_iterator{folder})
      found.push_back(one.path());
    return found;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(drafts_tests, fixture)

CAF_TEST(what was typed is given back once and to its room) {
  dies_with({{"garden party", "two\nlines \\ and a\ttab"}, {"tea", "for tea"}});
  draft_file next{folder, "host:1"};
  CAF_CHECK_EQUAL(next.take("tea"), "for tea");
  CAF_CHECK_EQUAL(next.take("tea"), "");
  CAF_CHECK_EQUAL(next.take("garden party"), "two\nlines \\ and a\ttab");
  next.keep({});
  CAF_CHECK(files().empty());
  CAF_CHECK_EQUAL((draft_file{folder, "host:1"}.take("tea")), "");
}

CAF_TEST(what nobody has taken waits for its room) {
  dies_with({{"tea", "for tea"}});
  for (int start = 0; start < 3; ++start) {
    draft_file other{folder, "host:1"};
    other.keep({{"cake", "for cake " + std::to_string(start)}});
    static_cast<void>(other.take("cake"));
  }
  draft_file next{folder, "host:1"};
  CAF_CHECK_EQUAL(next.take("tea"), "for tea");
}

CAF_TEST(texts of a process that lives are its own) {
  draft_file alive{folder, "host:1"};
  alive.keep({{"tea", "typing this"}});
  alive.keep({{"tea", "typing this now"}}); // Another file by now, and still its own.
  draft_file other{folder, "host:1"};
  CAF_CHECK_EQUAL(other.take("tea"), "");
  CAF_CHECK_EQUAL(files().size(), 1U);
}

CAF_TEST(two processes that died leave both texts) {
  std::optional<draft_file> first{std::in_place, folder, "host:1"};
  std::optional<draft_file> second{std::in_place, folder, "host:1"};
  first->keep({{"tea", "one"}, {"cake", "same"}});
  second->keep({{"tea", "two"}, {"cake", "same"}});
  first.reset();
  second.reset();
  draft_file next{folder, "host:1"};
  CAF_CHECK_EQUAL(files().size(), 1U);
  CAF_CHECK_EQUAL(next.take("tea"), "one\ntwo");
  CAF_CHECK_EQUAL(next.take("cake"), "same");
}

CAF_TEST(another server has drafts of its own) {
  dies_with({{"tea", "for one"}});
  draft_file other{folder, "host:2"};
  CAF_CHECK_EQUAL(other.take("tea"), "");
  // Two servers whose names have one hash: the file says whose it is.
  std::ofstream{files().front()} << "host:3\ntea\tforeign\n";
  draft_file next{folder, "host:1"};
  CAF_CHECK_EQUAL(next.take("tea"), "");
  CAF_CHECK_EQUAL(files().size(), 1U);
}

CAF_TEST(a file that was never finished costs nothing) {
  dies_with({{"tea", "for tea"}});
  const auto path = files().front();
  std::ofstream{path.string() + ".new"} << "host:1\ntea\thalf of";
  draft_file next{folder, "host:1"};
  CAF_CHECK_EQUAL(next.take("tea"), "for tea");
  next.keep({{"tea", "more"}});
  std::filesystem::resize_file(path.string() + ".new", 0);
  std::ofstream empty{folder + "/" + path.filename().string().substr(0, 24) + "1"};
  draft_file third{folder, "host:1"};
  CAF_CHECK_EQUAL(third.take("tea"), "");
}

CAF_TEST(only the owner can read what is being typed) {
  dies_with({{"tea", "for tea"}});
  const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  CAF_CHECK((std::filesystem::status(files().front()).permissions() & others)
            == std::filesystem::perms::none);
}

CAF_TEST(without a folder drafts live as long as the process) {
  draft_file aut{"", "host:1"};
  aut.keep({{"tea", "for tea"}});
  draft_file next{"", "host:1"};
  CAF_CHECK_EQUAL(next.take("tea"), "");
  std::ofstream file{folder + "/file"};
  draft_file lost{folder + "/file/folder", "host:1"}; // It cannot be made.
  lost.keep({{"tea", "for tea"}});
  CAF_CHECK_EQUAL(files().size(), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace drafts_suite
