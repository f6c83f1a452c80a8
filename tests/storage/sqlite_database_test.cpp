// An SQLite file at start: one server only, never a stranger's file, and a sentence for every
// reason.
#define CAF_SUITE sqlite_database

#include "places.hpp"

#include <caf/test/unit_test.hpp>

#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace callboard;
using namespace callboard::places;
using namespace std::chrono_literals;

namespace sqlite_database_suite {

namespace {

struct fixture {
  folder here;
  std::string path = here / "callboard.db";

  [[nodiscard]] std::unique_ptr<database> open() const {
    return must(open_database("sqlite:" + path));
  }

  [[nodiscard]] unusable refusal() const { return why_unusable(open()->prepare()); }

  void sql(const std::string& text) const { sqlite_handle{path, 1000ms}.script(text); }
};

std::string content(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Root may write everywhere, so it becomes nobody for a while.
class as_nobody {
public:
  as_nobody() {
    if (geteuid() == 0 && seteuid(65534) != 0)
      throw std::runtime_error{"cannot become nobody"};
  }
  as_nobody(const as_nobody&) = delete;
  as_nobody& operator=(const as_nobody&) = delete;
  ~as_nobody() {
    if (getuid() == 0 && seteuid(0) != 0)
      std::abort();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sqlite_database_tests, fixture)

CAF_TEST(a new file is migrated from nothing and only its owner may read it) {
  const auto found = must(open()->prepare());
  CAF_CHECK_EQUAL(found.migrated_from, 0);
  CAF_CHECK_EQUAL(found.schema, 1);
  CAF_CHECK(found.warnings.empty());
  CAF_CHECK(!found.epochs_renewed);
  struct stat seen = {};
  stat(path.c_str(), &seen);
  CAF_CHECK_EQUAL(seen.st_mode & 0777U, 0600U);
  const auto again = must(open()->prepare());
  CAF_CHECK_EQUAL(again.migrated_from, 1);
}

CAF_TEST(a second server is refused and told which process holds the file) {
  auto first = open();
  must(first->prepare());
  const auto why = refusal();
  CAF_CHECK_EQUAL(why.exit_code, 69);
  CAF_CHECK(contains(why.cause, std::to_string(getpid())));
  // Also through another name of the same file.
  std::filesystem::create_symlink(path, here / "other.db");
  CAF_CHECK_EQUAL(
    why_unusable(must(open_database("sqlite:" + (here / "other.db")))->prepare()).exit_code, 69);
  CAF_CHECK_EQUAL(why_unusable(open()->renew_epochs()).exit_code, 69);
  // A store holds the file even when its database is gone.
  auto store = first->writer();
  first.reset();
  CAF_CHECK_EQUAL(refusal().exit_code, 69);
  store.reset();
  must(open()->prepare());
}

CAF_TEST(a newer schema is refused untouched) {
  must(open()->prepare());
  sql("insert into schema_migration (version, name) values (999, 'future'); pragma "
      "wal_checkpoint(truncate)");
  const auto before = content(path);
  const auto why = refusal();
  CAF_CHECK_EQUAL(why.exit_code, 78);
  CAF_CHECK(contains(why.cause, "999"));
  CAF_CHECK(contains(why.cause, "up to 1"));
  CAF_CHECK(before == content(path));
  CAF_CHECK_EQUAL(why_unusable(open()->renew_epochs()).exit_code, 78);
}

CAF_TEST(a copied file gets new epochs once) {
  std::string epoch;
  {
    const auto db = open();
    must(db->prepare());
    epoch = must(db->writer()->open("a")).epoch;
  }
  CAF_CHECK(!must(open()->prepare()).epochs_renewed);
  const auto original = path;
  path = here / "copy.db";
  std::filesystem::copy_file(original, path);
  CAF_CHECK(must(open()->prepare()).epochs_renewed);
  CAF_CHECK(!must(open()->prepare()).epochs_renewed);
  const auto db = open();
  must(db->prepare());
  CAF_CHECK(must(db->writer()->open("a")).epoch != epoch);
  CAF_CHECK_EQUAL(must(db->writer()->open("a")).epoch.size(), 32U);
  // And a backup that was put back over the original.
  path = original;
  std::filesystem::copy_file(here / "copy.db", path,
                             std::filesystem::copy_options::overwrite_existing);
  CAF_CHECK(must(open()->prepare()).epochs_renewed);
}

CAF_TEST(a file or directory that cannot be written is explained) {
  chmod(here.path().c_str(), 0555);
  const as_nobody weak;
  const auto why = refusal();
  CAF_CHECK_EQUAL(why.exit_code, 77);
  CAF_CHECK(contains(why.what, path));
  CAF_CHECK(contains(why.cause, "mode 555"));
  CAF_CHECK(contains(why.cause, "user " + std::to_string(geteuid())));
  CAF_CHECK(!why.hint.empty());
}

CAF_TEST(a file that only others may write is explained) {
  must(open()->prepare());
  chmod(path.c_str(), 0444);
  chmod((path + ".lock").c_str(), 0666);
  chmod(here.path().c_str(), 0777);
  const as_nobody weak;
  const auto why = refusal();
  CAF_CHECK_EQUAL(why.exit_code, 77);
  CAF_CHECK(contains(why.cause, "mode 444"));
}

CAF_TEST(a missing directory and a directory as a file are explained) {
  path = here / "none/callboard.db";
  CAF_CHECK_EQUAL(refusal().exit_code, 73);
  CAF_CHECK(contains(refusal().hint, "mkdir -p " + (here / "none")));
  path = here.path().string();
  CAF_CHECK_EQUAL(refusal().exit_code, 78);
  std::filesystem::remove(path + ".lock");
}

CAF_TEST(a file that is no database is refused untouched) {
  std::ofstream{path} << std::string(10'000, 'x');
  const auto why = refusal();
  CAF_CHECK_EQUAL(why.exit_code, 65);
  CAF_CHECK(contains(why.what, path));
  CAF_CHECK_EQUAL(content(path), std::string(10'000, 'x'));
}

CAF_TEST(the file of another program is refused untouched) {
  std::ofstream{path}.close();
  sql("create table bookmarks (url text)");
  const auto before = content(path);
  CAF_CHECK_EQUAL(refusal().exit_code, 65);
  CAF_CHECK_EQUAL(why_unusable(open()->renew_epochs()).exit_code, 65);
  CAF_CHECK(before == content(path));
}

CAF_TEST(a store of a database that was never prepared stores nothing) {
  const auto db = open();
  CAF_CHECK(failure_of(db->writer()->open("a")).fault == store_fault::again);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace sqlite_database_suite
