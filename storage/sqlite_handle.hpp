// One connection to an SQLite file: the only user of sqlite3.h. Whatever fails becomes an
// sqlite_error.
#pragma once

#include "storage/store.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace callboard {

/// What SQLite answered instead of rows.
class sqlite_error : public std::exception {
public:
  /// `code`: SQLite's extended result code.
  sqlite_error(int code, std::string why) : code_{code}, why_{std::move(why)} {}

  [[nodiscard]] int code() const { return code_; }

  /// `refused` for what these very data cause (constraint, too big, mismatch), else `again`: full
  /// disk, input/output, busy, interrupted.
  [[nodiscard]] store_fault fault() const;

  /// The file is damaged, or is none of SQLite's.
  [[nodiscard]] bool is_corrupt() const;

  [[nodiscard]] bool is_busy() const;

  [[nodiscard]] const char* what() const noexcept override { return why_.c_str(); }

private:
  int code_;
  std::string why_;
};

/// A prepared statement. Parameters and columns count from 1 and from 0, as SQLite's do. Lives no
/// longer than its handle. Reads between step() and reset() pin the WAL: use it in a small scope.
class sqlite_statement {
public:
  sqlite_statement(sqlite3* on, std::string_view sql);

  /// Binds values to ?1, ?2, …; texts must live until the next reset(). Returns itself.
  template <class... Values>
  sqlite_statement& with(const Values&... values) {
    reset();
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }

  /// True when there is a row. Throws sqlite_error.
  bool step();

  /// Runs to the end; for statements without rows.
  void run();

  void reset() noexcept;

  /// Valid until the next step() or reset().
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;

private:
  struct finalizer {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };

  void bind(int index, std::string_view text);
  void bind(int index, std::int64_t number);

  std::unique_ptr<sqlite3_stmt, finalizer> statement_;
};

/// An open file. One thread owns it, except for interrupt().
class sqlite_handle {
public:
  /// Opens an existing file. Throws sqlite_error. `patience`: how long a call waits for another
  /// connection's lock.
  sqlite_handle(const std::string& path, std::chrono::milliseconds patience);
  sqlite_handle(const sqlite_handle&) = delete;
  sqlite_handle& operator=(const sqlite_handle&) = delete;
  ~sqlite_handle() = default;

  /// Runs statements without parameters.
  void script(std::string_view sql);

  [[nodiscard]] sqlite_statement prepare(std::string_view sql) { return {file_.get(), sql}; }

  /// The single value of a query without parameters; empty when there is no row.
  [[nodiscard]] std::string value(std::string_view sql);

  /// Rows changed by the last statement.
  [[nodiscard]] std::int64_t changes() const;

  [[nodiscard]] bool in_transaction() const;

  /// From any thread, while the handle lives: the call under way, or waiting for a lock, ends.
  void interrupt() noexcept;

  /// Forgets an interrupt() that came too late for the last call.
  void calm() noexcept { interrupted_ = false; }

private:
  struct closer {
    void operator()(sqlite3* file) const noexcept;
  };

  static int on_busy(void* self, int times);

  std::chrono::milliseconds patience_;
  std::chrono::steady_clock::time_point waiting_since_;
  std::atomic<bool> interrupted_ = false;
  std::unique_ptr<sqlite3, closer> file_;
};

/// A write transaction: open from construction to commit(), else rolled back.
class sqlite_transaction {
public:
  explicit sqlite_transaction(sqlite_handle& on) : on_{on} { on_.script("begin immediate"); }
  sqlite_transaction(const sqlite_transaction&) = delete;
  sqlite_transaction& operator=(const sqlite_transaction&) = delete;
  ~sqlite_transaction();

  void commit() { on_.script("commit"); }

private:
  sqlite_handle& on_;
};

} // namespace callboard
