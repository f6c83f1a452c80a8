// Which kind of database a URL names; nothing else knows all of them.
#include "storage/postgres_database.hpp"
#include "storage/sqlite_database.hpp"

namespace callboard {

namespace {

constexpr const char* forms =
  "Use postgres://user:password@host:5432/database or sqlite:/path/callboard.db.";

/// The scheme for people, never the rest: it may hold a password.
std::string scheme_of(const std::string& url) {
  const auto colon = url.find(':');
  return colon == std::string::npos ? "it names no scheme"
                                    : "its scheme is \"" + url.substr(0, colon) + '"';
}

} // namespace

std::variant<std::unique_ptr<database>, unusable> open_database(const std::string& url) {
  if (url.starts_with("postgres://") || url.starts_with("postgresql://"))
    return open_postgres(url);
  if (url.starts_with("sqlite:"))
    return open_sqlite(url);
  return unusable{78, "The database's URL cannot be read", scheme_of(url), forms};
}

} // namespace callboard
