// What was typed, on disk: read back after any end, by one process at a time, and never sent as
// somebody else's.
#define CAF_SUITE client_outbox_file

#include "client/outbox_file.hpp"

#include "client/journal_record.hpp"
#include "client/outbox_left.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace callboard;
using namespace callboard::client;

namespace fs = std::filesystem;

namespace outbox_file_suite {

namespace {

struct fixture {
  std::string folder = [] {
    std::string name = fs::temp_directory_path() / "callboard-outbox-XXXXXX";
    return std::string{::mkdtemp(name.data())};
  }();
  std::size_t posts_most = 1000;
  std::size_t bytes_most = 1U << 20U;

  fixture() = default;
  fixture(const fixture&) = delete;
  fixture& operator=(const fixture&) = delete;
  ~fixture() { fs::remove_all(folder); }

  opened_journal open(std::string_view name = "alice", const std::string& server = "a:1") {
    return outbox_files(folder, server)(name, posts_most, bytes_most);
  }

  /// In a process of its own that ends as by kill -9.
  template <class Action>
  void in_a_killed_process(Action action) {
    const auto child = ::fork();
    if (child == 0) {
      auto opened = open();
      action(*opened.journal);
      ::_exit(0); // No destructor runs.
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CAF_REQUIRE_EQUAL(status, 0);
  }

  std::vector<std::string> files(const std::string& part = "") {
    std::vector<std::string> found;
    for (const auto& each : fs::directory_iterator{folder})
      if (each.path().filename().string().find(part) != std::string::npos)
        found.push_back(each.path());
    std::sort(found.begin(), found.end());
    return found;
  }

  static std::string content(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
  }

  static std::string ids(const std::vector<kept_post>& posts) {
    std::string text;
    for (const auto& post : posts)
      text += post.id + " ";
    return text;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outbox_file_tests, fixture)

CAF_TEST(a line says any bytes and a damaged one says nothing) {
  std::mt19937 dice{7};
  for (int round = 0; round < 3000; ++round) {
    const auto text = [&dice] {
      std::string bytes(dice() % 40, '\0');
      for (auto& byte : bytes)
        byte = static_cast<char>(dice() % 4 == 0 ? dice() % 256 : " %\n\ta"[dice() % 5]);
      return bytes;
    };
    const journal_record what{static_cast<journal_record::what>(dice() % 4), text(), text(),
                              text()};
    auto line = to_line(what);
    CAF_REQUIRE(line.ends_with('\n') && line.find('\n') == line.size() - 1);
    line.pop_back();
    CAF_REQUIRE(read_line(line) == what);
    const auto at = dice() % line.size();
    line[at] = static_cast<char>(line[at] ^ (1U << (dice() % 8)));
    CAF_REQUIRE(!read_line(line));
    CAF_REQUIRE(!read_line(line.substr(0, at)));
  }
}

CAF_TEST(what was typed survives a kill in its order and without what was stored) {
  in_a_killed_process([](post_journal& journal) {
    journal.add({"tea", "1", "one"});
    journal.add({"pot", "2", "two\nlines %41"});
    journal.add({"tea", "3", "three"});
    journal.done("1");
  });
  const auto opened = open();
  CAF_CHECK(opened.troubles.empty());
  CAF_CHECK(opened.left
            == (std::vector<kept_post>{{"pot", "2", "two\nlines %41"}, {"tea", "3", "three"}}));
}

CAF_TEST(when all is stored no file stays) {
  {
    auto opened = open();
    opened.journal->add({"tea", "1", "one"});
    opened.journal->done("1");
  }
  CAF_CHECK(files().empty());
  in_a_killed_process([](post_journal&) {});
  CAF_CHECK_EQUAL(files().size(), 1U);
  { const auto opened = open(); }
  CAF_CHECK(files().empty());
}

CAF_TEST(two processes of one author leave each other alone) {
  auto first = open();
  first.journal->add({"tea", "1", "one"});
  auto second = open();
  CAF_CHECK(second.left.empty());
  second.journal->add({"tea", "2", "two"});
  first.journal.reset();
  second.journal.reset();
  CAF_CHECK_EQUAL(ids(open().left), "1 2 ");
}

CAF_TEST(several killed processes are taken over oldest first and once) {
  for (const auto* const id : {"1", "2", "3"})
    in_a_killed_process([id](post_journal& journal) {
      journal.add({"tea", id, "x"});
      journal.add({"tea", std::string{id} + "b", "x"});
    });
  const auto opened = open();
  // The later ones had taken over what the earlier ones left.
  CAF_CHECK_EQUAL(ids(opened.left), "1 1b 2 2b 3 3b ");
  CAF_CHECK_EQUAL(files().size(), 1U);
  CAF_CHECK(open().left.empty());
}

CAF_TEST(another server and another author have outboxes of their own) {
  in_a_killed_process([](post_journal& journal) { journal.add({"tea", "1", "x"}); });
  CAF_CHECK(open("bob").left.empty());
  CAF_CHECK(open("alice", "b:1").left.empty());
  CAF_CHECK_EQUAL(ids(open("ALICE").left), "1 "); // The server's rule for names.
}

CAF_TEST(a torn last line is no damage) {
  in_a_killed_process([](post_journal& journal) { journal.add({"tea", "1", "x"}); });
  std::ofstream{files().at(0), std::ios::app} << "0badc0de post te";
  const auto opened = open();
  CAF_CHECK_EQUAL(ids(opened.left), "1 ");
  CAF_CHECK(opened.troubles.empty());
}

CAF_TEST(a damaged file is set aside and said and what can be read is sent) {
  in_a_killed_process([](post_journal& journal) {
    for (const auto* const id : {"1", "2", "3"})
      journal.add({"tea", id, std::string{"text of "} + id});
  });
  auto text = content(files().at(0));
  text[text.find("text%20of%202")] = 'T';
  std::ofstream{files().at(0)} << text;
  const auto opened = open();
  CAF_CHECK_EQUAL(ids(opened.left), "1 3 ");
  CAF_REQUIRE_EQUAL(opened.troubles.size(), 1U);
  const auto aside = files(".damaged");
  CAF_REQUIRE_EQUAL(aside.size(), 1U);
  CAF_CHECK(opened.troubles[0].find(aside[0]) != std::string::npos);
  CAF_CHECK(opened.troubles[0].find("line 3") != std::string::npos);
  CAF_CHECK(content(aside[0]) == text);
  CAF_CHECK(open().troubles.empty()); // Said once.
}

CAF_TEST(rubbish is set aside too) {
  in_a_killed_process([](post_journal& journal) { journal.add({"tea", "1", "x"}); });
  std::ofstream{files().at(0)} << std::string(5000, '\xff') << '\n' << '\0' << '\n';
  const auto opened = open();
  CAF_CHECK(opened.left.empty());
  CAF_CHECK_EQUAL(opened.troubles.size(), 1U);
  CAF_CHECK_EQUAL(files(".damaged").size(), 1U);
}

CAF_TEST(messages of another author of the name are put aside and not sent) {
  in_a_killed_process([](post_journal& journal) {
    CAF_CHECK(journal.bind("author-1").empty());
    journal.add({"tea", "1", "sent perhaps"});
  });
  {
    auto opened = open();
    CAF_CHECK_EQUAL(ids(opened.left), "1 "); // Who we are is not known yet.
    opened.journal->add({"tea", "2", "typed before the welcome"});
    CAF_CHECK(opened.journal->bind("author-2") == std::vector<std::string>{"1"});
    CAF_CHECK_EQUAL(opened.journal->troubles().size(), 1U);
    const auto aside = files(".another-author");
    CAF_REQUIRE_EQUAL(aside.size(), 1U);
    CAF_CHECK(content(aside[0]).find("sent%20perhaps") != std::string::npos);
  }
  auto opened = open();
  CAF_CHECK_EQUAL(ids(opened.left), "2 ");
  CAF_CHECK(opened.journal->bind("author-2").empty());
}

CAF_TEST(what was typed before the first welcome belongs to whoever is welcome then) {
  in_a_killed_process([](post_journal& journal) {
    journal.add({"tea", "1", "early"});
    CAF_CHECK(journal.bind("author-1").empty());
  });
  CAF_CHECK(open().journal->bind("author-2") == std::vector<std::string>{"1"});
}

CAF_TEST(more than may wait is left for later) {
  in_a_killed_process([](post_journal& journal) {
    for (int i = 0; i < 20; ++i)
      journal.add({"tea", std::to_string(i), "x"});
  });
  posts_most = 10;
  {
    const auto opened = open();
    CAF_CHECK(opened.left.empty());
    CAF_CHECK_EQUAL(opened.troubles.size(), 1U);
  }
  posts_most = 20;
  CAF_CHECK_EQUAL(open().left.size(), 20U);
}

CAF_TEST(a file does not grow with what was stored) {
  auto opened = open();
  opened.journal->add({"tea", "first", "waits all the time"});
  const std::string text(2000, 'x');
  for (int i = 0; i < 3000; ++i) {
    opened.journal->add({"tea", std::to_string(i), text});
    opened.journal->done(std::to_string(i));
  }
  CAF_REQUIRE_EQUAL(files().size(), 1U);
  CAF_CHECK(fs::file_size(files()[0]) < 1'500'000U);
  CAF_CHECK(open().left.empty()); // And the lock still holds.
  opened.journal.reset();
  CAF_CHECK_EQUAL(ids(open().left), "first ");
}

CAF_TEST(nobody else can read it) {
  const auto opened = open();
  opened.journal->add({"tea", "1", "secret"});
  const auto rights = fs::status(files().at(0)).permissions();
  CAF_CHECK((rights & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
}

CAF_TEST(no folder is said) {
  const auto opened = outbox_files({}, "a:1")("alice", 10, 10);
  CAF_CHECK(opened.journal == nullptr);
  CAF_CHECK_EQUAL(opened.troubles.size(), 1U);
  const auto blocked = outbox_files("/proc/nowhere", "a:1")("alice", 10, 10);
  CAF_CHECK(blocked.journal == nullptr);
  CAF_CHECK_EQUAL(blocked.troubles.size(), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace outbox_file_suite
