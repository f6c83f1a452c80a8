// A database that is another one, or an earlier one, under a running server: told at once, with new
// epochs, and then used; and a room whose rows disagree, beside healthy ones.
#define CAF_SUITE postgres_replaced

#include "places.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::places;

namespace postgres_replaced_suite {

namespace {

struct fixture : prepared_postgres {
  static std::vector<draft_ptr> post(const std::string& id, const std::string& room = "a") {
    return {make_draft(room, "ann", id, "x")};
  }

  seq_t append(const std::string& id, const std::string& room = "a") {
    return must(store->append(post(id, room)))[0].seq;
  }

  std::string epoch(const std::string& room = "a") {
    return std::string{here.sql("select epoch from room where name = '" + room + "'").text(0, 0)};
  }

  void set_back_to(seq_t head) {
    const auto last = std::to_string(head);
    here.sql("delete from entry where seq > " + last + "; update room set head = " + last
             + " where name = 'a'");
  }

  void terminate_all() {
    const std::string others = "from pg_stat_activity where datname = current_database() "
                               "and pid <> pg_backend_pid()";
    here.sql("select pg_terminate_backend(pid) " + others);
    CAF_REQUIRE(wait_until([&] { return here.sql("select 1 " + others).empty(); }));
  }

  /// What a call says on the connection after one that is gone.
  template <class Call>
  auto anew(Call call) {
    terminate_all();
    auto answer = call();
    const auto* failure = std::get_if<store_failure>(&answer);
    return failure != nullptr && failure->fault == store_fault::again ? call() : answer;
  }

  template <class T>
  static bool is_replaced(const outcome<T>& answer) {
    const auto* failure = std::get_if<store_failure>(&answer);
    return failure != nullptr && failure->fault == store_fault::replaced;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(postgres_replaced_tests, fixture)

CAF_TEST(a new connection to the same database is none to another) {
  append("1");
  const auto before = epoch();
  CAF_CHECK(std::holds_alternative<done>(anew([&] { return store->ping(); })));
  // Another server may have gone on meanwhile.
  must(db->writer()->append(post("2")));
  CAF_CHECK_EQUAL(+must(anew([&] { return store->append(post("3")); }))[0].seq, 3U);
  CAF_CHECK_EQUAL(epoch(), before);
}

CAF_TEST(each call that a server makes notices a log that was set back while it was away) {
  const std::vector<std::function<bool()>> calls{
    [&] { return is_replaced(anew([&] { return store->ping(); })); },
    [&] { return is_replaced(anew([&] { return store->append(post("new")); })); },
    [&] { return is_replaced(anew([&] { return store->open("b"); })); },
    [&] {
      return is_replaced(anew([&] { return store->claim_name({"k", {"ann", "Ann"}}); }));
    },
  };
  seq_t next = 0;
  for (const auto& call : calls) {
    must(store->open("b"));
    append(std::to_string(++next));
    append(std::to_string(++next));
    const auto before = epoch() + epoch("b");
    set_back_to(--next);
    CAF_CHECK(call());
    CAF_CHECK(epoch() + epoch("b") != before);
    must(store->ping()); // Told once.
    CAF_CHECK_EQUAL(+append("after " + std::to_string(next)), next + 1);
    ++next;
  }
}

CAF_TEST(a log that was set back under an open connection is noticed at its next post) {
  for (const int i : {1, 2, 3, 4})
    append(std::to_string(i));
  const auto before = epoch();
  set_back_to(2);
  // The last of them comes behind where the log was.
  std::vector<draft_ptr> batch;
  for (const std::string id : {"5", "6", "7"})
    batch.push_back(post(id)[0]);
  CAF_CHECK(is_replaced(store->append(batch)));
  CAF_CHECK(epoch() != before);
  // The client asks again, and gets what was stored.
  const auto again = must(store->append(batch));
  CAF_CHECK_EQUAL(+again[0].seq, 3U);
  CAF_CHECK(again[2].duplicate);
  CAF_CHECK_EQUAL(+append("8"), 6U);
}

CAF_TEST(a log that was set back under an open connection is noticed at a mere repetition) {
  for (const int i : {1, 2, 3, 4})
    append(std::to_string(i));
  set_back_to(2);
  CAF_CHECK(is_replaced(store->append(post("1"))));
  CAF_CHECK(must(store->append(post("1")))[0].duplicate);
  CAF_CHECK_EQUAL(+append("5"), 3U);
}

CAF_TEST(a log that was set back under an open connection is noticed when it is opened) {
  append("1");
  append("2");
  const auto before = epoch();
  set_back_to(1);
  CAF_CHECK(is_replaced(store->open("a")));
  const auto log = must(store->open("a"));
  CAF_CHECK_EQUAL(+log.head, 1U);
  CAF_CHECK(log.epoch != before);
}

CAF_TEST(a room that is gone or another row is a database that was replaced) {
  append("1");
  here.sql("delete from entry; delete from room");
  CAF_CHECK(is_replaced(store->append(post("2"))));
  CAF_CHECK_EQUAL(+append("3"), 2U);
  must(store->open("b"));
  // As in another dump: the number that was a's is y's there, and as far.
  here.sql("delete from entry; update room set name = 'y' where name = 'a'");
  CAF_CHECK(is_replaced(anew([&] { return store->append(post("4")); })));
  CAF_CHECK_EQUAL(+append("5"), 1U);
  CAF_CHECK(all_of(*store, "y").empty());
}

CAF_TEST(another database of the same contents is noticed by its identity) {
  append("1");
  const auto before = epoch();
  here.sql("update meta set value = '123/00000001/5' where key = 'database_identity'");
  CAF_CHECK(is_replaced(anew([&] { return store->ping(); })));
  CAF_CHECK(epoch() != before);
}

CAF_TEST(a second server hears of it too) {
  const auto other = db->writer();
  append("1");
  append("2");
  must(other->open("a"));
  set_back_to(1);
  CAF_CHECK(is_replaced(anew([&] { return store->ping(); })));
  append("3");
  append("4"); // Now as far as the other one remembers.
  CAF_CHECK(is_replaced(anew([&] { return other->ping(); })));
}

CAF_TEST(a second server hears of it at an open connection too and renews nothing again) {
  const auto other = db->writer();
  for (const int i : {1, 2, 3})
    append(std::to_string(i));
  must(other->open("a"));
  set_back_to(1);
  CAF_CHECK(is_replaced(store->append(post("4"))));
  for (const int i : {5, 6, 7})
    append(std::to_string(i)); // Beyond what the other one remembers.
  const auto renewed = epoch();
  CAF_CHECK(is_replaced(other->append(post("8"))));
  CAF_CHECK(is_replaced(other->open("a")) || must(other->open("a")).epoch == renewed);
  CAF_CHECK_EQUAL(epoch(), renewed);
}

CAF_TEST(what was learnt before several good reconnects still counts) {
  append("1");
  append("2");
  must(anew([&] { return store->ping(); }));
  must(anew([&] { return store->ping(); }));
  set_back_to(1);
  CAF_CHECK(is_replaced(anew([&] { return store->ping(); })));
}

CAF_TEST(a backup that is restored a second time gets epochs of its own again) {
  append("1");
  const auto of_backup = epoch();
  append("2");
  set_back_to(1);
  CAF_CHECK(is_replaced(anew([&] { return store->ping(); })));
  must(store->open("a"));
  here.sql("update room set epoch = '" + of_backup
           + "'"); // As far as the backup, nothing said since.
  CAF_CHECK(is_replaced(anew([&] { return store->ping(); })));
  CAF_CHECK(epoch() != of_backup);
}

CAF_TEST(tables that are gone or empty are waited for) {
  append("1");
  append("2");
  here.sql("alter table entry rename to away");
  CAF_CHECK(failure_of(store->append(post("3"))).fault == store_fault::again);
  must(store->ping());
  here.sql("alter table away rename to entry; create table kept as table room; delete from room");
  CAF_CHECK(failure_of(anew([&] { return store->ping(); })).fault == store_fault::again);
  CAF_CHECK(failure_of(store->append(post("3"))).fault == store_fault::again);
  here.sql("insert into room overriding system value table kept");
  set_back_to(1); // What came back is an earlier state.
  CAF_CHECK(is_replaced(store->ping()));
  CAF_CHECK_EQUAL(+append("3"), 2U);
}

CAF_TEST(a number that another room has is refused when a room is created) {
  append("1");
  here.sql("alter table room alter column id restart with 1");
  const auto refused = store->open("new");
  CAF_CHECK(failure_of(refused).fault == store_fault::refused);
  CAF_CHECK(failure_of(refused).why.find("restore it whole") != std::string::npos);
  must(store->open("new")); // The sequence has gone on.
}

CAF_TEST(a room whose rows disagree is refused and the others go on) {
  append("1");
  append("2");
  append("1", "b");
  here.sql("update room set head = 1 where name = 'a'"); // Behind its entries.
  const auto fresh = db->writer();
  const auto answer = fresh->append(std::vector{post("3")[0], post("2", "b")[0]});
  CAF_CHECK(failure_of(answer).fault == store_fault::refused);
  CAF_CHECK(failure_of(answer).why.find("restore it whole") != std::string::npos);
  CAF_CHECK_EQUAL(+must(fresh->append(post("2", "b")))[0].seq, 2U);
  CAF_CHECK(failure_of(fresh->append(post("3"))).fault == store_fault::refused);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace postgres_replaced_suite
