// `callboard ROOM`: lines typed are said, lines said are shown. The line mode of the client: no
// cursor is ever moved, so it works in any terminal, in a pipe and for a screen reader.
#pragma once

#include "client/command.hpp"
#include "client/open_questions.hpp"
#include "client/slash_command.hpp"

#include <cstdint>
#include <map>
#include <set>

namespace callboard::client {

class chat_command final : public command {
public:
  /// `echoes`: a person sits at the terminal and has already seen what was typed.
  chat_command(const invocation& what, desk& actors, printer& out, token_store tokens, bool echoes);

  void take_line(std::string line) override;
  void end_input() override;
  [[nodiscard]] bool wants_input() const override;

protected:
  void on_begin() override;
  void on_welcome(bool first) override;
  void on_entries(const entries_shown& what) override;
  void on_older(const older_shown& what) override;
  void on_ready(const log_ready& what) override;
  void on_refused(const log_refused& what) override;
  void on_stored(const own_stored& what) override;
  void on_failed(const own_failed& what) override;
  void on_signal(const signal_shown& what) override;
  void on_rooms(const rooms_known& what) override;
  bool ask_name(const std::string& why) override;
  [[nodiscard]] bool is_waiting() const override { return leaving_ || !welcome_; }
  [[nodiscard]] std::string unfinished() const override;

private:
  void act(say_line& line);
  void act(quit_line& line);
  void act(help_line& line);
  void act(who_line& line);
  void act(rooms_line& line);
  void act(join_line& line);
  void act(leave_line& line);
  void act(history_line& line);
  void act(reconnect_line& line);
  void act(me_line& line);
  void act(search_line& line);
  void act(notify_line& line);
  void act(retry_line& line);
  void act(edit_line& line);
  void act(drop_line& line);
  void act(nothing_line& line);
  void act(wrong_line& line);

  void take_name(const std::string& line);
  void ask(open_questions::about what, std::string where, std::size_t count = 0);
  void put_questions();
  void answered(open_questions::about what, const std::string& where);
  void join(const std::string& room);
  void settle();
  void print(const std::string& room, const std::vector<shown_entry>& entries, bool all);

  bool echoes_;
  bool asking_name_ = false;
  bool leaving_ = false; ///< Ends when everything said has its end.
  std::string current_;  ///< Where lines go; empty: nowhere.
  std::set<std::string> rooms_;
  open_questions questions_;
  std::uint64_t said_ = 0;
  std::uint64_t settled_ = 0;
  int failure_ = exit_ok; ///< Why the first thing that was not stored was not.
};

} // namespace callboard::client
