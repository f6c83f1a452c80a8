// The log in one SQLite file, with one server. What is acknowledged has been synced to the disk.
#pragma once

#include "storage/sqlite_file.hpp"
#include "storage/sqlite_handle.hpp"

#include <mutex>
#include <type_traits>

namespace callboard {

/// Opens the file with everything that our promises need: WAL, synchronous=FULL. Throws
/// sqlite_error.
[[nodiscard]] std::unique_ptr<sqlite_handle> open_sqlite_handle(const std::string& path);

/// See store. `file` keeps the server's lock; null (never prepared): every call answers `again`.
class sqlite_store final : public store {
public:
  explicit sqlite_store(sqlite_file_ptr file);
  sqlite_store(const sqlite_store&) = delete;
  sqlite_store& operator=(const sqlite_store&) = delete;
  ~sqlite_store() override;

  outcome<std::vector<receipt>> append(std::span<const draft_ptr> batch) override;
  outcome<room_head> open(const std::string& room) override;
  outcome<std::vector<entry>> read(const read_query& query) override;
  outcome<std::vector<room_info>> rooms(std::string_view prefix, std::size_t limit) override;
  outcome<bool> claim_name(const name_claim& claim) override;
  outcome<std::string> meta(const std::string& key, const std::string& fresh) override;
  outcome<done> ping() override;
  void interrupt() noexcept override;

private:
  struct link;

  link& connected();
  /// Throws when the path no longer names our file: nobody would ever find what we write to it.
  void require_file() const;
  void disconnect() noexcept;
  template <class Call>
  auto settle(Call call) -> outcome<std::invoke_result_t<Call, link&>>;

  sqlite_file_ptr file_;
  std::mutex link_lock_; ///< Guards link_'s making and ending against interrupt().
  std::unique_ptr<link> link_;
};

} // namespace callboard
