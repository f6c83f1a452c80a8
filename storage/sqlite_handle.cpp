// One connection to an SQLite file: see the header.
#include "storage/sqlite_handle.hpp"

#include <algorithm>
#include <sqlite3.h>
#include <thread>

namespace callboard {

namespace {

constexpr int primary(int code) {
  return code & 0xFF;
}

[[noreturn]] void fail(sqlite3* on, int code) {
  // No sqlite3_errmsg for constraints: for STRICT tables it quotes what people wrote.
  std::string why = sqlite3_errstr(code);
  if (on != nullptr && primary(code) != SQLITE_CONSTRAINT)
    why = sqlite3_errmsg(on);
  throw sqlite_error{code, why + " (SQLite " + std::to_string(code) + ')'};
}

} // namespace

store_fault sqlite_error::fault() const {
  switch (primary(code_)) {
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
      return store_fault::refused;
    default:
      return store_fault::again;
  }
}

bool sqlite_error::is_corrupt() const {
  return primary(code_) == SQLITE_CORRUPT || primary(code_) == SQLITE_NOTADB;
}

bool sqlite_error::is_busy() const {
  return primary(code_) == SQLITE_BUSY || primary(code_) == SQLITE_LOCKED;
}

// -- statement ------------------------------------------------------------------------------------

sqlite_statement::sqlite_statement(sqlite3* on, std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v3(on, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  statement_.reset(made);
  if (code != SQLITE_OK)
    fail(on, code);
}

void sqlite_statement::finalizer::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

void sqlite_statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL, and "" is not NULL.
  const char* const bytes = text.data() == nullptr ? "" : text.data();
  if (const int code = sqlite3_bind_text64(statement_.get(), index, bytes, text.size(),
                                           SQLITE_STATIC, SQLITE_UTF8);
      code != SQLITE_OK)
    fail(sqlite3_db_handle(statement_.get()), code);
}

void sqlite_statement::bind(int index, std::int64_t number) {
  if (const int code = sqlite3_bind_int64(statement_.get(), index, number); code != SQLITE_OK)
    fail(sqlite3_db_handle(statement_.get()), code);
}

bool sqlite_statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW)
    return true;
  if (code == SQLITE_DONE)
    return false;
  auto* const on = sqlite3_db_handle(statement_.get());
  const int extended = sqlite3_extended_errcode(on);
  fail(on, extended);
}

void sqlite_statement::run() {
  while (step())
    continue;
  reset();
}

void sqlite_statement::reset() noexcept {
  sqlite3_reset(statement_.get());
}

std::string_view sqlite_statement::text(int column) const {
  const auto* const bytes = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  // SQLite's own type for UTF-8 is unsigned char.
  return bytes == nullptr ? std::string_view{}
                          : std::string_view{reinterpret_cast<const char*>(bytes), size};
}

std::int64_t sqlite_statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

// -- handle ---------------------------------------------------------------------------------------

sqlite_handle::sqlite_handle(const std::string& path, std::chrono::milliseconds patience)
  : patience_{patience} {
  sqlite3* made = nullptr;
  // No CREATE: a file that was deleted under us must not come back empty. No mutex: one thread owns
  // it.
  const int code =
    sqlite3_open_v2(path.c_str(), &made,
                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  file_.reset(made);
  if (code != SQLITE_OK)
    fail(made, code);
  sqlite3_busy_handler(made, &sqlite_handle::on_busy, this);
}

void sqlite_handle::closer::operator()(sqlite3* file) const noexcept {
  sqlite3_close_v2(file);
}

/// SQLite's own busy_timeout cannot be interrupted, so the waiting is ours.
int sqlite_handle::on_busy(void* self, int times) {
  auto& handle = *static_cast<sqlite_handle*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (times == 0)
    handle.waiting_since_ = now;
  if (handle.interrupted_ || now - handle.waiting_since_ >= handle.patience_)
    return 0;
  std::this_thread::sleep_for(std::chrono::milliseconds{std::min(times + 1, 20)});
  return 1;
}

void sqlite_handle::script(std::string_view sql) {
  if (const int code =
        sqlite3_exec(file_.get(), std::string{sql}.c_str(), nullptr, nullptr, nullptr);
      code != SQLITE_OK)
    fail(file_.get(), code);
}

std::string sqlite_handle::value(std::string_view sql) {
  auto statement = prepare(sql);
  return statement.step() ? std::string{statement.text(0)} : std::string{};
}

std::int64_t sqlite_handle::changes() const {
  return sqlite3_changes64(file_.get());
}

bool sqlite_handle::in_transaction() const {
  return sqlite3_get_autocommit(file_.get()) == 0;
}

void sqlite_handle::interrupt() noexcept {
  interrupted_ = true;
  sqlite3_interrupt(file_.get());
}

sqlite_transaction::~sqlite_transaction() {
  // Some errors have rolled back already; a rollback that fails leaves the file to its journal.
  if (on_.in_transaction()) {
    try {
      on_.script("rollback");
    } catch (const sqlite_error&) {
      return;
    }
  }
}

} // namespace callboard
