// `callboard rooms` and `callboard who`: one question, one list.
#pragma once

#include "client/command.hpp"

namespace callboard::client {

class rooms_command final : public command {
public:
  using command::command;

protected:
  void on_welcome(bool first) override;
  void on_rooms(const rooms_known& what) override;
  void on_pause_over() override;
};

class who_command final : public command {
public:
  using command::command;

protected:
  void on_welcome(bool first) override;
  void on_rooms(const rooms_known& what) override;
  void on_ready(const log_ready& what) override;
  void on_signal(const signal_shown& what) override;
  void on_pause_over() override;

private:
  bool entered_ = false;
};

} // namespace callboard::client
