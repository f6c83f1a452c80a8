// What only a server over a network can do to a store: vanish, refuse for now, keep a commit
// waiting.
#define CAF_SUITE postgres_store

#include "places.hpp"
#include "storage/pg_array.hpp"

#include <caf/test/unit_test.hpp>

#include <arpa/inet.h>
#include <map>
#include <random>
#include <set>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace callboard;
using namespace callboard::places;
using namespace std::chrono_literals;

namespace postgres_store_suite {

namespace {

struct fixture : prepared_postgres {
  static std::vector<draft_ptr> one(const std::string& id) {
    return {make_draft("a", "ann", id, "text " + id)};
  }

  /// Ends every connection to our database but the test's own.
  void terminate_all() {
    here.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
      "and pid <> pg_backend_pid()");
  }

  bool waits_for_lock() {
    return !here
              .sql("select 1 from pg_stat_activity where datname = current_database() and "
                   "wait_event_type = 'Lock'")
              .empty();
  }

  /// Calls until it succeeds; counts the failures, which must all be `again`.
  std::vector<receipt> persist(const std::vector<draft_ptr>& batch, int& failures) {
    for (;;) {
      const auto answer = store->append(batch);
      if (const auto* got = value_of(answer))
        return *got;
      CAF_CHECK(failure_of(answer).fault == store_fault::again);
      CAF_REQUIRE(++failures < 1000);
    }
  }
};

struct answered {
  draft_ptr what;
  receipt got;
};

/// 40 batches of 20 drafts, 30 % of them repetitions. Authors and ids are the same for all seeds,
/// texts not always, so repetitions and conflicts meet across connections.
std::vector<answered> write_at_random(store& to, unsigned seed) {
  std::mt19937 random{seed};
  const auto pick = [&](std::size_t below) { return random() % below; };
  std::vector<answered> all;
  std::vector<draft_ptr> past;
  int fresh = 0;
  const auto next = [&] {
    if (!past.empty() && pick(100) < 30)
      return past[pick(past.size())];
    return make_draft("room " + std::to_string(pick(5)), "author " + std::to_string(pick(3)),
                      "id " + std::to_string(fresh++),
                      pick(10) == 0 ? "text of " + std::to_string(seed) : "text");
  };
  for (int round = 0; round < 40; ++round) {
    std::vector<draft_ptr> batch(20);
    for (auto& one_draft : batch)
      past.push_back(one_draft = next());
    // No failure at all: with the locks no batch ever meets another's numbers or ids half-way.
    const auto got = must(to.append(batch));
    for (std::size_t i = 0; i < batch.size(); ++i)
      all.push_back({batch[i], got[i]});
  }
  return all;
}

/// Listens and never answers.
struct black_hole {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t port = 0;

  black_hole() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    // Sockets' own API wants this cast.
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener, any, size) != 0 || listen(listener, 5) != 0
        || getsockname(listener, any, &size) != 0)
      throw std::runtime_error{"no socket"};
    port = ntohs(address.sin_port);
  }
  ~black_hole() { close(listener); }
  [[nodiscard]] std::string url() const {
    return "postgres://ann:hunter2@127.0.0.1:" + std::to_string(port) + "/chat";
  }
};

} // namespace

CAF_TEST(array literals quote everything) {
  pg_array texts;
  texts.add(std::string_view{"a"});
  texts.add(std::string_view{""});
  texts.add(std::string_view{"NULL"});
  texts.add(std::string_view{"{\"\\,"});
  CAF_CHECK_EQUAL(std::move(texts).take(), R"({"a","","NULL","{\"\\,"})");
  pg_array numbers;
  numbers.add(1);
  numbers.add(-2);
  CAF_CHECK_EQUAL(std::move(numbers).take(), "{1,-2}");
  CAF_CHECK_EQUAL(pg_array{}.take(), "{}");
}

CAF_TEST_FIXTURE_SCOPE(postgres_store_tests, fixture)

CAF_TEST(a connection that was lost between calls is settled by repetition) {
  int failures = 0;
  for (int i = 0; i < 5; ++i) {
    const auto before = failures;
    CAF_CHECK_EQUAL(+persist(one(std::to_string(i)), failures)[0].seq, static_cast<seq_t>(i + 1));
    CAF_CHECK(failures - before <= 1);
    terminate_all();
  }
  CAF_CHECK(failures > 0);
  CAF_CHECK_EQUAL(all_of(*db->reader(), "a").size(), 5U);
}

CAF_TEST(connections lost under load lose and double nothing) {
  std::atomic<bool> stop = false;
  std::thread killer{[&] {
    while (!stop) {
      terminate_all();
      std::this_thread::sleep_for(25ms); // Connecting must sometimes succeed.
    }
  }};
  int failures = 0;
  std::vector<std::vector<draft_ptr>> sent;
  for (int i = 0; i < 60; ++i) {
    sent.push_back({make_draft("a", "ann", std::to_string(2 * i), "x"),
                    make_draft("b", "ann", std::to_string(i), "y"),
                    make_draft("a", "ann", std::to_string(2 * i + 1), "x")});
    persist(sent.back(), failures);
  }
  stop = true;
  killer.join();
  CAF_CHECK(failures > 0); // Else nothing was tested.
  int ignored = 0;
  const auto log = all_of(*db->reader(), "a");
  CAF_REQUIRE_EQUAL(log.size(), 120U);
  for (std::size_t i = 0; i < log.size(); ++i) {
    CAF_CHECK_EQUAL(log[i].seq, i + 1);
    CAF_CHECK_EQUAL(log[i].client_id, std::to_string(i));
  }
  for (const auto& batch : sent)
    for (const auto& got : persist(batch, ignored))
      CAF_CHECK(got.duplicate && !got.conflict);
}

CAF_TEST(a commit whose answer was lost is settled by repetition) {
  must(store->append(one("1")));
  // The backend waits for the room's lock, its client goes away, and then it commits all the same.
  here.sql("begin; select 1 from room where name = 'a' for update");
  auto stuck = std::async(std::launch::async, [&] { return store->append(one("2")); });
  pg_session& watcher = postgres_place::cluster();
  CAF_REQUIRE(wait_until([&] {
    return !watcher
              .script("select 1 from pg_stat_activity where datname = '" + here.name()
                      + "' and wait_event_type = 'Lock'")
              .empty();
  }));
  store->interrupt();
  CAF_CHECK(failure_of(stuck.get()).fault == store_fault::again);
  here.sql("commit");
  const auto reader = db->reader();
  CAF_CHECK(wait_until([&] { return all_of(*reader, "a").size() == 2; }));
  const auto got = must(store->append(one("2")));
  CAF_CHECK(got[0].duplicate);
  CAF_CHECK_EQUAL(got[0].seq, 2U);
}

CAF_TEST(opening a room waits for every transaction that could still change its head) {
  must(store->append(one("1")));
  here.sql("begin; update room set head = head + 1 where name = 'a'");
  auto opened = std::async(std::launch::async, [&] { return must(store->open("a")); });
  pg_session& watcher = postgres_place::cluster();
  CAF_REQUIRE(wait_until([&] {
    return !watcher
              .script("select 1 from pg_stat_activity where datname = '" + here.name()
                      + "' and wait_event_type = 'Lock'")
              .empty();
  }));
  CAF_CHECK_EQUAL(+must(db->reader()->rooms("a", 1))[0].head, 1U);
  CAF_CHECK(opened.wait_for(0s) == std::future_status::timeout);
  here.sql("commit");
  CAF_CHECK_EQUAL(opened.get().head, 2U);
}

CAF_TEST(nobody reads an entry before its transaction has committed) {
  must(store->append(one("1")));
  here.sql("begin");
  here.sql(
    "select * from append_entries('{a}', 'seed', '{1}', '{1}', '{ann}', '{ann}', '{2}', '{two}')");
  const auto reader = db->reader();
  CAF_CHECK_EQUAL(all_of(*reader, "a").size(), 1U);
  CAF_CHECK_EQUAL(+must(reader->rooms("a", 1))[0].head, 1U);
  here.sql("commit");
  CAF_CHECK_EQUAL(all_of(*reader, "a").size(), 2U);
}

CAF_TEST(four writers on few rooms leave no gap and no double) {
  constexpr unsigned writers = 4;
  std::vector<std::future<std::vector<answered>>> running;
  running.reserve(writers);
  for (unsigned w = 0; w < writers; ++w)
    running.push_back(
      std::async(std::launch::async, [this, w] { return write_at_random(*db->writer(), w); }));
  std::vector<answered> all;
  for (auto& one_writer : running)
    for (auto& one_answer : one_writer.get())
      all.push_back(std::move(one_answer));

  std::map<std::string, std::vector<entry>> logs;
  std::set<std::tuple<std::string, std::string, std::string>> stored;
  const auto reader = db->reader();
  for (const auto& room : must(reader->rooms("", 10))) {
    const auto& log = logs[room.name] = all_of(*reader, room.name);
    CAF_CHECK_EQUAL(log.size(), room.head);
    for (std::size_t i = 0; i < log.size(); ++i) {
      CAF_CHECK_EQUAL(log[i].seq, i + 1);
      CAF_CHECK((stored.emplace(room.name, log[i].from.id, log[i].client_id).second));
    }
  }
  std::size_t fresh = 0;
  std::size_t conflicts = 0;
  for (const auto& [what, got] : all) {
    const auto& kept = logs[what->room].at(got.seq - 1);
    CAF_CHECK_EQUAL(kept.from.id, what->from.id);
    CAF_CHECK_EQUAL(kept.client_id, what->client_id);
    CAF_CHECK_EQUAL(kept.at_ms, got.at_ms);
    CAF_CHECK_EQUAL(kept.text != what->text, got.conflict);
    fresh += got.duplicate ? 0 : 1;
    conflicts += got.conflict ? 1 : 0;
  }
  CAF_CHECK_EQUAL(fresh, stored.size());
  CAF_CHECK_EQUAL(all.size(), 3200U);
  CAF_CHECK(conflicts > 0 && fresh < 2400); // Else the writers did not meet.
}

CAF_TEST(a batch takes its locks in one order whatever its own order is) {
  // Whoever waits for the first lock must hold none of the others: else two batches wait for each
  // other.
  const auto batch_of = [](const std::string& id) {
    std::vector<draft_ptr> batch;
    for (const std::string name : {"f", "c", "e", "a", "b", "d"})
      batch.push_back(make_draft(name, "ann", id, "x"));
    return batch;
  };
  pg_session& watcher = postgres_place::cluster();
  const auto waits = [&] {
    return !watcher
              .script("select 1 from pg_stat_activity where datname = '" + here.name()
                      + "' and wait_event_type = 'Lock'")
              .empty();
  };
  // New rooms, by name.
  here.sql("begin; insert into room (name, epoch) values ('a', 'e')");
  auto creating = std::async(std::launch::async, [&] { return store->append(batch_of("1")); });
  CAF_REQUIRE(wait_until(waits));
  here.sql("insert into room (name, epoch) values ('f', 'e'), ('e', 'e'), ('d', 'e'), ('c', 'e'), "
           "('b', 'e')");
  here.sql("commit");
  CAF_CHECK_EQUAL(must(creating.get()).size(), 6U);
  // Known rooms, by number: here a, f, e, d, c, b.
  here.sql("begin; select 1 from room where name = 'a' for update");
  auto locking = std::async(std::launch::async, [&] { return store->append(batch_of("2")); });
  CAF_REQUIRE(wait_until(waits));
  here.sql("select 1 from room where name <> 'a' for update nowait");
  here.sql("commit");
  CAF_CHECK_EQUAL(must(locking.get()).size(), 6U);
}

CAF_TEST(what passes by itself is again and what the data cause is refused) {
  const auto fault_with = [&](const std::string& state) {
    here.sql("create or replace function fail() returns trigger language plpgsql as $$ begin "
             "raise exception 'ordered' using errcode = '"
             + state + "'; end $$");
    here.sql("drop trigger if exists fail on entry; create trigger fail before insert on entry "
             "for each statement execute function fail()");
    const auto fault = failure_of(store->append(one("1"))).fault;
    here.sql("drop trigger fail on entry");
    return fault;
  };
  for (const std::string state :
       {"08006", "40001", "40P01", "57P01", "57P02", "57P03", "53100", "53200", "53300", "25006",
        "55P03", "57014", "26000", "58030", "42P01", "42883"})
    CAF_CHECK(fault_with(state) == store_fault::again);
  for (const std::string state :
       {"22001", "22003", "22021", "23505", "23514", "54000", "42501", "P0001"})
    CAF_CHECK(fault_with(state) == store_fault::refused);
  CAF_CHECK_EQUAL(+must(store->append(one("1")))[0].seq, 1U);
}

CAF_TEST(a read only database is again until it can be written) {
  must(store->append(one("1")));
  here.sql("alter database " + here.name() + " set default_transaction_read_only = on");
  terminate_all();
  (void)store->append(one("2"));
  CAF_CHECK(failure_of(store->append(one("2"))).fault == store_fault::again);
  CAF_CHECK(failure_of(store->ping()).fault == store_fault::again);
  here.sql("set transaction_read_only = off; alter database " + here.name()
           + " reset default_transaction_read_only");
  CAF_CHECK_EQUAL(+must(store->append(one("2")))[0].seq, 2U);
  must(store->ping());
}

CAF_TEST(a prepared statement that is gone is prepared again) {
  pg_session session{*pg_address::parse(here.url())};
  constexpr pg_statement two{"test_two", "select 2"};
  CAF_CHECK_EQUAL(session.exec(two, {}).number(0, 0), 2);
  session.script("deallocate all");
  try {
    session.exec(two, {});
    CAF_FAIL("the statement was still there");
  } catch (const pg_error& error) {
    CAF_CHECK(error.fault() == store_fault::again);
    CAF_CHECK_EQUAL(error.state(), "26000");
  }
  CAF_CHECK_EQUAL(session.exec(two, {}).number(0, 0), 2);
}

CAF_TEST(a session commits durably whatever defaults the database has) {
  here.sql("alter database " + here.name() + " set synchronous_commit = off");
  here.sql("alter database " + here.name() + " set default_transaction_isolation = 'serializable'");
  here.sql("alter database " + here.name() + " set search_path = nowhere");
  here.sql("alter database " + here.name() + " set client_encoding = 'LATIN1'");
  pg_session session{*pg_address::parse(here.url())};
  CAF_CHECK_EQUAL(std::string{session.script("show synchronous_commit").text(0, 0)}, "on");
  CAF_CHECK_EQUAL(std::string{session.script("show transaction_isolation").text(0, 0)},
                  "read committed");
  CAF_CHECK_EQUAL(std::string{session.script("show search_path").text(0, 0)}, "public, pg_temp");
  CAF_CHECK_EQUAL(std::string{session.script("show client_encoding").text(0, 0)}, "UTF8");
}

CAF_TEST(errors quote neither texts nor the password) {
  here.sql("alter table entry add constraint short check (length(body) < 5)");
  const auto why =
    failure_of(store->append(std::vector{make_draft("a", "ann", "1", "a secret text")}));
  CAF_CHECK(why.fault == store_fault::refused);
  CAF_CHECK(why.why.find("secret") == std::string::npos);
  CAF_CHECK(why.why.find("23514") != std::string::npos);
  const auto where = *pg_address::parse("postgres://ann:hunter2@h/d");
  CAF_CHECK_EQUAL(where.redacted("is hunter2 hunter2?"), "is *** ***?");
}

CAF_TEST(a call ends in time when nobody listens) {
  const auto absent = must(open_database("postgres://ann:hunter2@127.0.0.1:1/chat"));
  CAF_CHECK(failure_of(absent->writer()->append(one("1"))).fault == store_fault::again);
  CAF_CHECK_EQUAL(why_unusable(absent->prepare()).exit_code, 69);
  const black_hole hole;
  const auto silent = must(open_database(hole.url()));
  const auto start = std::chrono::steady_clock::now();
  const auto failure = failure_of(silent->writer()->append(one("1")));
  CAF_CHECK(failure.fault == store_fault::again);
  CAF_CHECK(failure.why.find("hunter2") == std::string::npos);
  CAF_CHECK(std::chrono::steady_clock::now() - start < 8s);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace postgres_store_suite
