// An SQLite file as a database: see the header.
#include "storage/sqlite_database.hpp"

#include "domain/random_id.hpp"
#include "storage/migration.hpp"
#include "storage/sqlite_store.hpp"

#include <filesystem>

namespace callboard {

namespace {

int newest() {
  return sqlite_migrations().back().version;
}

int schema_version(sqlite_handle& file) {
  if (file.value("select 1 from sqlite_master where type = 'table' and name = 'schema_migration'")
        .empty())
    return 0;
  return std::stoi(file.value("select coalesce(max(version), 0) from schema_migration"));
}

/// Throws unusable for a schema that a newer program made.
void refuse_newer(int version, const std::string& path) {
  if (version > newest())
    throw unusable{
      78, "The database file " + path + " cannot be used",
      "its schema has version " + std::to_string(version) + ", and this program knows up to "
        + std::to_string(newest()) + "; nothing was changed",
      "Start the newer callboard-server that migrated it, or restore a backup from before."};
}

/// Throws unusable for tables that are not ours: the path may be another program's file.
void refuse_foreign(sqlite_handle& file, const std::string& path) {
  if (schema_version(file) == 0 && file.value("select count(*) from sqlite_master") != "0")
    throw unusable{65, "The database file " + path + " cannot be used",
                   "it holds another program's tables",
                   "Name another file with DATABASE_URL=sqlite:/path/callboard.db."};
}

void migrate(sqlite_handle& file, const std::string& path, preparation& found) {
  found.migrated_from = found.schema = schema_version(file);
  refuse_newer(found.schema, path);
  for (const auto& step : sqlite_migrations()) {
    if (step.version <= found.schema)
      continue;
    sqlite_transaction transaction{file};
    file.script(step.sql);
    file.prepare("insert into schema_migration (version, name) values (?1, ?2)")
      .with(std::int64_t{step.version}, step.name)
      .run();
    transaction.commit();
    found.schema = step.version;
  }
}

std::uint64_t renew(sqlite_handle& file) {
  file.script("update room set epoch = lower(hex(randomblob(16)))");
  return static_cast<std::uint64_t>(file.changes());
}

/// True when the file beside it does not say that this is the database that wrote its contents:
/// then this is a copy, and gets a name of its own.
bool renew_in_copy(sqlite_handle& file, const sqlite_file& beside) {
  const auto known = file.value("select value from meta where key = 'database_identity'");
  if (!known.empty() && known == beside.identity())
    return false;
  // The file first: dying in between leaves two names that differ, and the next start does this
  // again.
  const auto fresh = random_id();
  beside.set_identity(fresh);
  sqlite_transaction transaction{file};
  if (!known.empty())
    renew(file);
  file
    .prepare("insert into meta (key, value) values ('database_identity', ?1) "
             "on conflict (key) do update set value = excluded.value")
    .with(fresh)
    .run();
  transaction.commit();
  return !known.empty();
}

void count(sqlite_handle& file, preparation& found) {
  auto heads = file.prepare("select head from room"); // Not sum(): beyond 64 bits it is an error.
  while (heads.step()) {
    ++found.rooms;
    found.entries += static_cast<std::uint64_t>(heads.number(0));
  }
}

unusable explain(const sqlite_error& error, const std::string& path) {
  const std::string what = "The database file " + path + " cannot be used";
  if (error.is_corrupt())
    return {
      65, what, error.what(),
      "It is damaged or no SQLite database. Restore a backup, or rescue what is left: sqlite3 "
        + path + " .recover."};
  if (error.is_busy())
    return {75, what, error.what(), "Another program holds it locked; close that one."};
  return {74, what, error.what(),
          "Check the disk, its space, and who may write the file and its directory."};
}

/// Runs `call`; what it throws becomes `unusable`.
template <class Call>
auto explained(const std::string& path, Call call) -> std::variant<decltype(call()), unusable> {
  try {
    return call();
  } catch (const unusable& why) {
    return why;
  } catch (const sqlite_error& error) {
    return explain(error, path);
  } catch (const std::exception& error) {
    return unusable{71, "The database file " + path + " cannot be used", error.what(),
                    "Check the machine's memory and limits."};
  }
}

} // namespace

sqlite_file_ptr sqlite_database::held() {
  const std::lock_guard guard{lock_};
  if (!file_)
    file_ = std::make_shared<const sqlite_file>(path_);
  return file_;
}

std::variant<preparation, unusable> sqlite_database::prepare() {
  return explained(path_, [&] {
    const auto beside = held();
    preparation found;
    {
      // Before the first pragma that writes: a stranger's file stays as it is.
      sqlite_handle plain{path_, std::chrono::seconds{3}};
      refuse_foreign(plain, path_);
      refuse_newer(schema_version(plain), path_);
    }
    const auto file = open_sqlite_handle(path_);
    if (file->value("pragma journal_mode") != "wal")
      found.warnings.push_back("The file system of " + path_
                               + " allows no WAL; history reads will delay commits.");
    migrate(*file, path_, found);
    found.epochs_renewed = renew_in_copy(*file, *beside);
    count(*file, found);
    return found;
  });
}

std::variant<std::uint64_t, unusable> sqlite_database::renew_epochs() {
  return explained(path_, [&]() -> std::uint64_t {
    const auto beside = held();
    sqlite_handle file{path_, std::chrono::seconds{3}};
    refuse_foreign(file, path_);
    const auto version = schema_version(file);
    refuse_newer(version, path_);
    if (version == 0)
      return 0;
    sqlite_transaction transaction{file};
    const auto rooms = renew(file);
    transaction.commit();
    return rooms;
  });
}

store_ptr sqlite_database::writer() {
  const std::lock_guard guard{lock_};
  return std::make_shared<sqlite_store>(file_);
}

store_ptr sqlite_database::reader() {
  return writer();
}

std::variant<std::unique_ptr<database>, unusable> open_sqlite(const std::string& url) {
  std::string path = url.substr(std::string_view{"sqlite:"}.size());
  if (path.starts_with("///"))
    path.erase(0, 2); // An empty authority, as in file:///path.
  const bool is_unclear = path.starts_with("//");
  if (path.empty() || is_unclear || path == ":memory:" || path.find('\0') != std::string::npos)
    return unusable{
      78, "The database's URL cannot be read",
      is_unclear ? "\"" + url + "\" names a host" : "it names no file to keep messages in",
      "Use sqlite:/path/callboard.db, or sqlite:callboard.db for the current directory."};
  // Links are followed now, so that the lock lies beside the one real file whatever name leads to
  // it.
  std::error_code error;
  auto real = std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
  return std::make_unique<sqlite_database>(error ? path : real.string());
}

} // namespace callboard
