// One connection to PostgreSQL: see the header. What differs between pqxx 6.4, 7.8 and 7.10 stands
// in run_prepared() and state_of().
#include "storage/pg_session.hpp"

#include <pqxx/pqxx>

#include <algorithm>
#include <array>
#include <charconv>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#if defined(__SANITIZE_ADDRESS__) && PQXX_VERSION_MAJOR < 7
// pqxx 6.4 drops a result, some hundred bytes, when it asks a connection that has just broken for
// its encoding, and the whole connection with its TLS state when that happens while it is made.
// Once per lost connection is no growth, but the leak checker would fail every test of it; nothing
// but libpq uses OpenSSL here. The name is the sanitizer's.
extern "C" __attribute__((weak)) const char* __lsan_default_suppressions() { // NOLINT
  return "leak:libpqxx\nleak:libcrypto\nleak:libssl";
}
#endif

namespace callboard {

namespace {

#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)

pqxx::result run_prepared(pqxx::nontransaction& work, const char* name,
                          std::span<const std::string> parameters) {
  pqxx::params all;
  for (const auto& parameter : parameters)
    all.append(parameter);
  return work.exec(pqxx::prepped{name}, all);
}

#elif PQXX_VERSION_MAJOR == 7

pqxx::result run_prepared(pqxx::nontransaction& work, const char* name,
                          std::span<const std::string> parameters) {
  pqxx::params all;
  for (const auto& parameter : parameters)
    all.append(parameter);
  return work.exec_prepared(name, all);
}

#else

pqxx::result run_prepared(pqxx::nontransaction& work, const char* name,
                          std::span<const std::string> parameters) {
  const std::vector<std::string> all(parameters.begin(), parameters.end());
  return work.exec_prepared(name, pqxx::prepare::make_dynamic_params(all));
}

#endif

/// Empty when no server answered. pqxx 6.4 drops the SQLSTATE of what has a type of its own, and
/// its transaction_rollback is not even an sql_error.
std::string state_of(const std::exception& error) {
  if (const auto* told = dynamic_cast<const pqxx::sql_error*>(&error);
      told != nullptr && !told->sqlstate().empty())
    return told->sqlstate();
  if (dynamic_cast<const pqxx::insufficient_privilege*>(&error) != nullptr)
    return "42501";
  if (dynamic_cast<const pqxx::deadlock_detected*>(&error) != nullptr)
    return "40P01";
  if (dynamic_cast<const pqxx::statement_completion_unknown*>(&error) != nullptr)
    return "40003";
  if (dynamic_cast<const pqxx::transaction_rollback*>(&error) != nullptr)
    return "40001";
  if (dynamic_cast<const pqxx::too_many_connections*>(&error) != nullptr)
    return "53300";
  return {};
}

/// What makes a commit durable and a name mean one thing, whatever the database's defaults are.
constexpr const char* session_settings =
  "set synchronous_commit = on;"
  "set session characteristics as transaction isolation level read committed;"
  "set search_path = public, pg_temp;"
  "set standard_conforming_strings = on;"
  "set client_min_messages = error";

bool starts_with_any(std::string_view state, std::span<const std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [state](auto prefix) { return state.starts_with(prefix); });
}

/// Errors after which a new connection stands a better chance than this one: the connection's own
/// (08), shutting down (57P), a standby after a fail-over (25006), a transaction left in a strange
/// state (25), a prepared statement that is gone (26000, behind a pooler), a table or a function
/// or an index that is gone (somebody restores a backup, and what comes next may be an earlier
/// state).
bool spoils_connection(std::string_view state) {
  constexpr std::array<std::string_view, 8> spoiling{"08",    "57P",   "25",    "26",
                                                     "42P05", "42P01", "42P10", "42883"};
  return state.empty() || starts_with_any(state, spoiling);
}

/// The message's first line: DETAIL and CONTEXT would quote rows, that is, what people wrote.
std::string headline(std::string_view message) {
  constexpr std::size_t longest = 300;
  message = message.substr(0, message.find('\n'));
  return std::string{message.substr(0, longest)};
}

} // namespace

// -- errors and rows ------------------------------------------------------------------------------

pg_error::pg_error(std::string state, std::string why)
  : state_{std::move(state)},
    why_{state_.empty() ? std::move(why) : why + " (SQLSTATE " + state_ + ')'} {}

store_fault pg_error::fault() const {
  // Besides those of spoils_connection(): serialization failure and deadlock (40), unique violation
  // (a repetition that was committed meanwhile), out of resources (53), lock not available, query
  // cancelled, and errors of the machine below (58).
  constexpr std::array<std::string_view, 6> passing{"40", "23505", "53", "55P03", "57014", "58"};
  return spoils_connection(state_) || starts_with_any(state_, passing) ? store_fault::again
                                                                       : store_fault::refused;
}

pg_rows::pg_rows(const pqxx::result& rows) : rows_{std::make_shared<const pqxx::result>(rows)} {}

std::size_t pg_rows::size() const {
  return static_cast<std::size_t>(rows_->size());
}

bool pg_rows::is_null(std::size_t row, int column) const {
  return (*rows_)[static_cast<pqxx::result::size_type>(row)][column].is_null();
}

std::string_view pg_rows::text(std::size_t row, int column) const {
  const auto field = (*rows_)[static_cast<pqxx::result::size_type>(row)][column];
  return {field.c_str(), field.size()};
}

std::int64_t pg_rows::number(std::size_t row, int column) const {
  const auto digits = text(row, column);
  std::int64_t value = 0;
  const auto* const end = digits.data() + digits.size();
  if (const auto [stop, error] = std::from_chars(digits.data(), end, value);
      error != std::errc{} || stop != end)
    throw pg_error{"22003", "the database answered something that is no 64-bit number"};
  return value;
}

// -- session --------------------------------------------------------------------------------------

struct pg_session::link {
  explicit link(const std::string& address) : connection{address} {}

  pqxx::connection connection;
  std::unordered_set<std::string_view> prepared;
};

pg_session::pg_session(pg_address where) : where_{std::move(where)} {}

pg_session::~pg_session() {
  disconnect();
}

pg_session::link& pg_session::connected() {
  if (link_ && !link_->connection.is_open())
    disconnect();
  if (link_)
    return *link_;
  auto fresh = std::make_unique<link>(where_.connection());
  {
    // A duplicate: libpq closes its socket by itself as soon as it reads an end, and the kernel may
    // give the number to a client's connection at once. Ours stays ours until disconnect().
    const std::lock_guard guard{socket_lock_};
    socket_ = fcntl(fresh->connection.sock(), F_DUPFD_CLOEXEC, 0);
  }
  pqxx::nontransaction{fresh->connection}.exec(session_settings);
  link_ = std::move(fresh);
  ++made_;
  return *link_;
}

std::uint64_t pg_session::connection() const noexcept {
  return link_ && link_->connection.is_open() ? made_ : made_ + 1;
}

void pg_session::disconnect() noexcept {
  {
    const std::lock_guard guard{socket_lock_};
    if (socket_ >= 0)
      close(socket_);
    socket_ = -1;
  }
  link_.reset();
}

void pg_session::interrupt() noexcept {
  const std::lock_guard guard{socket_lock_};
  if (socket_ >= 0)
    shutdown(socket_, SHUT_RDWR);
}

template <class Call>
pg_rows pg_session::guarded(Call call) {
  try {
    auto rows = call(connected());
    return pg_rows{rows};
  } catch (const pg_error&) {
    throw;
  } catch (const std::exception& error) {
    // Without a state nobody knows what happened: broken connection, failed connect,
    // pqxx::in_doubt_error.
    const auto state = state_of(error);
    const auto why = where_.redacted(headline(error.what()));
    if (!link_ || spoils_connection(state) || !link_->connection.is_open())
      disconnect();
    throw pg_error{state, why};
  }
}

pg_rows pg_session::exec(const pg_statement& what, std::span<const std::string> parameters) {
  for (const auto& parameter : parameters)
    if (parameter.find('\0') != std::string::npos)
      throw pg_error{"22021", "a text holds a NUL"};
  return guarded([&](link& on) {
    if (on.prepared.insert(what.name).second)
      on.connection.prepare(what.name, what.sql);
    pqxx::nontransaction work{on.connection};
    return run_prepared(work, what.name, parameters);
  });
}

void pg_session::bound_lock_waits() {
  script("set lock_timeout = '10s'");
}

pg_rows pg_session::script(std::string_view sql) {
  return guarded([&](link& on) {
    pqxx::nontransaction work{on.connection};
    return work.exec(std::string{sql});
  });
}

} // namespace callboard
