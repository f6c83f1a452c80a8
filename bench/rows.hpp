// The plainest way to make rows durable: numbers given, no look for repetitions, one batch one
// commit, into the server's own table with its two indexes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace callboard::bench {

struct row {
  std::int64_t room = 0;
  std::int64_t seq = 0;
  std::string author;
  std::string name;
  std::string id;
  std::string body;
  std::int64_t at_ms = 0;
};

/// One connection. Throws std::runtime_error when the database refuses.
class row_store {
public:
  row_store() = default;
  row_store(const row_store&) = delete;
  row_store& operator=(const row_store&) = delete;
  virtual ~row_store() = default;

  /// Begins to store; finish() tells the end. At most one batch at a time.
  virtual void begin(const std::vector<row>& batch) = 0;

  /// Readable when finish() may be called; negative: at once, since begin() has done it all.
  [[nodiscard]] virtual int waits_for() const = 0;

  /// True once the batch is committed; false: wait again.
  [[nodiscard]] virtual bool finish() = 0;

  /// begin() and finish().
  void store(const std::vector<row>& batch);
};

/// `postgres://…` or `sqlite:PATH`; the table `entry` must be there.
[[nodiscard]] std::unique_ptr<row_store> open_row_store(const std::string& url);

} // namespace callboard::bench
