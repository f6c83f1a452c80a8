// `callboard tail`: a room's messages on stdout, each once and in order, through any number of
// reconnects.
#pragma once

#include "client/command.hpp"

#include <cstdint>
#include <optional>

namespace callboard::client {

class tail_command final : public command {
public:
  using command::command;

protected:
  void on_begin() override;
  void on_welcome(bool first) override;
  void on_rooms(const rooms_known& what) override;
  void on_entries(const entries_shown& what) override;
  void on_ready(const log_ready& what) override;
  void on_page(const page_shown& what) override;
  void on_pause_over() override;
  [[nodiscard]] bool is_waiting() const override { return !what_.follow || !welcome_; }

private:
  void ask_for_room();
  void enter();

  void look();
  void read_from(std::uint64_t seq);

  /// Looks for the first message of `--since TIME`: which is between `low` and `high`.
  struct search {
    std::uint64_t low = 1;
    std::uint64_t high = 1;
    std::uint64_t middle = 1; ///< What was asked for.
    bool ready = false;       ///< The length of the log is known.
  };

  bool entered_ = false;
  std::optional<search> search_;
  bool found_ = false; ///< After a search: another timeline reads the room now.
};

} // namespace callboard::client
