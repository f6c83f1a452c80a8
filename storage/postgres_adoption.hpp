// Takes over what the Go program has stored: its rows become the first entries of `general`, once.
#pragma once

#include "storage/pg_session.hpp"

#include <optional>

namespace callboard {

struct adoption {
  std::uint64_t rows = 0;
  std::string warning; ///< Empty, or why a table named chat_room was left alone.
};

/// At the first start of a database, in one transaction with the note that it was done: a chat_room
/// table that appears later is not looked at. The old table is only read. Nothing when done before.
/// Throws pg_error.
[[nodiscard]] std::optional<adoption> adopt_go_chat(pg_session& session);

} // namespace callboard
