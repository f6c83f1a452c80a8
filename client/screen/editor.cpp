// Each command is one step for undo, except typing, which is undone in runs.
#include "client/screen/editor.hpp"

#include "client/screen/text_width.hpp"
#include "domain/unicode.hpp"

#include <algorithm>
#include <utility>

namespace callboard::client {

namespace {

constexpr std::size_t past_most = 200;
constexpr std::size_t killed_most = 30;

/// More than any server takes; and a paste of a film must not stop the keys.
constexpr std::size_t text_most = 1U << 17U;

bool is_word_glyph(std::string_view bytes) {
  const auto byte = static_cast<unsigned char>(bytes.front());
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z')
         || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

bool is_blank_glyph(std::string_view bytes) {
  return bytes == " " || bytes == "\n" || bytes == "\t";
}

} // namespace

std::string editor::cleaned(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto before = text;
    const auto point = take_code_point(text);
    if (!point) {
      text.remove_prefix(1);
      out += "\xEF\xBF\xBD";
    } else if (*point == '\r') {
      if (!text.starts_with('\n'))
        out += '\n';
    } else {
      out += before.substr(0, before.size() - text.size());
    }
  }
  return out;
}

bool editor::press(const key& what) {
  switch (what.code) {
    case key_code::text:
      insert(what.text, deed::typing);
      return true;
    case key_code::paste:
      insert(what.text, deed::other);
      return true;
    case key_code::line_break:
      insert("\n", deed::other);
      return true;
    case key_code::backspace:
      erase(before(caret_), caret_);
      return true;
    case key_code::erase_next:
      erase(caret_, behind(caret_));
      return true;
    case key_code::control:
      return what.text.size() == 1 && press_control(what.text.front());
    case key_code::alt:
      return press_alt(what.text);
    default:
      return move(what.code);
  }
}

bool editor::move(key_code code) {
  switch (code) {
    case key_code::left:
      caret_ = before(caret_);
      break;
    case key_code::right:
      caret_ = behind(caret_);
      break;
    case key_code::word_left:
      caret_ = word_before(caret_);
      break;
    case key_code::word_right:
      caret_ = word_behind(caret_);
      break;
    case key_code::home:
      caret_ = line_begin();
      break;
    case key_code::end:
      caret_ = line_end();
      break;
    case key_code::up:
    case key_code::down:
      if (code == key_code::up ? on_first_line() : on_last_line())
        return false;
      move_line(code == key_code::up);
      break;
    default:
      return false;
  }
  last_ = deed::other;
  return true;
}

bool editor::press_control(char letter) {
  switch (letter) {
    case 'a':
      return move(key_code::home);
    case 'e':
      return move(key_code::end);
    case 'b':
      return move(key_code::left);
    case 'f':
      return move(key_code::right);
    case 'd':
      erase(caret_, behind(caret_));
      return true;
    case 'h':
      erase(before(caret_), caret_);
      return true;
    case 'k': // At the end of a line, the line's end itself.
      kill(caret_, line_end() == caret_ ? behind(caret_) : line_end());
      return true;
    case 'u':
      kill(line_begin(), caret_);
      return true;
    case 'w':
      kill(blank_before(caret_), caret_);
      return true;
    case 'y':
      yank();
      return true;
    case 't':
      transpose();
      return true;
    case '_':
      undo();
      return true;
    default:
      return false;
  }
}

bool editor::press_alt(std::string_view letter) {
  if (letter == "b")
    return move(key_code::word_left);
  if (letter == "f")
    return move(key_code::word_right);
  if (letter == "d") {
    kill(caret_, word_behind(caret_));
    return true;
  }
  if (letter == "\x7F") { // M-Backspace
    kill(word_before(caret_), caret_);
    return true;
  }
  if (letter == "y") {
    yank_older();
    return true;
  }
  return false;
}

void editor::set(std::string_view text) {
  remember(deed::other);
  text_ = cleaned(text);
  caret_ = text_.size();
}

void editor::replace(std::size_t begin, std::size_t end, std::string_view with) {
  remember(deed::other);
  end = std::min(end, text_.size());
  begin = std::min(begin, end);
  text_.replace(begin, end - begin, with);
  caret_ = begin + with.size();
}

std::string editor::take() {
  past_.clear();
  last_ = deed::other;
  caret_ = 0;
  return std::exchange(text_, {});
}

// -- places ---------------------------------------------------------------------------------------

std::size_t editor::before(std::size_t at) const {
  // Clusters are only found from the left; those of one line are enough.
  auto begin = at == 0 ? 0 : text_.rfind('\n', at - 1);
  begin = begin == std::string::npos ? 0 : begin;
  auto rest = std::string_view{text_}.substr(begin, at - begin);
  std::size_t found = begin;
  while (!rest.empty()) {
    found = at - rest.size();
    static_cast<void>(take_glyph(rest));
  }
  return at == 0 ? 0 : found;
}

std::size_t editor::behind(std::size_t at) const {
  auto rest = std::string_view{text_}.substr(at);
  return rest.empty() ? at : at + take_glyph(rest).bytes.size();
}

/// Where the characters in front of `at` begin, all found in one walk from the left.
std::vector<std::size_t> editor::places_before(std::size_t at) const {
  std::vector<std::size_t> places;
  for (auto rest = std::string_view{text_}.substr(0, at); !rest.empty();) {
    places.push_back(at - rest.size());
    static_cast<void>(take_glyph(rest));
  }
  return places;
}

std::size_t editor::word_before(std::size_t at) const {
  const auto places = places_before(at);
  auto count = places.size();
  const auto in_word = [this, &places, &count] {
    return is_word_glyph(std::string_view{text_}.substr(places[count - 1]));
  };
  while (count > 0 && !in_word())
    --count;
  while (count > 0 && in_word())
    --count;
  return count == places.size() ? at : places[count];
}

std::size_t editor::word_behind(std::size_t at) const {
  while (at < text_.size() && !is_word_glyph(std::string_view{text_}.substr(at)))
    at = behind(at);
  while (at < text_.size() && is_word_glyph(std::string_view{text_}.substr(at)))
    at = behind(at);
  return at;
}

std::size_t editor::blank_before(std::size_t at) const {
  const auto places = places_before(at);
  auto count = places.size();
  const auto is_blank = [this, &places, &count, at] {
    const auto begin = places[count - 1];
    const auto end = count < places.size() ? places[count] : at;
    return is_blank_glyph(std::string_view{text_}.substr(begin, end - begin));
  };
  while (count > 0 && is_blank())
    --count;
  while (count > 0 && !is_blank())
    --count;
  return count == places.size() ? at : places[count];
}

std::size_t editor::line_begin() const {
  const auto end = caret_ == 0 ? std::string::npos : text_.rfind('\n', caret_ - 1);
  return end == std::string::npos ? 0 : end + 1;
}

std::size_t editor::line_end() const {
  return std::min(text_.find('\n', caret_), text_.size());
}

bool editor::on_first_line() const {
  return line_begin() == 0;
}

bool editor::on_last_line() const {
  return line_end() == text_.size();
}

/// To the same column of the line above or below, or to its end.
void editor::move_line(bool up) {
  const auto view = std::string_view{text_};
  const auto column = columns_of(view.substr(line_begin(), caret_ - line_begin()));
  caret_ = up ? line_begin() - 1 : line_end() + 1;
  caret_ = line_begin();
  auto rest = view.substr(caret_, line_end() - caret_);
  for (int used = 0; !rest.empty();) {
    const auto next = take_glyph(rest);
    used += next.columns;
    if (used > column)
      break;
    caret_ += next.bytes.size();
  }
}

// -- changes --------------------------------------------------------------------------------------

void editor::insert(std::string_view what, deed how) {
  const auto text = cleaned(what);
  refused_ = text_.size() + text.size() > text_most;
  if (text.empty() || refused_)
    return;
  remember(how);
  text_.insert(caret_, text);
  caret_ += text.size();
}

void editor::erase(std::size_t begin, std::size_t end) {
  if (begin == end)
    return;
  remember(deed::other);
  text_.erase(begin, end - begin);
  caret_ = begin;
}

/// Kills in a row make one piece.
void editor::kill(std::size_t begin, std::size_t end) {
  if (begin == end)
    return;
  const bool on = last_ == deed::killing && !killed_.empty();
  const bool forward = begin == caret_;
  const auto piece = text_.substr(begin, end - begin);
  remember(deed::killing);
  if (!on)
    killed_.emplace_front();
  killed_.front() = forward ? killed_.front() + piece : piece + killed_.front();
  if (killed_.size() > killed_most)
    killed_.pop_back();
  text_.erase(begin, end - begin);
  caret_ = begin;
}

void editor::yank() {
  refused_ = !killed_.empty() && text_.size() + killed_.front().size() > text_most;
  if (killed_.empty() || refused_)
    return;
  remember(deed::yanking);
  yanked_ = 0;
  yanked_at_ = caret_;
  text_.insert(caret_, killed_.front());
  caret_ += killed_.front().size();
}

void editor::yank_older() {
  if (last_ != deed::yanking || killed_.empty())
    return;
  remember(deed::yanking);
  text_.erase(yanked_at_, caret_ - yanked_at_);
  yanked_ = (yanked_ + 1) % killed_.size();
  text_.insert(yanked_at_, killed_[yanked_]);
  caret_ = yanked_at_ + killed_[yanked_].size();
}

/// The characters on both sides of the caret change places; at the end, the last two.
void editor::transpose() {
  const auto at = caret_ == text_.size() ? before(caret_) : caret_;
  const auto left = before(at);
  const auto right = behind(at);
  if (left == at || right == at)
    return;
  remember(deed::other);
  const auto swapped = text_.substr(at, right - at) + text_.substr(left, at - left);
  text_.replace(left, right - left, swapped);
  caret_ = right;
}

void editor::undo() {
  if (past_.empty())
    return;
  text_ = std::move(past_.back().text);
  caret_ = past_.back().caret;
  past_.pop_back();
  last_ = deed::other;
}

void editor::remember(deed how) {
  if (how != deed::typing || last_ != deed::typing || past_.empty())
    past_.push_back({text_, caret_});
  if (past_.size() > past_most)
    past_.erase(past_.begin());
  last_ = how;
}

} // namespace callboard::client
