// `callboard send`: text goes in, a receipt comes out. It ends with 0 only when everything is
// stored.
#pragma once

#include "client/command.hpp"

#include <cstdint>
#include <map>

namespace callboard::client {

class send_command final : public command {
public:
  using command::command;

  void take_line(std::string line) override;
  void end_input() override;
  [[nodiscard]] bool wants_input() const override;
  [[nodiscard]] bool wants_whole_input() const override { return !what_.lines; }
  [[nodiscard]] bool needs_reader() const override { return false; }

protected:
  void on_begin() override;
  void on_welcome(bool first) override;
  void on_stored(const own_stored& what) override;
  void on_failed(const own_failed& what) override;
  [[nodiscard]] std::string unfinished() const override;

private:
  void submit(std::string text);
  void refuse(std::uint64_t tag, errc why, const std::string& sentence);
  void print_receipt(std::uint64_t tag, std::string line);
  void settle();

  std::uint64_t said_ = 0;    ///< Messages, which are also their tags: 1, 2, …
  std::uint64_t settled_ = 0; ///< Of them, those with an end.
  std::uint64_t stored_ = 0;
  bool input_over_ = false;
  std::uint64_t next_receipt_ = 1;
  std::map<std::uint64_t, std::string> receipts_; ///< That wait for those of earlier lines.
  std::optional<int> failure_; ///< Ends with this, once all that is under way has its end.
};

} // namespace callboard::client
