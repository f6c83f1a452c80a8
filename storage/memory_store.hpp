// A store over a memory_log, for the simulation and for conversation tests: the contract, and
// faults on order.
#pragma once

#include "storage/memory_log.hpp"

namespace callboard {

/// See store. Never blocks unless its log is told to stall.
class memory_store final : public store {
public:
  explicit memory_store(std::shared_ptr<memory_log> log) : log_{std::move(log)} {}

  outcome<std::vector<receipt>> append(std::span<const draft_ptr> batch) override;
  outcome<room_head> open(const std::string& room) override;
  outcome<std::vector<entry>> read(const read_query& query) override;
  outcome<std::vector<room_info>> rooms(std::string_view prefix, std::size_t limit) override;
  outcome<bool> claim_name(const name_claim& claim) override;
  outcome<std::string> meta(const std::string& key, const std::string& fresh) override;
  outcome<done> ping() override;
  void interrupt() noexcept override;

private:
  template <class Call>
  auto settle(memory_call kind, Call call) -> outcome<decltype(call())>;

  std::shared_ptr<memory_log> log_;
  bool interrupted_ = false; ///< Under the log's lock.
};

/// See database. Its schema is version 1, its epochs are the log's.
class memory_database final : public database {
public:
  explicit memory_database(std::shared_ptr<memory_log> log = std::make_shared<memory_log>())
    : log_{std::move(log)} {}

  std::variant<preparation, unusable> prepare() override;
  std::variant<std::uint64_t, unusable> renew_epochs() override;
  store_ptr writer() override { return std::make_shared<memory_store>(log_); }
  store_ptr reader() override { return std::make_shared<memory_store>(log_); }
  [[nodiscard]] std::string describe() const override { return "memory"; }

  [[nodiscard]] const std::shared_ptr<memory_log>& log() const { return log_; }

private:
  std::shared_ptr<memory_log> log_;
};

} // namespace callboard
