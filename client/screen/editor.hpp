// The input: a text of any number of lines and a caret between two characters, with the keys of
// Emacs and readline. Knows no terminal. Whatever is typed, the text stays whole UTF-8.
#pragma once

#include "client/screen/key.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callboard::client {

/// Pure; owned by one screen.
class editor {
public:
  /// True when the key was one for the text; then it has been obeyed.
  bool press(const key& what);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::size_t caret() const { return caret_; } ///< In bytes.
  [[nodiscard]] bool empty() const { return text_.empty(); }

  /// Replaces all; the caret goes to the end. Can be undone.
  void set(std::string_view text);

  /// Replaces the bytes from `begin` to `end`, as far as there are any; the caret goes behind them.
  void replace(std::size_t begin, std::size_t end, std::string_view with);

  /// Text as it stands in an editor: whole UTF-8 with line ends as '\n'.
  [[nodiscard]] static std::string cleaned(std::string_view text);

  /// True once when a text was too long to be put in.
  [[nodiscard]] bool take_refusal() { return std::exchange(refused_, false); }

  /// Gives the text away and is empty, without a way back: another room's text begins.
  [[nodiscard]] std::string take();

  /// True when the caret is on the first, or the last, of its lines.
  [[nodiscard]] bool on_first_line() const;
  [[nodiscard]] bool on_last_line() const;

private:
  struct moment {
    std::string text;
    std::size_t caret = 0;
  };
  enum class deed : std::uint8_t { other, typing, killing, yanking };

  bool press_control(char letter);
  bool press_alt(std::string_view letter);
  bool move(key_code code);

  [[nodiscard]] std::size_t before(std::size_t at) const;
  [[nodiscard]] std::size_t behind(std::size_t at) const;
  [[nodiscard]] std::vector<std::size_t> places_before(std::size_t at) const;
  [[nodiscard]] std::size_t word_before(std::size_t at) const;
  [[nodiscard]] std::size_t word_behind(std::size_t at) const;
  [[nodiscard]] std::size_t blank_before(std::size_t at) const;
  [[nodiscard]] std::size_t line_begin() const;
  [[nodiscard]] std::size_t line_end() const;
  void move_line(bool up);

  void insert(std::string_view what, deed how);
  void erase(std::size_t begin, std::size_t end);
  void kill(std::size_t begin, std::size_t end);
  void yank();
  void yank_older();
  void transpose();
  void undo();
  void remember(deed how);

  std::string text_;
  std::size_t caret_ = 0;
  std::vector<moment> past_;
  std::deque<std::string> killed_; ///< The newest first.
  std::size_t yanked_ = 0;         ///< Which of them was put in last.
  std::size_t yanked_at_ = 0;
  deed last_ = deed::other;
  bool refused_ = false;
};

} // namespace callboard::client
