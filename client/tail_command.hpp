// `callboard tail`: a room's messages on stdout, each once and in order, through any number of
// reconnects.
#pragma once

#include "client/command.hpp"

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
  void on_pause_over() override;
  [[nodiscard]] bool is_waiting() const override { return !what_.follow || !welcome_; }

private:
  void ask_for_room();
  void enter();

  bool entered_ = false;
};

} // namespace callboard::client
