// What only a file can suffer: a full disk, the lock of another program, its own removal.
#define CAF_SUITE sqlite_store

#include "storage/sqlite_store.hpp"

#include "places.hpp"

#include <caf/test/unit_test.hpp>

#include <csignal>
#include <sys/resource.h>

using namespace callboard;
using namespace callboard::places;
using namespace std::chrono_literals;

namespace sqlite_store_suite {

namespace {

struct fixture {
  folder here;
  std::string path = here / "callboard.db";
  std::unique_ptr<database> db = must(open_database("sqlite:" + path));
  preparation found = must(db->prepare());
  store_ptr store = db->writer();

  static std::vector<draft_ptr> one(const std::string& id, std::string text = "text") {
    return {make_draft("a", "ann", id, std::move(text))};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sqlite_store_tests, fixture)

CAF_TEST(the connection of a store syncs every commit) {
  // The setting is per connection: this is how the store opens its own. That the disk then really
  // is asked before an answer can only be seen from outside.
  const auto handle = open_sqlite_handle(path);
  CAF_CHECK_EQUAL(handle->value("pragma synchronous"), "2"); // FULL
  CAF_CHECK_EQUAL(handle->value("pragma journal_mode"), "wal");
}

CAF_TEST(readers do not wait for writers) {
  must(store->append(one("1")));
  sqlite_handle writer{path, 1000ms};
  writer.script("begin immediate");
  CAF_CHECK_EQUAL(all_of(*db->reader(), "a").size(), 1U);
}

CAF_TEST(a transaction that is not committed leaves nothing) {
  sqlite_handle other{path, 1000ms};
  {
    const sqlite_transaction transaction{other};
    other.script("insert into meta (key, value) values ('k', 'v')");
    CAF_CHECK(other.in_transaction());
  }
  CAF_CHECK(!other.in_transaction());
  CAF_CHECK_EQUAL(other.value("select value from meta where key = 'k'"), "");
}

CAF_TEST(a full disk refuses for now and the same call settles it later) {
  must(store->append(one("1")));
  // The file-size limit stands for the full disk: the write fails in the middle of the transaction.
  const auto old_action = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tight{200'000, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  const auto large = one("2", std::string(1'000'000, 'x'));
  const auto answer = store->append(large);
  const auto small_again = store->append(one("3"));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_action);
  CAF_CHECK(failure_of(answer).fault == store_fault::again);
  const bool small_stored = value_of(small_again) != nullptr;
  const auto got = must(store->append(large));
  CAF_CHECK_EQUAL(got[0].seq, small_stored ? 3U : 2U);
  CAF_CHECK(!got[0].duplicate);
  CAF_CHECK_EQUAL((sqlite_handle{path, 1000ms}.value("pragma integrity_check")), "ok");
}

CAF_TEST(the lock of another program refuses for now) {
  sqlite_handle other{path, 1000ms};
  other.script("begin immediate");
  CAF_CHECK(failure_of(store->append(one("1"))).fault == store_fault::again);
  other.script("rollback");
  CAF_CHECK_EQUAL(+must(store->append(one("1")))[0].seq, 1U);
}

CAF_TEST(nothing is acknowledged into a file that was deleted) {
  must(store->append(one("1")));
  std::filesystem::remove(path);
  CAF_CHECK(failure_of(store->append(one("2"))).fault == store_fault::again);
  CAF_CHECK(failure_of(db->writer()->append(one("2"))).fault == store_fault::again);
  CAF_CHECK(failure_of(store->ping()).fault == store_fault::again);
  CAF_CHECK(!std::filesystem::exists(path));
}

CAF_TEST(nothing is acknowledged into a file that was put in its place) {
  must(store->append(one("1")));
  std::filesystem::copy_file(path, path + ".copy");
  std::filesystem::rename(path + ".copy", path);
  CAF_CHECK(failure_of(store->append(one("2"))).fault == store_fault::again);
  CAF_CHECK(failure_of(store->read({"a", read_query::direction::after, 0, 5})).fault
            == store_fault::again);
}

CAF_TEST(a damaged page is no reason to refuse a draft for ever) {
  std::vector<draft_ptr> batch;
  batch.reserve(500);
  for (int i = 0; i < 500; ++i)
    batch.push_back(make_draft("a", "ann", std::to_string(i), std::string(200, 'x')));
  must(store->append(batch));
  store.reset();
  db.reset(); // Checkpoints the WAL.
  auto* file = std::fopen(path.c_str(), "r+b");
  CAF_REQUIRE(file != nullptr);
  const std::string junk(std::filesystem::file_size(path) - 24576, '\xa5');
  std::fseek(file, 24576, SEEK_SET);
  CAF_CHECK_EQUAL(std::fwrite(junk.data(), 1, junk.size(), file), junk.size());
  std::fclose(file);
  db = must(open_database("sqlite:" + path));
  const auto opened = db->prepare();
  if (const auto* why = std::get_if<unusable>(&opened)) {
    CAF_CHECK_EQUAL(why->exit_code, 65);
    return;
  }
  const auto page = db->reader()->read({"a", read_query::direction::after, 0, 1000});
  CAF_CHECK(failure_of(page).fault == store_fault::again);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace sqlite_store_suite
