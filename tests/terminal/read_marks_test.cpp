// Marks of what was read: kept between processes, and never moving backwards.
#define CAF_SUITE terminal_read_marks

#include "client/screen/read_marks.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

using namespace callboard;
using namespace callboard::client;

namespace read_marks_suite {

namespace {

struct fixture {
  std::string folder;

  fixture() {
    std::string name = std::filesystem::temp_directory_path() / "callboard-marks-XXXXXX";
    folder = ::mkdtemp(name.data()) == nullptr ? std::string{} : name;
  }
  ~fixture() { std::filesystem::remove_all(folder); }

  [[nodiscard]] read_marks open(const std::string& server = "host:1",
                                const std::string& name = "ada") const {
    return {folder, server, name};
  }

  [[nodiscard]] std::filesystem::path only_file() const {
    std::filesystem::path found;
    int count = 0;
    for (const auto& one : std::filesystem::directory_iterator{folder}) {
      found = one.path();
      ++count;
    }
    CAF_REQUIRE_EQUAL(count, 1);
    return found;
  }
};

void write(read_marks& marks, const std::string& room, seq_t seq, const std::string& epoch = "e1") {
  marks.advance(room, epoch, seq);
  marks.save();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(read_marks_tests, fixture)

CAF_TEST(a mark outlives its process) {
  auto first = open();
  CAF_CHECK(!first.position("tea and cake", "e1"));
  write(first, "tea and cake", 7);
  CAF_CHECK(!first.changed());
  CAF_CHECK(open().position("tea and cake", "e1") == seq_t{7});
  CAF_CHECK(open("host:1", "Ada").position("tea and cake", "e1") == seq_t{7});
}

CAF_TEST(another server and another author and another log have marks of their own) {
  auto aut = open();
  write(aut, "tea", 7);
  CAF_CHECK(!open("host:2").position("tea", "e1"));
  CAF_CHECK(!open("host:1", "bob").position("tea", "e1"));
  CAF_CHECK(!open().position("tea", "e2"));
  write(aut, "tea", 2, "e2");
  CAF_CHECK(open().position("tea", "e2") == seq_t{2});
}

CAF_TEST(a mark never moves backwards whoever writes last) {
  auto slow = open();
  slow.advance("tea", "e1", 5);
  auto fast = open();
  write(fast, "tea", 9);
  write(fast, "cake", 3);
  fast.advance("tea", "e1", 8);
  CAF_CHECK(!fast.changed());
  slow.save();
  CAF_CHECK(open().position("tea", "e1") == seq_t{9});
  CAF_CHECK(open().position("cake", "e1") == seq_t{3});
}

CAF_TEST(a process that read nothing of a log does not bring the log of before back) {
  auto old = open();
  write(old, "tea", 50);
  auto fresh = open();
  write(fresh, "tea", 2, "e2");
  write(old, "cake", 1);
  CAF_CHECK(open().position("tea", "e2") == seq_t{2});
}

CAF_TEST(a damaged file costs no more than its damaged lines) {
  auto aut = open();
  write(aut, "tea", 7);
  const auto path = only_file();
  std::ofstream{path, std::ios::app}
    << "x e1 cake\n\n12\n12 e1\n99999999999999999999 e1 milk\n5 e1 bread";
  const auto again = open();
  CAF_CHECK(again.position("tea", "e1") == seq_t{7});
  CAF_CHECK(again.position("bread", "e1") == seq_t{5});
  CAF_CHECK(!again.position("cake", "e1") && !again.position("milk", "e1"));
  std::ofstream{path} << "some other server\nada\n9 e1 tea\n";
  CAF_CHECK(!open().position("tea", "e1"));
}

CAF_TEST(only the owner can read which rooms somebody reads) {
  auto aut = open();
  write(aut, "tea", 7);
  const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  CAF_CHECK((std::filesystem::status(only_file()).permissions() & others)
            == std::filesystem::perms::none);
}

CAF_TEST(without a folder marks live as long as the process) {
  read_marks aut{"", "host:1", "ada"};
  write(aut, "tea", 7);
  CAF_CHECK(aut.position("tea", "e1") == seq_t{7});
}

CAF_TEST(the file is bounded) {
  auto aut = open();
  for (std::size_t i = 0; i < 2 * read_marks::rooms_most; ++i)
    aut.advance("room " + std::to_string(i), "e1", 1);
  aut.save();
  auto again = open();
  write(again, "one more", 1);
  std::ifstream file{only_file()};
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line);)
    ++lines;
  CAF_CHECK(lines <= read_marks::rooms_most + 3);
  CAF_CHECK(open().position("one more", "e1") == seq_t{1});
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace read_marks_suite
