// A PostgreSQL database: see the header.
#include "storage/postgres_database.hpp"

#include "domain/random_id.hpp"
#include "storage/migration.hpp"
#include "storage/pg_transaction.hpp"
#include "storage/postgres_adoption.hpp"
#include "storage/postgres_identity.hpp"
#include "storage/postgres_store.hpp"

#include <array>
#include <charconv>

namespace callboard {

namespace {

/// Not to_regclass(): within a transaction it may answer from a cache that is older than our lock,
/// and then two servers that start together both create the tables.
constexpr pg_statement has_schema{
  "callboard_has_schema",
  "select exists (select 1 from pg_class where relname = 'schema_migration' "
  "and relnamespace = 'public'::regnamespace)"};
constexpr pg_statement read_schema{"callboard_schema",
                                   "select coalesce(max(version), 0) from schema_migration"};
constexpr pg_statement note_migration{
  "callboard_note_migration",
  "insert into schema_migration (version, name) values ($1::integer, $2)"};

constexpr pg_statement read_server{
  "callboard_server", "select current_setting('server_encoding'), current_setting('fsync'), "
                      "current_setting('full_page_writes'), current_setting('server_version_num'), "
                      "current_setting('server_version')"};

constexpr pg_statement count_all{"callboard_count",
                                 "select count(*), coalesce(sum(head), 0)::text from room"};

int newest() {
  return postgres_migrations().back().version;
}

int schema_version(pg_session& session) {
  if (!session.exec(has_schema, {}).flag(0, 0))
    return 0;
  return static_cast<int>(session.exec(read_schema, {}).number(0, 0));
}

/// Throws unusable for a schema that a newer program made.
void refuse_newer(int version, const std::string& where) {
  if (version > newest())
    throw unusable{
      78, where + " cannot be used",
      "its schema has version " + std::to_string(version) + ", and this program knows up to "
        + std::to_string(newest()) + "; nothing was changed",
      "Start the newer callboard-server that migrated it, or restore a backup from before."};
}

/// Throws unusable for a server that cannot keep our texts; warns of one that may lose them.
std::vector<std::string> inspect_server(pg_session& session, const std::string& where) {
  const auto server = session.exec(read_server, {});
  if (server.text(0, 0) != "UTF8")
    throw unusable{78, where + " cannot be used",
                   "its encoding is " + std::string{server.text(0, 0)}
                     + ", which cannot hold every message",
                   "Create it anew: createdb --encoding=UTF8 --template=template0 NAME."};
  if (server.number(0, 3) < 120000)
    throw unusable{78, where + " cannot be used",
                   "PostgreSQL " + std::string{server.text(0, 4)} + " is too old",
                   "Use PostgreSQL 12 or newer."};
  std::vector<std::string> warnings;
  if (server.text(0, 1) != "on")
    warnings.emplace_back(
      "fsync is off in PostgreSQL: a power failure may lose acknowledged messages.");
  if (server.text(0, 2) != "on")
    warnings.emplace_back(
      "full_page_writes is off in PostgreSQL: a power failure may corrupt the database.");
  return warnings;
}

void migrate(pg_session& session, const std::string& where, preparation& found) {
  found.migrated_from = found.schema = schema_version(session);
  refuse_newer(found.schema, where);
  for (const auto& step : postgres_migrations()) {
    if (step.version <= found.schema)
      continue;
    pg_transaction transaction{session};
    found.schema = schema_version(session); // Another server may have been faster.
    refuse_newer(found.schema, where);
    if (step.version > found.schema) {
      session.script(step.sql);
      session.exec(note_migration,
                   std::array{std::to_string(step.version), std::string{step.name}});
      found.schema = step.version;
    }
    transaction.commit();
  }
}

void count(pg_session& session, preparation& found) {
  const auto rows = session.exec(count_all, {});
  found.rooms = static_cast<std::uint64_t>(rows.number(0, 0));
  const auto sum = rows.text(0, 1); // numeric: may be above 64 bits, and is then shown as the most.
  if (std::from_chars(sum.data(), sum.data() + sum.size(), found.entries).ec != std::errc{})
    found.entries = std::numeric_limits<std::uint64_t>::max();
}

bool speaks_of(const pg_error& error, std::string_view words) {
  return std::string_view{error.what()}.find(words) != std::string_view::npos;
}

/// For the operator. A failed connect has no SQLSTATE: libpq gives only the server's sentence.
unusable explain(const pg_error& error, const std::string& where) {
  const std::string what = where + " cannot be used";
  if (error.state().starts_with("42501"))
    return {77, what, error.what(),
            "Give the user the right to create tables: GRANT CREATE ON SCHEMA public TO it, or "
            "make it the owner."};
  if (error.state() == "42P07")
    return {78, what, error.what(),
            "Another program's table has this name; give callboard a database of its own."};
  if (error.state() == "55P03")
    return {
      75, what, error.what(),
      "Another server is preparing this database, or somebody else holds a lock on a table of "
      "it (pg_locks says who); try again."};
  if (!error.state().empty() && error.fault() == store_fault::refused)
    return {70, what, error.what(),
            "Please report this; nothing was changed by the step that failed."};
  if (speaks_of(error, "authentication failed"))
    return {77, what, error.what(), "Check user and password in DATABASE_URL."};
  if (speaks_of(error, "does not exist"))
    return {78, what, error.what(),
            "Check user and database in DATABASE_URL; createdb makes a database."};
  return {69, what, error.what(), "Is PostgreSQL running there? Check DATABASE_URL."};
}

/// Runs `call`; what it throws becomes `unusable`.
template <class Call>
auto explained(const std::string& where, Call call) -> std::variant<decltype(call()), unusable> {
  try {
    return call();
  } catch (const unusable& why) {
    return why;
  } catch (const pg_error& error) {
    return explain(error, where);
  } catch (const std::exception& error) {
    return unusable{71, where + " cannot be used", error.what(),
                    "Check the machine's memory and limits."};
  }
}

} // namespace

std::variant<preparation, unusable> postgres_database::prepare() {
  return explained(describe(), [&] {
    pg_session session{where_};
    session.bound_lock_waits();
    preparation found;
    found.warnings = inspect_server(session, describe());
    migrate(session, describe(), found);
    if (auto taken = adopt_go_chat(session)) {
      found.adopted = taken->rows;
      if (!taken->warning.empty())
        found.warnings.push_back(std::move(taken->warning));
    }
    found.epochs_renewed = renew_in_copy(session);
    count(session, found);
    return found;
  });
}

std::variant<std::uint64_t, unusable> postgres_database::renew_epochs() {
  return explained(describe(), [&]() -> std::uint64_t {
    pg_session session{where_};
    session.bound_lock_waits();
    const auto version = schema_version(session);
    refuse_newer(version, describe());
    if (version == 0)
      return 0;
    pg_transaction transaction{session};
    const auto rooms = callboard::renew_epochs(session);
    transaction.commit();
    return rooms;
  });
}

store_ptr postgres_database::writer() {
  return std::make_shared<postgres_store>(where_);
}

store_ptr postgres_database::reader() {
  return std::make_shared<postgres_store>(where_);
}

std::variant<std::unique_ptr<database>, unusable> open_postgres(const std::string& url) {
  auto where = pg_address::parse(url);
  if (!where)
    return unusable{
      78, "The database's URL cannot be read", "it is not a URI that libpq understands",
      "Use postgres://user:password@host:5432/database; write characters such as @ : / % # in "
      "the password as %40 %3A %2F %25 %23."};
  return std::make_unique<postgres_database>(std::move(*where));
}

} // namespace callboard
