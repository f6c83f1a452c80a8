// The schema's steps, embedded from sql/ at build time; sql/ and the program cannot drift apart.
#pragma once

#include <span>
#include <string_view>

namespace callboard {

/// One numbered file of sql/. Versions count 1, 2, 3, … per kind of database.
struct migration {
  int version = 0;
  std::string_view name;
  std::string_view sql;
};

/// All steps, ascending, as long as the program lives.
[[nodiscard]] std::span<const migration> postgres_migrations();
[[nodiscard]] std::span<const migration> sqlite_migrations();

} // namespace callboard
