// What a screen shows, as a value: rows of coloured text and a caret. No row is ever wider than the
// screen, and no text in it holds a control character.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::client {

enum class ink : std::uint8_t { plain, faint, good, bad, loud, nick };

struct style {
  ink colour = ink::plain;
  std::uint8_t nick = 0; ///< Of ink::nick: which of `nick_colours`.
  bool bold = false;
  bool reverse = false;
  bool underline = false;

  friend bool operator==(const style&, const style&) = default;
};

inline constexpr std::uint8_t nick_colours = 12;

/// The same author has the same colour everywhere and always.
[[nodiscard]] std::uint8_t nick_colour(std::string_view author_id);

struct span {
  std::string text; ///< As it is drawn (client/screen/text_width.hpp).
  style how;
};

/// One row, filled from the left; what does not fit is left out.
class row {
public:
  explicit row(int columns) : columns_{columns} {}

  /// Text from anywhere: what is not fit for a terminal is made visible.
  row& add(std::string_view text, style how = {});

  /// The same, cut or filled up to exactly `columns`, on the left or on the right.
  row& add_left(std::string_view text, int columns, style how = {});
  row& add_right(std::string_view text, int columns, style how = {});

  /// Spaces, at most until the row is full.
  row& skip(int columns, style how = {});
  row& skip_to(int column, style how = {});

  [[nodiscard]] int used() const { return used_; }
  [[nodiscard]] int room() const { return columns_ - used_; }
  [[nodiscard]] const std::vector<span>& spans() const { return spans_; }

  /// All text of the row; for tests.
  [[nodiscard]] std::string text() const;

private:
  void put(std::string text, int columns, style how);

  int columns_;
  int used_ = 0;
  std::vector<span> spans_;
};

struct frame {
  int rows = 0;
  int columns = 0;
  std::vector<row> lines; ///< `rows` of them, each at most `columns` wide.
  int caret_row = 0;
  int caret_column = 0;
};

} // namespace callboard::client
