// An SQLite file as a database: the embedded default, for one server at a time.
#pragma once

#include "storage/sqlite_file.hpp"

#include <mutex>

namespace callboard {

/// See database. Holds the file's lock from its first use on; stores that it opened hold it too.
class sqlite_database final : public database {
public:
  explicit sqlite_database(std::string path) : path_{std::move(path)} {}

  std::variant<preparation, unusable> prepare() override;
  std::variant<std::uint64_t, unusable> renew_epochs() override;
  store_ptr writer() override;
  store_ptr reader() override;
  [[nodiscard]] std::string describe() const override { return "SQLite at " + path_; }

private:
  /// Throws unusable.
  sqlite_file_ptr held();

  const std::string path_;
  std::mutex lock_;
  sqlite_file_ptr file_;
};

/// For open_database(): "sqlite:" and a path, relative to the current directory unless it starts
/// with /.
[[nodiscard]] std::variant<std::unique_ptr<database>, unusable> open_sqlite(const std::string& url);

} // namespace callboard
