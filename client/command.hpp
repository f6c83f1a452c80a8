// What every command of `callboard` has in common: signing in, telling about the connection, and
// ending with a code that says what happened.
#pragma once

#include "client/desk.hpp"
#include "client/exit_code.hpp"
#include "client/invocation.hpp"
#include "client/printer.hpp"
#include "client/token_file.hpp"
#include "domain/widest_names.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace callboard::client {

/// A command in progress. One thread; the loop (client/loop.hpp) feeds it and asks what it waits
/// for. Knows no clock: it is told the time.
class command {
public:
  using time_point = std::chrono::steady_clock::time_point;

  command(const invocation& what, desk& actors, printer& out, token_store tokens);
  command(const command&) = delete;
  command& operator=(const command&) = delete;
  virtual ~command() = default;

  /// Once, first.
  void begin(time_point now);

  /// Something has happened.
  void take(const screen_event& event, time_point now);

  /// `due` has passed.
  void wake(time_point now);

  /// A line of stdin without its end; the end of stdin. Only while it `wants_input`.
  virtual void take_line(std::string line);
  virtual void end_input() {}
  [[nodiscard]] virtual bool wants_input() const { return false; }

  /// True when stdin is one text and not lines: `take_line` gets all of it at once.
  [[nodiscard]] virtual bool wants_whole_input() const { return false; }

  /// True when it is pointless without somebody who reads stdout.
  [[nodiscard]] virtual bool needs_reader() const { return true; }

  /// Input that cannot be read: too long, or an error of the system.
  void fail_input(const std::string& why);

  /// It ends before its time, by a signal: says what is left undone.
  void tell_unfinished();

  /// When to call `wake`.
  [[nodiscard]] std::optional<time_point> due() const;

  /// The exit code, once there is one.
  [[nodiscard]] std::optional<int> result() const { return result_; }

protected:
  virtual void on_begin() { sign_in(); }
  virtual void on_welcome(bool /*first*/) {}
  virtual void on_entries(const entries_shown& /*what*/) {}
  virtual void on_older(const older_shown& /*what*/) {}
  virtual void on_page(const page_shown& /*what*/) {}
  virtual void on_ready(const log_ready& /*what*/) {}
  virtual void on_refused(const log_refused& what);
  /// True when it shows what failed and asks what to do, also of messages of an earlier process;
  /// else those are given back in lines.
  [[nodiscard]] virtual bool shows_failed(const std::string& /*room*/) const { return false; }
  virtual void on_stored(const own_stored& /*what*/) {}
  virtual void on_failed(const own_failed& /*what*/) {}
  virtual void on_signal(const signal_shown& /*what*/) {}
  virtual void on_rooms(const rooms_known& /*what*/) {}

  /// True when it can ask a person for another name; then it does.
  virtual bool ask_name(const std::string& /*why*/) { return false; }

  /// True while there is something to wait for, so that `--timeout` counts.
  [[nodiscard]] virtual bool is_waiting() const { return true; }

  /// What is lost when it ends now; for the last sentence.
  [[nodiscard]] virtual std::string unfinished() const { return {}; }

  /// Connects as `name`, with its token if there is one.
  void sign_in();
  void sign_in_as(std::string name);

  /// Says what was not stored and lets go of it: in lines, nobody can be asked.
  void give_back(const own_failed& what);

  /// "error: …" and the end.
  void fail(int code, const std::string& why);
  /// Something was achieved: `--timeout` counts from here.
  void progressed() { progress_at_ = now_; }

  void finish(int code = exit_ok) { result_ = result_.value_or(code); }

  /// Calls `on_pause_over` after that time.
  void pause(std::chrono::milliseconds time) { pause_until_ = now_ + time; }
  virtual void on_pause_over() {}

  void set_patience(std::chrono::seconds time) { patience_ = time; }

  const invocation what_;
  desk& desk_;
  printer& out_;
  bool welcome_ = false;           ///< Connected and signed in now.
  std::string name_;               ///< Who we are.
  limits bounds_ = widest_names(); ///< The server's, once it has told.

private:
  void act(const link_connecting& event);
  void act(const link_welcome& event);
  void act(const link_lost& event);
  void act(const link_ended& event);
  static void act(const link_pulse& event);
  void act(const name_refused& event);
  void act(const outbox_told& event);
  void act(const rooms_known& event) { on_rooms(event); }
  void act(const log_ready& event) { on_ready(event); }
  void act(const log_reset& event);
  void act(const log_refused& event) { on_refused(event); }
  void act(const entries_shown& event) { on_entries(event); }
  void act(const older_shown& event) { on_older(event); }
  void act(const page_shown& event) { on_page(event); }
  void act(const own_stored& event);
  void act(const own_failed& event);
  void act(const own_restored& /*event*/) {} // outbox_told has told how many there are.
  void act(const own_dropped& /*event*/) {}
  void act(const signal_shown& event) { on_signal(event); }

  token_store tokens_;
  time_point now_{};
  time_point progress_at_{};
  std::optional<time_point> pause_until_;
  std::optional<time_point> name_again_at_;
  std::chrono::seconds patience_{0}; ///< 0: for ever.
  std::string token_used_;
  std::string claim_; ///< With what we say hello by `claimed_name_`.
  std::string claimed_name_;
  std::string last_loss_;
  int name_tries_ = 0;
  bool ever_welcome_ = false;
  bool token_warned_ = false;
  std::optional<int> result_;
};

/// 65 for what the server can never store, 75 for what it may store later, else 77.
[[nodiscard]] int exit_code_of(errc why);

} // namespace callboard::client
