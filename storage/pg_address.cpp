// Where a PostgreSQL database is: see the header. The only user of libpq's own functions.
#include "storage/pg_address.hpp"

#include <libpq-fe.h>
#include <map>
#include <memory>

namespace callboard {

namespace {

using settings = std::map<std::string, std::string>;

/// The settings that the URL names, or nothing.
std::optional<settings> parse_uri(const std::string& url) {
  char* complaint = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{
    PQconninfoParse(url.c_str(), &complaint), &PQconninfoFree};
  PQfreemem(complaint);
  if (!options)
    return std::nullopt;
  settings named;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option)
    if (option->val != nullptr && *option->val != '\0')
      named.emplace(option->keyword, option->val);
  return named;
}

/// A dead network or a black hole must not hold a call: libpq's own defaults are "for ever" and,
/// for keepalive, the kernel's two hours. After a fail-over only the new primary takes posts.
void add_limits(settings& named) {
  named.emplace("connect_timeout", "5");
  named.emplace("keepalives_idle", "10");
  named.emplace("keepalives_interval", "5");
  named.emplace("keepalives_count", "3");
  named.emplace("tcp_user_timeout", "10000");
  named.emplace("target_session_attrs", "read-write");
  named.emplace("fallback_application_name", "callboard");
  named["client_encoding"] =
    "UTF8"; // Whatever PGCLIENTENCODING or the URL say: our texts are UTF-8.
}

std::string quoted(const std::string& value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\')
      text += '\\';
    text += c;
  }
  return text + '\'';
}

std::string value_or(const settings& named, const char* key, const char* fallback) {
  const auto found = named.find(key);
  return found == named.end() ? fallback : found->second;
}

/// A `/` or `@` in a password that was not written as %2F or %40 ends the part it stands in: the
/// rest of the password becomes port or host, which we show.
bool names_a_place(const settings& named) {
  return value_or(named, "host", "").find('@') == std::string::npos
         && value_or(named, "port", "").find_first_not_of("0123456789,") == std::string::npos;
}

} // namespace

std::optional<pg_address> pg_address::parse(const std::string& url) {
  auto named = parse_uri(url);
  if (!named || !names_a_place(*named))
    return std::nullopt;
  add_limits(*named);
  pg_address where;
  for (const auto& [key, value] : *named)
    where.connection_ += key + '=' + quoted(value) + ' ';
  const auto host = value_or(*named, "host", "localhost");
  where.description_ = "PostgreSQL at " + value_or(*named, "hostaddr", host.c_str()) + ':'
                       + value_or(*named, "port", "5432");
  if (const auto name = value_or(*named, "dbname", ""); !name.empty())
    where.description_ += ", database " + name;
  where.password_ = value_or(*named, "password", "");
  return where;
}

std::string pg_address::redacted(std::string_view text) const {
  std::string shown{text};
  if (password_.empty())
    return shown;
  for (auto at = shown.find(password_); at != std::string::npos; at = shown.find(password_, at + 3))
    shown.replace(at, password_.size(), "***");
  return shown;
}

} // namespace callboard
