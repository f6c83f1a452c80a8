// One room as the screen knows it: a bounded window of its log, what was said here and has no place
// in the log yet, what is unread, and where the reader is. However long the log and the reading,
// the window never holds more than `window_most` lines.
#pragma once

#include "domain/entry.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::client {

struct view_line {
  enum class kind : std::uint8_t { message, notice, visits };
  kind what = kind::message;
  bool own = false;
  bool mention = false;
  std::uint8_t colour = 0; ///< Of the author: nick_colour.
  seq_t seq = 0;           ///< Of a message.
  std::int64_t at_ms = 0;
  std::string who;
  std::string text;
};

/// Something said here that the log does not show yet.
struct own_line {
  enum class state : std::uint8_t { pending, stored, failed };
  std::uint64_t tag = 0;
  std::string text;
  std::int64_t at_ms = 0;
  state now = state::pending;
  std::string why; ///< It failed.
};

/// Where the reader is: at the end, or at a line and so many of its rows below the edge.
struct place {
  bool at_end = true;
  std::int64_t line = 0; ///< The number of the lowest line; see room_view::first.
  int hidden = 0;
};

/// What to ask the log for, so that scrolling can go on.
struct wanted_page {
  seq_t before = 0;
  std::optional<seq_t> after;
};

/// Pure; owned by one screen. Lines have numbers that stay when others come and go.
class room_view {
public:
  static constexpr std::size_t window_most = 10000;

  /// An entry of the log that came behind all others. `watched`: it is being looked at.
  void add(const entry& what, bool own, std::uint64_t tag, std::string_view my_name, bool watched);

  /// A page that was asked for with `wanted`.
  void add_page(const wanted_page& asked, const std::vector<entry>& entries, bool more,
                std::string_view my_name, std::string_view my_id);
  void page_failed();

  /// Another log: nothing that was shown is in it.
  void reset();

  /// Far from the end it is kept until the window is back there.
  void notice(std::string text, std::int64_t at_ms);
  void visit(const std::vector<std::string>& came, const std::vector<std::string>& left,
             std::int64_t at_ms);

  // -- own lines ----------------------------------------------------------------------------------
  void say(std::uint64_t tag, std::string text, std::int64_t at_ms);
  void stored(std::uint64_t tag);
  void failed(std::uint64_t tag, std::string_view text, std::string why, std::int64_t at_ms);
  /// Forgets it; its text.
  std::string forget(std::uint64_t tag);
  void pending_again(std::uint64_t tag);
  [[nodiscard]] const std::vector<own_line>& own() const { return own_; }
  /// The newest that failed, or null.
  [[nodiscard]] const own_line* last_failed() const;

  // -- reading ------------------------------------------------------------------------------------
  void mark_read();
  /// What was there at the join has been read up to this entry, by an earlier process.
  void resume_reading(seq_t read);
  /// The last entry that was read.
  [[nodiscard]] seq_t read() const { return read_; }
  /// The room is left for another: its unread line has done its work.
  void put_away();
  [[nodiscard]] std::size_t unread() const { return unread_; }
  [[nodiscard]] std::size_t unread_mentions() const { return unread_mentions_; }
  /// The last entry that was read before those of the unread line; nothing: there is no such line.
  [[nodiscard]] std::optional<seq_t> unread_line() const { return line_after_; }
  [[nodiscard]] std::size_t unread_line_count() const { return line_count_; }

  // -- the window ---------------------------------------------------------------------------------
  /// Numbers of its lines: from `first` to before `end`; own lines stand behind, up to `all_end`.
  [[nodiscard]] std::int64_t first() const { return base_; }
  [[nodiscard]] std::int64_t end() const {
    return base_ + static_cast<std::int64_t>(lines_.size());
  }
  [[nodiscard]] std::int64_t all_end() const;
  [[nodiscard]] const view_line& line(std::int64_t number) const;
  /// True while the window reaches to the end of the log.
  [[nodiscard]] bool attached() const { return attached_; }
  [[nodiscard]] bool has_older() const { return has_older_; }

  place where;

  /// What the window lacks before its first line, or behind its last; nothing while a page is on
  /// its way or there is no more. The caller asks for it.
  [[nodiscard]] std::optional<wanted_page> want_older();
  [[nodiscard]] std::optional<wanted_page> want_newer();
  /// The newest page instead of the window; nothing when it is there.
  [[nodiscard]] std::optional<wanted_page> want_end();
  /// The first page of the log instead of the window; nothing when it is there.
  [[nodiscard]] std::optional<wanted_page> want_start();
  /// After a page: what is lacking on the way to the end, if that is where the reader wants to be.
  [[nodiscard]] std::optional<wanted_page> still_wanted();

  /// The number of the next line with `what` in it, before or behind `from`; case ignored.
  [[nodiscard]] std::optional<std::int64_t> find(std::string_view what, std::int64_t from,
                                                 bool older) const;

  /// Who spoke, the last speaker first.
  [[nodiscard]] const std::vector<std::string>& speakers() const { return speakers_; }

  std::uint32_t members = 0;

private:
  [[nodiscard]] static view_line make_line(const entry& what, bool own, std::string_view my_name);
  void add_newer(const std::vector<entry>& entries, std::string_view my_name,
                 std::string_view my_id);
  void add_older(const std::vector<entry>& entries, bool more, std::string_view my_name,
                 std::string_view my_id);
  void begin_window(seq_t next);
  void spoke(const std::string& name);
  void count_unread(const view_line& line);
  void show_late();
  void trim_front();
  void trim_back();
  std::vector<own_line>::iterator find_own(std::uint64_t tag);

  std::deque<view_line> lines_;
  std::deque<view_line> late_; ///< Notices that have no place in this window.
  std::int64_t base_ = 0;
  seq_t oldest_ = 0; ///< First and last entry of the window, also of kinds that are not shown.
  seq_t newest_ = 0;
  bool attached_ = true;
  bool has_older_ = false;
  bool asked_ = false;
  /// The reader's way to an end that is not in the window.
  enum class walk : std::uint8_t { none, begun, catching_up };
  walk to_end_ = walk::none;

  std::vector<own_line> own_;
  std::vector<std::string> speakers_;
  seq_t head_ = 0; ///< The last entry heard of.
  seq_t read_ = 0; ///< The last entry that was read.
  std::size_t unread_ = 0;
  std::size_t unread_mentions_ = 0;
  std::optional<seq_t> line_after_;
  std::size_t line_count_ = 0;
  std::vector<std::string> came_; ///< Of the last line, while it is one of visits.
  std::vector<std::string> left_;
};

} // namespace callboard::client
