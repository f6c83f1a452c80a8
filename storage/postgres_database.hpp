// A PostgreSQL database: migrated, adopted, told apart from its copies, before anybody appends.
#pragma once

#include "storage/pg_address.hpp"
#include "storage/store.hpp"

namespace callboard {

/// See database. Holds an address only; every call opens a connection of its own.
class postgres_database final : public database {
public:
  explicit postgres_database(pg_address where) : where_{std::move(where)} {}

  std::variant<preparation, unusable> prepare() override;
  std::variant<std::uint64_t, unusable> renew_epochs() override;
  store_ptr writer() override;
  store_ptr reader() override;
  [[nodiscard]] std::string describe() const override { return where_.description(); }

private:
  const pg_address where_;
};

/// For open_database().
[[nodiscard]] std::variant<std::unique_ptr<database>, unusable>
open_postgres(const std::string& url);

} // namespace callboard
