// One connection to PostgreSQL: the only user of pqxx. Whatever fails becomes a pg_error that says
// whether the same call may be made again.
#pragma once

#include "storage/pg_address.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

namespace pqxx {
class result;
}

namespace callboard {

/// What PostgreSQL, or the way to it, answered instead of rows.
class pg_error : public std::exception {
public:
  /// `why` holds no password and no row's contents. `state` is the SQLSTATE; empty when no server
  /// answered.
  pg_error(std::string state, std::string why);

  [[nodiscard]] const std::string& state() const { return state_; }

  /// `again` for everything that passes by itself, `refused` for what these very data cause.
  [[nodiscard]] store_fault fault() const;

  [[nodiscard]] const char* what() const noexcept override { return why_.c_str(); }

private:
  std::string state_;
  std::string why_;
};

/// A result's rows; views into it live as long as it does.
class pg_rows {
public:
  explicit pg_rows(const pqxx::result& rows);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] bool is_null(std::size_t row, int column) const;
  [[nodiscard]] std::string_view text(std::size_t row, int column) const;
  /// A whole number in 64 bits. Throws pg_error for anything else.
  [[nodiscard]] std::int64_t number(std::size_t row, int column) const;
  [[nodiscard]] bool flag(std::size_t row, int column) const { return text(row, column) == "t"; }

private:
  std::shared_ptr<const pqxx::result> rows_;
};

/// A statement with a name, prepared once per connection.
struct pg_statement {
  const char* name;
  const char* sql;
};

/// A connection that is made when it is needed and given up when it is broken; the next call makes
/// a new one. One thread owns it, except for interrupt().
class pg_session {
public:
  explicit pg_session(pg_address where);
  pg_session(const pg_session&) = delete;
  pg_session& operator=(const pg_session&) = delete;
  ~pg_session();

  /// Runs one statement with text parameters, outside of any transaction of pqxx's: what SQL's own
  /// `begin` has not opened, commits by itself. Throws pg_error; `refused` also for a NUL in a
  /// parameter, which libpq would cut off.
  pg_rows exec(const pg_statement& what, std::span<const std::string> parameters);

  /// Runs statements without parameters, in one implicit transaction when none is open.
  pg_rows script(std::string_view sql);

  /// Which connection the next call will use, counted from 1: whatever was learnt on an earlier one
  /// may be another database's.
  [[nodiscard]] std::uint64_t connection() const noexcept;

  /// From here on this connection waits ten seconds for a lock that somebody else holds, then
  /// throws 55P03: at its start, a server must say what it waits for.
  void bound_lock_waits();

  /// The next call connects anew; an open transaction is rolled back.
  void disconnect() noexcept;

  /// From any thread: shuts the socket down, so that a call that waits for it ends.
  void interrupt() noexcept;

private:
  struct link;

  link& connected();
  template <class Call>
  pg_rows guarded(Call call);

  const pg_address where_;
  std::unique_ptr<link> link_;
  std::uint64_t made_ = 0; ///< Connections so far.
  std::mutex socket_lock_;
  int socket_ = -1; ///< Our own duplicate; see the source.
};

} // namespace callboard
