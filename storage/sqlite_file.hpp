// The files of an SQLite database: who holds it, which copy it is, and why it cannot be written.
#pragma once

#include "storage/store.hpp"

#include <memory>
#include <string>

namespace callboard {

/// The right to be a database's only server: a lock on "<path>.lock" that the kernel takes back
/// when the process ends, however it ends. The file stays, with the holder's process id in it.
class sqlite_file {
public:
  /// Takes the lock and makes the database file if there is none (mode 600: it holds the secret
  /// that signs tokens). Throws unusable, which says path, owner, mode and what to do.
  explicit sqlite_file(std::string path);
  sqlite_file(const sqlite_file&) = delete;
  sqlite_file& operator=(const sqlite_file&) = delete;
  ~sqlite_file();

  [[nodiscard]] const std::string& path() const { return path_; }

  /// The path still names the file that was opened first: not deleted, moved or replaced.
  [[nodiscard]] bool is_in_place() const;

  /// What "<path>.id" holds; empty when there is none: a copy of the database file alone.
  [[nodiscard]] std::string identity() const;

  /// Replaces it, durably. Throws unusable.
  void set_identity(const std::string& id) const;

private:
  std::string path_;
  int lock_ = -1;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
};

/// Held by the database and by each store that it opened: the lock lives as long as any of them.
using sqlite_file_ptr = std::shared_ptr<const sqlite_file>;

} // namespace callboard
