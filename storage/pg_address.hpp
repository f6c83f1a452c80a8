// Where a PostgreSQL database is, read by libpq itself. The password is in connection() and nowhere
// else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace callboard {

/// A libpq URI, understood, with our time limits where it sets none of its own. A value.
class pg_address {
public:
  /// Reads "postgres://…" or "postgresql://…". Nothing when libpq cannot; its own message is
  /// dropped, because it quotes the part that it did not understand, which may be the password.
  [[nodiscard]] static std::optional<pg_address> parse(const std::string& url);

  /// libpq's "key='value' …". Secret.
  [[nodiscard]] const std::string& connection() const { return connection_; }

  /// "PostgreSQL at 127.0.0.1:5432, database chat".
  [[nodiscard]] const std::string& description() const { return description_; }

  /// `text` with the password, should it occur, blacked out.
  [[nodiscard]] std::string redacted(std::string_view text) const;

private:
  pg_address() = default;

  std::string connection_;
  std::string description_;
  std::string password_;
};

} // namespace callboard
