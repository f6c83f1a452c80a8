// The window is one run of the log without gaps. Scrolling up drops its end, scrolling down its
// front; what was dropped is asked for again.
#include "client/screen/room_view.hpp"

#include "client/screen/frame.hpp"
#include "client/screen/text_width.hpp"
#include "client/visible_text.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace callboard::client {

namespace {

constexpr std::size_t speakers_most = 200;
constexpr std::size_t visitors_most = 100;
constexpr std::size_t late_most = 100;

std::string names_and(const std::vector<std::string>& names, std::string_view did) {
  constexpr std::size_t shown_most = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), shown_most); ++i)
    text += (i == 0 ? "" : ", ") + visible_line(names[i]);
  if (names.size() > shown_most)
    text += " and " + std::to_string(names.size() - shown_most) + " more";
  return names.empty() ? text : text + " " + std::string{did};
}

/// The name is in `to` now, and no longer in `from`.
void move_name(const std::string& name, std::vector<std::string>& from,
               std::vector<std::string>& to) {
  std::erase(from, name);
  if (std::find(to.begin(), to.end(), name) == to.end() && to.size() < visitors_most)
    to.push_back(name);
}

} // namespace

view_line room_view::make_line(const entry& what, bool own, std::string_view my_name) {
  view_line line;
  line.own = own;
  line.mention = !own && mentions(what.text, my_name);
  line.colour = nick_colour(what.from.id);
  line.seq = what.seq;
  line.at_ms = what.at_ms;
  line.who = what.from.name;
  line.text = what.text;
  return line;
}

void room_view::add(const entry& what, bool own, std::uint64_t tag, std::string_view my_name,
                    bool watched) {
  if (own)
    static_cast<void>(forget(tag));
  const bool first = head_ == 0;
  head_ = std::max(head_, what.seq);
  if (first && newest_ == 0) {
    oldest_ = what.seq;
    has_older_ = what.seq > 1;
  }
  const bool shown = what.kind == entry_kind::message;
  auto line = make_line(what, own, my_name);
  if (watched && attached_)
    read_ = what.seq;
  else if (shown && !own)
    count_unread(line);
  if (shown)
    spoke(what.from.name);
  // Scrolled up with a full window: its front is what is being read, so the end stays away.
  if (attached_ && !where.at_end && lines_.size() >= window_most)
    attached_ = false;
  if (!attached_)
    return;
  newest_ = what.seq;
  if (!shown)
    return;
  came_.clear();
  left_.clear();
  lines_.push_back(std::move(line));
  trim_front();
}

void room_view::count_unread(const view_line& line) {
  if (unread_ == 0) {
    line_after_ = line.seq - 1;
    line_count_ = 0;
  }
  ++unread_;
  ++line_count_;
  if (line.mention)
    ++unread_mentions_;
}

void room_view::add_page(const wanted_page& asked, const std::vector<entry>& entries, bool more,
                         std::string_view my_name, std::string_view my_id) {
  asked_ = false;
  if (asked.after && *asked.after == 0 && !entries.empty()) {
    begin_window(entries.front().seq);
    has_older_ = false;
    add_newer(entries, my_name, my_id);
    where = {false, first() - 1, 0}; // Above all; whoever knows the pane scrolls down into it.
  } else if (asked.after && *asked.after == newest_) {
    add_newer(entries, my_name, my_id);
  } else if (!asked.after && asked.before > newest_ + 1 && !entries.empty()) {
    begin_window(asked.before);
    where = {};
    to_end_ = walk::catching_up;
    add_older(entries, more, my_name, my_id);
  } else if (!asked.after && (asked.before == oldest_ || lines_.empty())) {
    add_older(entries, more, my_name, my_id);
  }
}

/// Another part of the log, whose first entry will be `next`; nothing is lost until it is here.
void room_view::begin_window(seq_t next) {
  base_ += static_cast<std::int64_t>(lines_.size());
  lines_.clear();
  oldest_ = next;
  newest_ = next - 1;
  attached_ = false;
}

void room_view::add_newer(const std::vector<entry>& entries, std::string_view my_name,
                          std::string_view my_id) {
  for (const auto& what : entries) {
    if (what.seq != newest_ + 1)
      break;
    newest_ = what.seq;
    if (what.kind == entry_kind::message)
      lines_.push_back(make_line(what, what.from.id == my_id, my_name));
  }
  attached_ = newest_ >= head_;
  show_late();
  trim_front();
}

void room_view::add_older(const std::vector<entry>& entries, bool more, std::string_view my_name,
                          std::string_view my_id) {
  if (lines_.empty() && !entries.empty())
    newest_ = entries.back().seq;
  if (lines_.empty())
    attached_ = newest_ >= head_;
  for (auto index = entries.size(); index > 0; --index) {
    const auto& what = entries[index - 1];
    oldest_ = what.seq;
    if (what.kind != entry_kind::message)
      continue;
    lines_.push_front(make_line(what, what.from.id == my_id, my_name));
    --base_;
  }
  has_older_ = more && oldest_ > 1;
  trim_back();
  show_late();
}

void room_view::reset() {
  lines_.clear();
  std::erase_if(own_, [](const own_line& line) { return line.now == own_line::state::stored; });
  where = {};
  to_end_ = walk::none;
  oldest_ = newest_ = head_ = read_ = 0;
  attached_ = true;
  has_older_ = asked_ = false;
  unread_ = unread_mentions_ = line_count_ = 0;
  line_after_.reset();
  show_late();
}

void room_view::notice(std::string text, std::int64_t at_ms) {
  view_line line;
  line.what = view_line::kind::notice;
  line.at_ms = at_ms;
  line.text = std::move(text);
  late_.push_back(std::move(line));
  if (late_.size() > late_most)
    late_.pop_front();
  show_late();
  if (attached_)
    trim_front();
}

void room_view::show_late() {
  if (!attached_ || late_.empty())
    return;
  came_.clear();
  left_.clear();
  std::move(late_.begin(), late_.end(), std::back_inserter(lines_));
  late_.clear();
}

void room_view::visit(const std::vector<std::string>& came, const std::vector<std::string>& left,
                      std::int64_t at_ms) {
  if (!attached_ || (came.empty() && left.empty()))
    return;
  if (lines_.empty() || lines_.back().what != view_line::kind::visits) {
    notice({}, at_ms);
    lines_.back().what = view_line::kind::visits;
  }
  for (const auto& name : came)
    move_name(name, left_, came_);
  for (const auto& name : left)
    move_name(name, came_, left_);
  auto text = names_and(came_, "came");
  const auto gone = names_and(left_, "left");
  if (!text.empty() && !gone.empty())
    text += ", ";
  lines_.back().text = text + gone;
}

// -- own lines ------------------------------------------------------------------------------------

std::vector<own_line>::iterator room_view::find_own(std::uint64_t tag) {
  return std::find_if(own_.begin(), own_.end(),
                      [tag](const own_line& line) { return line.tag == tag; });
}

void room_view::say(std::uint64_t tag, std::string text, std::int64_t at_ms) {
  own_.push_back({tag, std::move(text), at_ms, own_line::state::pending, {}});
}

void room_view::stored(std::uint64_t tag) {
  if (const auto place = find_own(tag); place != own_.end())
    place->now = own_line::state::stored;
}

void room_view::failed(std::uint64_t tag, std::string_view text, std::string why,
                       std::int64_t at_ms) {
  auto place = find_own(tag);
  if (place == own_.end()) {
    say(tag, std::string{text}, at_ms);
    place = own_.end() - 1;
  }
  place->now = own_line::state::failed;
  place->why = std::move(why);
}

std::string room_view::forget(std::uint64_t tag) {
  const auto place = find_own(tag);
  if (place == own_.end())
    return {};
  auto text = std::move(place->text);
  own_.erase(place);
  return text;
}

void room_view::pending_again(std::uint64_t tag) {
  if (const auto place = find_own(tag); place != own_.end())
    place->now = own_line::state::pending;
}

const own_line* room_view::last_failed() const {
  const auto place = std::find_if(own_.rbegin(), own_.rend(), [](const own_line& line) {
    return line.now == own_line::state::failed;
  });
  return place == own_.rend() ? nullptr : &*place;
}

// -- reading --------------------------------------------------------------------------------------

void room_view::mark_read() {
  read_ = head_;
  unread_ = unread_mentions_ = 0;
}

void room_view::resume_reading(seq_t read) {
  read_ = std::min(read, head_);
  unread_ = unread_mentions_ = line_count_ = 0;
  line_after_.reset();
  // What lies before the window has not been seen by anybody here, whoever wrote it.
  if (has_older_ && oldest_ > read_ + 1) {
    unread_ = line_count_ = static_cast<std::size_t>(oldest_ - 1 - read_);
    line_after_ = read_;
  }
  for (const auto& one : lines_)
    if (one.what == view_line::kind::message && !one.own && one.seq > read_)
      count_unread(one);
}

void room_view::put_away() {
  if (unread_ == 0)
    line_after_.reset();
}

// -- the window -----------------------------------------------------------------------------------

std::int64_t room_view::all_end() const {
  return end() + static_cast<std::int64_t>(own_.size());
}

const view_line& room_view::line(std::int64_t number) const {
  return lines_[static_cast<std::size_t>(number - base_)];
}

std::optional<wanted_page> room_view::want_older() {
  if (asked_ || !has_older_ || oldest_ <= 1)
    return std::nullopt;
  asked_ = true;
  return wanted_page{oldest_, {}};
}

std::optional<wanted_page> room_view::want_newer() {
  if (asked_ || attached_)
    return std::nullopt;
  asked_ = true;
  return wanted_page{0, newest_};
}

std::optional<wanted_page> room_view::want_end() {
  if (attached_) {
    where = {};
    return std::nullopt;
  }
  to_end_ = walk::begun;
  if (asked_)
    return std::nullopt; // Behind the page that is on its way: still_wanted.
  asked_ = true;
  return wanted_page{head_ + 1, {}};
}

std::optional<wanted_page> room_view::still_wanted() {
  if (to_end_ == walk::begun)
    return want_end();
  // What came while the page was on its way lies behind it.
  if (to_end_ == walk::catching_up && where.at_end && !attached_)
    return want_newer();
  to_end_ = walk::none;
  return std::nullopt;
}

void room_view::page_failed() {
  asked_ = false;
  if (to_end_ != walk::none && !own_.empty())
    where = {}; // What was said last is here, whatever lies between.
  to_end_ = walk::none;
}

std::optional<wanted_page> room_view::want_start() {
  if (!has_older_ || asked_)
    return std::nullopt;
  asked_ = true;
  return wanted_page{0, 0};
}

std::optional<std::int64_t> room_view::find(std::string_view what, std::int64_t from,
                                            bool older) const {
  const auto wanted = folded(what);
  if (wanted.empty())
    return std::nullopt;
  const auto step = older ? -1 : 1;
  for (auto at = std::clamp(from, first() - 1, end()) + step; at >= first() && at < end();
       at += step) {
    const auto& one = line(at);
    if (one.what == view_line::kind::message && folded(one.text).find(wanted) != std::string::npos)
      return at;
  }
  return std::nullopt;
}

void room_view::trim_front() {
  while (lines_.size() > window_most) {
    lines_.pop_front();
    ++base_;
    has_older_ = true;
  }
  if (has_older_ && !lines_.empty())
    for (const auto& one : lines_)
      if (one.seq != 0) {
        oldest_ = std::max(oldest_, one.seq);
        break;
      }
}

void room_view::trim_back() {
  while (lines_.size() > window_most) {
    lines_.pop_back();
    attached_ = false;
  }
  if (attached_)
    return;
  const auto last = std::find_if(lines_.rbegin(), lines_.rend(),
                                 [](const view_line& line) { return line.seq != 0; });
  if (last != lines_.rend())
    newest_ = std::min(newest_, last->seq);
}

void room_view::spoke(const std::string& name) {
  if (!speakers_.empty() && speakers_.front() == name)
    return;
  std::erase(speakers_, name);
  speakers_.insert(speakers_.begin(), name);
  if (speakers_.size() > speakers_most)
    speakers_.pop_back();
}

} // namespace callboard::client
