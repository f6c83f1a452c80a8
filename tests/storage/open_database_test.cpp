// Which URLs name a database, and what the others are answered: a sentence without their password.
#define CAF_SUITE open_database

#include "places.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::places;

namespace open_database_suite {

namespace {

bool mentions(const unusable& why, const std::string& word) {
  return (why.what + why.cause + why.hint).find(word) != std::string::npos;
}

std::string described(const std::string& url) {
  return must(open_database(url))->describe();
}

} // namespace

CAF_TEST(a PostgreSQL URL is described without its password) {
  CAF_CHECK_EQUAL(described("postgres://ann:hunter2@127.0.0.1:5433/chat"),
                  "PostgreSQL at 127.0.0.1:5433, database chat");
  CAF_CHECK_EQUAL(described("postgresql://ann:hunter2@db.example/chat?connect_timeout=2"),
                  "PostgreSQL at db.example:5432, database chat");
  CAF_CHECK_EQUAL(described("postgres://%2Ftmp%2Fsocket/chat"),
                  "PostgreSQL at /tmp/socket:5432, database chat");
  CAF_CHECK_EQUAL(described("postgres://"), "PostgreSQL at localhost:5432");
}

CAF_TEST(an SQLite URL is a path) {
  const folder here;
  CAF_CHECK_EQUAL(described("sqlite:" + (here / "x.db")), "SQLite at " + (here / "x.db"));
  CAF_CHECK_EQUAL(described("sqlite://" + (here / "x.db")), "SQLite at " + (here / "x.db"));
  const auto relative = described("sqlite:x.db");
  CAF_CHECK_EQUAL(relative, "SQLite at " + (std::filesystem::canonical(".") / "x.db").string());
}

CAF_TEST(an unreadable URL is a mistake in a setting and keeps its password) {
  for (const std::string url :
       {"", "chat.db", "mysql://ann:hunter2@host/chat",
        "sqlite:", "sqlite::memory:", "sqlite://host/x.db", "postgres://ann:hunter2@[::1",
        "postgres://ann:hunter2%zz@host/chat", "postgres://h/chat?hunter2=hunter2"}) {
    const auto why = why_unusable(open_database(url));
    CAF_CHECK_EQUAL(why.exit_code, 78);
    CAF_CHECK(!why.what.empty() && !why.cause.empty() && !why.hint.empty());
    CAF_CHECK(!mentions(why, "hunter2"));
  }
}

} // namespace open_database_suite
