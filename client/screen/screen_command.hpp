// `callboard ROOM…` on a full screen: events and keys change one chat_state, which is painted.
// Whatever is typed is sent once or stays in sight with the reason.
#pragma once

#include "client/command.hpp"
#include "client/screen/chat_state.hpp"
#include "client/screen/completion.hpp"
#include "client/screen/draft_file.hpp"
#include "client/screen/history_file.hpp"
#include "client/screen/notification.hpp"
#include "client/screen/read_marks.hpp"
#include "client/screen/screen_printer.hpp"
#include "client/slash_command.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace callboard::client {

struct screen_setup {
  std::vector<std::string> rooms; ///< To be entered; the first one is shown.
  std::string state_folder;       ///< Where the input history is kept; empty: nowhere.
  notification notify = notification::bell;
  std::function<std::int64_t()> wall_ms; ///< Milliseconds since 1970, for what has no place yet.
};

/// One thread; the loop (client/screen/screen_loop.hpp) feeds it. Knows no terminal.
class screen_command final : public command {
public:
  screen_command(const invocation& what, desk& actors, screen_printer& out, token_store tokens,
                 screen_setup setup);

  /// An event, before or after `take` has had it.
  void note(const screen_event& event, time_point now);

  void press(const key& what, time_point now);

  /// Lines that somebody wrote to stderr.
  void overhear(const std::vector<std::string>& lines);

  /// The size of the screen, from now on.
  void resize(int rows, int columns);

  [[nodiscard]] frame picture(time_point now) const;
  [[nodiscard]] std::optional<time_point> next_picture(time_point now) const;

  /// Bytes for the terminal beside the picture: notifications.
  [[nodiscard]] std::string take_bytes() { return std::exchange(bytes_, {}); }

  /// True once when the whole screen is to be sent anew; when the process is to be stopped (C-z).
  [[nodiscard]] bool wants_redraw() { return std::exchange(wants_redraw_, false); }
  [[nodiscard]] bool wants_suspend() { return std::exchange(wants_suspend_, false); }

  /// What is written to disk some time after it has changed: how far was read, what is being typed.
  [[nodiscard]] std::optional<time_point> chores_due() const;
  void do_chores(time_point now);
  /// The same at once; for the end.
  void save();

  /// For the end: what was typed and is not stored, a line each.
  [[nodiscard]] std::vector<std::string> leftovers() const;

  [[nodiscard]] bool needs_reader() const override { return false; }

protected:
  void on_begin() override;
  void on_welcome(bool first) override;
  void on_refused(const log_refused& what) override;
  bool ask_name(const std::string& why) override;
  [[nodiscard]] bool shows_failed(const std::string& room) const override;
  [[nodiscard]] bool is_waiting() const override { return leaving_; }
  [[nodiscard]] std::string unfinished() const override;

private:
  // -- events: screen_events.cpp ------------------------------------------------------------------
  void see(const link_connecting& event);
  void see(const link_welcome& event);
  void see(const link_lost& event);
  void see(const link_ended& event);
  void see(const link_pulse& event);
  void see(const rooms_known& event);
  void see(const log_ready& event);
  void see(const log_reset& event);
  void see(const entries_shown& event);
  void see(const page_shown& event);
  void see(const own_stored& event);
  void see(const own_failed& event);
  void see(const own_restored& event);
  void see(const own_dropped& event);
  void see(const signal_shown& event);
  template <class Other>
  void see(const Other& /*event*/) {}
  void hear(const std::string& room, const wire::presence& what);
  void hear(const std::string& room, const wire::typing_notice& what);
  void hear(const std::string& room, const wire::who_list& what);
  void alert(const listed_room& room, const entry& what);
  void say_notice(const std::string& text);
  void drain();
  void settle();
  [[nodiscard]] std::size_t open_posts() const;
  [[nodiscard]] bool is_watched(const listed_room& room) const;
  void look();
  void keep_mark(const listed_room& room);
  void ask_page(const listed_room& room, const std::optional<wanted_page>& page);
  void return_text(listed_room& room, const std::string& text);

  // -- the input of each room: screen_command.cpp -------------------------------------------------
  [[nodiscard]] std::string& draft();
  void put_away_input();
  void take_up_input();
  void close_room(const std::string& name);
  [[nodiscard]] draft_file::drafts typed() const;
  void give_draft(listed_room& room);
  void drop_sent(listed_room& room, const std::string& text);

  // -- keys: screen_keys.cpp ----------------------------------------------------------------------
  bool press_search(const key& what);
  bool press_global(const key& what);
  bool press_control(char letter);
  bool press_alt(std::string_view letter);
  bool press_scroll(const key& what);
  bool press_history(const key& what);
  void note_paste(const std::string& pasted);
  void press_enter();
  void press_name(std::string name);
  void press_interrupt();
  void press_escape();
  void complete(bool forward);
  void search_history(bool anew);
  void scroll_by(int rows);
  void go_to_start();
  void go_to_end();
  void open_room(const std::string& name);
  void find_message(bool older);

  void end_now();

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

  screen_printer& says_;
  screen_setup setup_;
  chat_state state_;
  input_history history_;
  history_file file_;
  read_marks marks_;
  draft_file drafts_;
  std::map<std::string, std::string> given_back_; ///< By room: drafts of an earlier process.
  std::optional<time_point> save_at_;             ///< Marks.
  std::optional<time_point> keep_at_;             ///< Drafts.
  std::optional<completion> completing_;
  std::size_t completed_end_ = 0;
  std::string completed_text_;      ///< The input, so far as completing has made it.
  std::string paste_;               ///< The last one of some lines, as it stands in the input.
  std::string roomless_;            ///< The draft where there is no room.
  std::string leave_asked_;         ///< The next /leave of this room gives up what is not stored.
  std::vector<std::string> listed_; ///< Rooms of the last /rooms that are not open, for Tab.
  std::set<std::uint64_t> editing_; ///< Dropped so that their texts go back into the input.
  std::uint64_t said_ = 0;
  int rows_ = 24;
  int columns_ = 80;
  std::int64_t search_at_ = 0; ///< The line that was found last.
  bool leaving_ = false;
  bool focused_ = true;
  bool focus_known_ = false;
  time_point now_{};
  time_point key_at_{};
  std::optional<time_point> interrupted_at_;
  std::string bytes_;
  bool wants_redraw_ = false;
  bool wants_suspend_ = false;
};

} // namespace callboard::client
