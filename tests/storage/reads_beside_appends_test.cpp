// Long reads never delay commits: each reader has a connection of its own, and no lock of the
// database lies between.
#define CAF_SUITE reads_beside_appends

#include "places.hpp"

#include <caf/test/unit_test.hpp>

#include <thread>

using namespace callboard;
using namespace callboard::places;
using namespace std::chrono_literals;

namespace reads_beside_appends_suite {

namespace {

constexpr std::size_t many = 200'000; // A read of some tenths of a second at least.

draft_ptr post(int number) {
  return make_draft("short", "ann", std::to_string(number), "text");
}

/// Appends while somebody else reads the whole of room `long`; how many commits were answered
/// meanwhile. With one connection for both it is at most the one that was there first.
int appends_during_a_read(database& db) {
  const auto writer = db.writer();
  const auto reader = db.reader();
  must(writer->open("short"));
  must(writer->append(std::vector{post(0)}));
  must(reader->ping());
  std::promise<void> begins;
  auto read = std::async(std::launch::async, [&] {
    begins.set_value();
    return all_of(*reader, "long").size();
  });
  begins.get_future().wait();
  int answered = 0;
  for (int number = 1; read.wait_for(0s) == std::future_status::timeout; ++number) {
    must(writer->append(std::vector{post(number)}));
    if (read.wait_for(0s) == std::future_status::timeout)
      ++answered;
  }
  CAF_CHECK_EQUAL(read.get(), many);
  return answered;
}

} // namespace

CAF_TEST(commits on SQLite do not wait for a long read) {
  const folder here;
  const auto path = here / "callboard.db";
  const auto db = must(open_database("sqlite:" + path));
  must(db->prepare());
  must(db->writer()->open("long"));
  sqlite_handle{path, 1000ms}.script(
    "with recursive n(s) as (select 1 union all select s + 1 from n where s < "
    + std::to_string(many)
    + ") insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at) "
      "select room.id, s, 1, 'ann', 'ann', s, 'text', s from n, room where room.name = 'long'");
  CAF_CHECK(appends_during_a_read(*db) > 5);
}

CAF_TEST(commits on PostgreSQL do not wait for a long read) {
  postgres_place here;
  const auto db = must(open_database(here.url()));
  must(db->prepare());
  must(db->writer()->open("long"));
  here.sql("insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at) "
           "select room.id, s, 1, 'ann', 'ann', s, 'text', now() from room, generate_series(1, "
           + std::to_string(many) + ") s where room.name = 'long'");
  CAF_CHECK(appends_during_a_read(*db) > 5);
}

CAF_TEST(a snapshot that stays open keeps no commit on SQLite waiting) {
  const folder here;
  const auto path = here / "callboard.db";
  const auto db = must(open_database("sqlite:" + path));
  must(db->prepare());
  const auto writer = db->writer();
  must(writer->append(std::vector{post(0)}));
  sqlite_handle reader{path, 1000ms};
  auto rows = reader.prepare("select * from entry");
  CAF_CHECK(rows.step()); // Neither reset nor ended: the read is under way.
  const auto start = std::chrono::steady_clock::now();
  for (int number = 1; number < 20; ++number)
    must(writer->append(std::vector{post(number)}));
  CAF_CHECK(std::chrono::steady_clock::now() - start
            < 2s); // The store's patience for a lock is 3 s.
}

} // namespace reads_beside_appends_suite
