// Is this the database that was here before? See the header.
#include "storage/postgres_identity.hpp"

#include "domain/random_id.hpp"
#include "storage/pg_array.hpp"
#include "storage/pg_transaction.hpp"

#include <array>
#include <utility>

namespace callboard {

namespace {

/// The cluster, its history, and the database in it. The timeline is the one that WAL is written to
/// now: the control file's follows a promotion only with the next checkpoint. The oid tells a dump
/// that was restored into the same cluster.
constexpr pg_statement read_identity{
  "callboard_identity",
  "select (select system_identifier from pg_control_system())::text || '/' "
  "|| left(pg_walfile_name(pg_current_wal_lsn()), 8) || '/' "
  "|| (select oid from pg_database where datname = current_database())::text"};

/// Where the server's owner does not let us see more.
constexpr pg_statement read_oid{
  "callboard_identity_oid",
  "select 'database/' || (select oid from pg_database where datname = current_database())::text"};

constexpr pg_statement known_identity{"callboard_known_identity",
                                      "select value from meta where key = 'database_identity'"};
constexpr pg_statement note_identity{
  "callboard_note_identity", "insert into meta (key, value) values ('database_identity', $1) "
                             "on conflict (key) do update set value = excluded.value"};

constexpr pg_statement renew_all{
  "callboard_renew_epochs",
  "with renewed as (update room set "
  "epoch = left(encode(sha256(convert_to($1 || ':' || id, 'UTF8')), 'hex'), 32) returning 1) "
  "select count(*) from renewed"};

std::string identity(pg_session& session) {
  try {
    return std::string{session.exec(read_identity, {}).text(0, 0)};
  } catch (const pg_error& error) {
    if (error.fault() == store_fault::again && error.state() != "42883")
      throw;
    return std::string{session.exec(read_oid, {}).text(0, 0)};
  }
}

} // namespace

remembered_rooms::row row_of(const pg_rows& rows, std::size_t i) {
  return {rows.number(i, 1), static_cast<seq_t>(rows.number(i, 2)), epoch_mark(rows.text(i, 3))};
}

std::uint64_t renew_epochs(pg_session& session) {
  return static_cast<std::uint64_t>(session.exec(renew_all, std::array{random_id()}).number(0, 0));
}

bool renew_in_copy(pg_session& session) {
  const auto here = identity(session);
  pg_transaction transaction{session};
  const auto known = session.exec(known_identity, {});
  const bool is_copy = !known.empty() && known.text(0, 0) != here;
  if (is_copy)
    renew_epochs(session);
  if (is_copy || known.empty())
    session.exec(note_identity, std::array{here});
  transaction.commit();
  return is_copy;
}

bool renew_where_set_back(pg_session& session, const remembered_rooms& before) {
  if (before.size() == 0)
    return false;
  pg_array names;
  for (const auto& [name, row] : before)
    names.add(name);
  pg_transaction transaction{session};
  const auto rows = session.exec(find_rooms, std::array{std::move(names).take()});
  if (rows.empty()) // Renewing now would renew nothing of what is still to come.
    throw pg_error{"", "all rooms are gone; if a backup is being restored, this passes"};
  // Rows are never deleted by a server, and heads only rise.
  bool is_other = rows.size() < before.size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto now = row_of(rows, i);
    const auto& then = *before.find(std::string{rows.text(i, 0)});
    is_other = is_other || now.epoch != then.epoch || now.head < then.head
               || (then.id != 0 && now.id != then.id);
  }
  // Also where only the epochs differ: it may be another server's renewal, or a backup that comes
  // back a second time and brings its own.
  if (is_other)
    renew_epochs(session);
  transaction.commit();
  return is_other;
}

} // namespace callboard
