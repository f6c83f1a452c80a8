// A PostgreSQL database at start: migrated once, adopted once, told apart from its copies.
#define CAF_SUITE postgres_database

#include "places.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::places;
using namespace std::chrono_literals;

namespace postgres_database_suite {

namespace {

struct fixture {
  postgres_place here;

  [[nodiscard]] std::unique_ptr<database> open() const { return must(open_database(here.url())); }

  std::string tables() {
    return std::string{
      here
        .sql("select coalesce(string_agg(relname, ' ' order by relname), '') from pg_class "
             "where relnamespace = 'public'::regnamespace and relkind = 'r'")
        .text(0, 0)};
  }

  void make_go_chat() {
    here.sql("create table chat_room (id serial, username varchar(50), message varchar(512), "
             "sent_at time)");
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(postgres_database_tests, fixture)

CAF_TEST(an empty database is migrated once) {
  const auto found = must(open()->prepare());
  CAF_CHECK_EQUAL(found.migrated_from, 0);
  CAF_CHECK_EQUAL(found.schema, 3);
  CAF_CHECK_EQUAL(found.rooms, 0U);
  CAF_CHECK(found.warnings.empty());
  CAF_CHECK(!found.epochs_renewed);
  CAF_CHECK_EQUAL(tables(), "author entry meta room schema_migration");
  const auto again = must(open()->prepare());
  CAF_CHECK_EQUAL(again.migrated_from, 3);
  CAF_CHECK_EQUAL(here.sql("select count(*) from schema_migration").number(0, 0), 3);
}

CAF_TEST(a database that was left between two steps is migrated on) {
  must(open()->prepare());
  here.sql("delete from schema_migration where version > 1; "
           "drop function append_entries; drop function append_numbered");
  const auto found = must(open()->prepare());
  CAF_CHECK_EQUAL(found.migrated_from, 1);
  CAF_CHECK_EQUAL(found.schema, 3);
  CAF_CHECK(value_of(open()->writer()->append(std::vector{make_draft("a", "ann", "1", "x")}))
            != nullptr);
}

CAF_TEST(a step that fails leaves nothing of itself) {
  here.sql("create table author (something text)");
  const auto why = why_unusable(open()->prepare());
  CAF_CHECK_EQUAL(why.exit_code, 78);
  CAF_CHECK(contains(why.cause, "author"));
  CAF_CHECK_EQUAL(tables(), "author");
}

CAF_TEST(servers that start together migrate and adopt once) {
  make_go_chat();
  here.sql("insert into chat_room (username, message) values ('ann', 'hi')");
  std::vector<std::future<preparation>> servers;
  servers.reserve(4);
  for (int i = 0; i < 4; ++i)
    servers.push_back(std::async(std::launch::async, [&] { return must(open()->prepare()); }));
  std::uint64_t adopted = 0;
  for (auto& server : servers)
    adopted += server.get().adopted;
  CAF_CHECK_EQUAL(adopted, 1U);
  CAF_CHECK_EQUAL(here.sql("select count(*) from entry").number(0, 0), 1);
}

CAF_TEST(a newer schema is refused untouched) {
  here.sql("create table schema_migration (version integer primary key, name text)");
  here.sql("insert into schema_migration values (999, 'future')");
  for (const auto& why : {why_unusable(open()->prepare()), why_unusable(open()->renew_epochs())}) {
    CAF_CHECK_EQUAL(why.exit_code, 78);
    CAF_CHECK(contains(why.cause, "999"));
    CAF_CHECK(contains(why.cause, "up to 3"));
    CAF_CHECK(!why.hint.empty());
  }
  CAF_CHECK_EQUAL(tables(), "schema_migration");
  CAF_CHECK_EQUAL(here.sql("select count(*) from schema_migration").number(0, 0), 1);
}

CAF_TEST(the rows of the Go program become the first entries of general) {
  make_go_chat();
  here.sql(
    "insert into chat_room (username, message, sent_at) values "
    "('ann', 'hello', '12:34:56.789'), (null, 'no name', '00:00'), ('', 'empty name', null), "
    "('bob', null, '23:59'), ('bob', '', '24:00'), (E'e\\u202evil\\n', 'it''s {\"\\\\}', '01:00'), "
    "('日本', '🎭', '02:00')");
  here.sql("update chat_room set id = 100 where username = 'ann'"); // Order is by id, not by place.
  const auto found = must(open()->prepare());
  CAF_CHECK_EQUAL(found.adopted, 7U);
  CAF_CHECK_EQUAL(found.entries, 7U);
  CAF_CHECK(found.warnings.empty());
  const auto reader = open()->reader();
  const auto log = all_of(*reader, "general");
  CAF_REQUIRE_EQUAL(log.size(), 7U);
  const std::vector<std::pair<std::string, std::string>> lines{{"~anonymous", "no name"},
                                                               {"~anonymous", "empty name"},
                                                               {"~bob", ""},
                                                               {"~bob", ""},
                                                               {"~evil", R"(it's {"\\})"},
                                                               {"~日本", "🎭"},
                                                               {"~ann", "hello"}};
  for (std::size_t i = 0; i < log.size(); ++i) {
    CAF_CHECK_EQUAL(log[i].seq, i + 1);
    CAF_CHECK_EQUAL(log[i].from.name, lines[i].first);
    CAF_CHECK_EQUAL(log[i].text, lines[i].second);
    CAF_CHECK_EQUAL(log[i].from.id, "go-chat");
  }
  CAF_CHECK_EQUAL(log[6].client_id, "adopted-100");
  CAF_CHECK_EQUAL(log[0].client_id, "adopted-2");
  constexpr std::int64_t day = 1704067200000; // 2024-01-01T00:00:00Z; 12:34:56.789 is 45,296.789 s.
  CAF_CHECK_EQUAL(log[0].at_ms, day);
  CAF_CHECK_EQUAL(log[6].at_ms, day + 45296789);
  CAF_CHECK_EQUAL(
    +must(open()->writer()->append(std::vector{make_draft("general", "ann", "1", "x")}))[0].seq,
    8U);
}

CAF_TEST(adoption happens once and leaves the old table as it was) {
  make_go_chat();
  here.sql("insert into chat_room (username, message) select 'u' || i, 'm' || i from "
           "generate_series(1, 2500) i");
  CAF_CHECK_EQUAL(must(open()->prepare()).adopted, 2500U);
  here.sql("insert into chat_room (username, message) values ('late', 'late')");
  CAF_CHECK_EQUAL(must(open()->prepare()).adopted, 0U);
  const auto log = all_of(*open()->reader(), "general");
  CAF_REQUIRE_EQUAL(log.size(), 2500U);
  CAF_CHECK_EQUAL(log.back().text, "m2500");
  CAF_CHECK_EQUAL(here.sql("select count(*) from chat_room").number(0, 0), 2501);
}

CAF_TEST(repeated ids in the old table lose no row) {
  here.sql("create table chat_room (id integer, username text, message text)");
  here.sql("insert into chat_room values (1, 'a', 'one'), (1, 'a', 'two'), (2, 'a', 'three')");
  CAF_CHECK_EQUAL(must(open()->prepare()).adopted, 3U);
  const auto log = all_of(*open()->reader(), "general");
  CAF_REQUIRE_EQUAL(log.size(), 3U);
  CAF_CHECK_EQUAL(log[1].client_id, "adopted-1-2");
}

CAF_TEST(an empty old table and the table of a stranger adopt nothing) {
  make_go_chat();
  CAF_CHECK_EQUAL(must(open()->prepare()).adopted, 0U);
  postgres_place other;
  other.sql("create table chat_room (whatever text)");
  const auto found = must(must(open_database(other.url()))->prepare());
  CAF_CHECK_EQUAL(found.adopted, 0U);
  CAF_REQUIRE_EQUAL(found.warnings.size(), 1U);
  CAF_CHECK(contains(found.warnings[0], "chat_room"));
}

CAF_TEST(a copy of a database gets new epochs once) {
  must(open()->prepare());
  const auto epoch = must(open()->writer()->open("a")).epoch;
  CAF_CHECK_EQUAL(epoch.size(), 32U);
  CAF_CHECK(!must(open()->prepare()).epochs_renewed);
  here.leave();
  const postgres_place copy{"template " + here.name()};
  const auto db = must(open_database(copy.url()));
  CAF_CHECK(must(db->prepare()).epochs_renewed);
  CAF_CHECK(!must(db->prepare()).epochs_renewed);
  CAF_CHECK(must(db->writer()->open("a")).epoch != epoch);
  CAF_CHECK_EQUAL(must(open()->writer()->open("a")).epoch, epoch);
}

CAF_TEST(a database that another cluster wrote gets new epochs) {
  must(open()->prepare());
  const auto epoch = must(open()->writer()->open("a")).epoch;
  here.sql("update meta set value = '123/00000001/5' where key = 'database_identity'");
  CAF_CHECK(must(open()->prepare()).epochs_renewed);
  CAF_CHECK(must(open()->writer()->open("a")).epoch != epoch);
}

CAF_TEST(an identity that may not be read is replaced by what may) {
  here.sql("do $$ begin create role modest login password 'modest'; exception when "
           "duplicate_object then null; end $$");
  here.sql("grant create on schema public to modest");
  here.sql("revoke execute on function pg_control_system() from public");
  auto url = here.url();
  url.replace(url.find("//") + 2, url.find('@') - url.find("//") - 2, "modest:modest");
  const auto db = must(open_database(url));
  must(db->prepare());
  CAF_CHECK(contains(
    std::string{here.sql("select value from meta where key = 'database_identity'").text(0, 0)},
    "database/"));
  CAF_CHECK(!must(db->prepare()).epochs_renewed);
}

CAF_TEST(a user who may not create tables is told the grant) {
  here.sql("do $$ begin create role guest login password 'guest'; exception when duplicate_object "
           "then null; end $$");
  auto url = here.url();
  url.replace(url.find("//") + 2, url.find('@') - url.find("//") - 2, "guest:guest");
  const auto why = why_unusable(must(open_database(url))->prepare());
  CAF_CHECK_EQUAL(why.exit_code, 77);
  CAF_CHECK(contains(why.hint, "GRANT CREATE ON SCHEMA public"));
}

CAF_TEST(a wrong password and a missing database are told apart) {
  auto url = here.url();
  url.replace(url.find(':', 12) + 1, 6, "hunter");
  const auto wrong = why_unusable(must(open_database(url))->prepare());
  CAF_CHECK_EQUAL(wrong.exit_code, 77);
  CAF_CHECK(!contains(wrong.what + wrong.cause + wrong.hint, "hunter"));
  const auto missing = why_unusable(must(open_database(here.url() + "_missing"))->prepare());
  CAF_CHECK_EQUAL(missing.exit_code, 78);
  CAF_CHECK(contains(missing.hint, "createdb"));
}

CAF_TEST(a database that cannot hold every text is refused) {
  const postgres_place latin{"encoding LATIN1 locale 'C' template template0"};
  const auto why = why_unusable(must(open_database(latin.url()))->prepare());
  CAF_CHECK_EQUAL(why.exit_code, 78);
  CAF_CHECK(contains(why.cause, "LATIN1"));
  const postgres_place ascii{"encoding SQL_ASCII locale 'C' template template0"};
  CAF_CHECK_EQUAL(why_unusable(must(open_database(ascii.url()))->prepare()).exit_code, 78);
}

CAF_TEST(settings that may lose acknowledged messages are reported) {
  const auto set = [](const std::string& value) {
    postgres_place::cluster().script("alter system set fsync = " + value);
    postgres_place::cluster().script("alter system set full_page_writes = " + value);
    postgres_place::cluster().script("select pg_reload_conf()");
    return wait_until([&] {
      return postgres_place::cluster().script("show fsync").text(0, 0) == value
             && postgres_place::cluster().script("show full_page_writes").text(0, 0) == value;
    });
  };
  CAF_REQUIRE(set("off"));
  const auto found = open()->prepare();
  CAF_REQUIRE(set("on"));
  CAF_CHECK_EQUAL(must(found).warnings.size(), 2U);
  CAF_CHECK(contains(must(found).warnings[0], "fsync"));
}

CAF_TEST(renewing the epochs of a database without schema changes nothing) {
  CAF_CHECK_EQUAL(must(open()->renew_epochs()), 0U);
  CAF_CHECK_EQUAL(tables(), "");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace postgres_database_suite
