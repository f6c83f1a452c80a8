// The log in PostgreSQL, where several servers may meet: all of them append through
// append_entries(), or by numbers of their own that the database compares before it stores.
#pragma once

#include "storage/numbering.hpp"
#include "storage/pg_session.hpp"

#include <optional>

namespace callboard {

/// See store. Connects at the first call and again after each loss.
class postgres_store final : public store {
public:
  explicit postgres_store(pg_address where) : session_{std::move(where)} {}

  outcome<std::vector<receipt>> append(std::span<const draft_ptr> batch) override;
  outcome<room_head> open(const std::string& room) override;
  outcome<std::vector<entry>> read(const read_query& query) override;
  outcome<std::vector<room_info>> rooms(std::string_view prefix, std::size_t limit) override;
  outcome<bool> claim_name(const name_claim& claim) override;
  outcome<std::string> meta(const std::string& key, const std::string& fresh) override;
  outcome<done> ping() override;
  void interrupt() noexcept override { session_.interrupt(); }

private:
  /// Before the first call on a connection: behind it may stand a database that was restored, or a
  /// standby, in which the same number is another room's or another entry's. Throws
  /// database_replaced where it does.
  void meet_database();

  /// Renews all epochs, and throws database_replaced. Done at the next call where it fails.
  [[noreturn]] void begin_anew();

  /// A log only grows: begins anew where this one has not.
  void must_not_shrink(const remembered_rooms::row& before, seq_t now);

  /// Nothing when the batch needs append_by_looking(): it has stored nothing then.
  std::optional<std::vector<receipt>> append_by_memory(std::span<const draft_ptr> batch);
  std::vector<receipt> append_by_looking(std::span<const draft_ptr> batch);
  void create(const std::string& room);
  std::vector<receipt> look_and_append(std::span<const draft_ptr> batch);
  void learn(std::span<const draft_ptr> batch, const std::vector<receipt>& receipts);

  /// Remembers a row. Throws database_replaced where it cannot have become of what was remembered.
  void learn(const std::string& room, const remembered_rooms::row& now);

  pg_session session_;
  remembered_rooms rooms_;
  std::uint64_t rooms_of_ = 0; ///< The connection that has shown that they are true.
  bool must_renew_ = false;    ///< See begin_anew().
  numbering_luck luck_;
};

} // namespace callboard
