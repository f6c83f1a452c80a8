// Each character is drawn by itself, so that its place depends on nothing behind it.
#include "client/screen/input_area.hpp"

#include "client/screen/text_width.hpp"
#include "client/visible_text.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace callboard::client {

namespace {

class layout {
public:
  layout(std::string_view prompt, int columns) : columns_{columns}, indent_{columns_of(prompt)} {
    if (indent_ + 2 > columns_)
      indent_ = 0;
    rows_.emplace_back(columns_);
    if (indent_ > 0)
      rows_.back().add(prompt, {ink::plain, 0, true});
  }

  void put(std::string_view bytes) {
    if (bytes == "\n") {
      begin_row();
      return;
    }
    auto shown = visible_text(bytes, {});
    if (shown.empty())
      shown = "\xE2\x96\xA1"; // A joiner alone: it is there, and can be deleted.
    const int wide = columns_of(shown);
    // The caret needs a place behind the last character.
    if (rows_.back().used() + wide > columns_ - 1)
      begin_row();
    rows_.back().add(shown);
  }

  void begin_row() {
    rows_.emplace_back(columns_);
    rows_.back().skip(indent_);
  }

  [[nodiscard]] int row_number() const { return static_cast<int>(rows_.size()) - 1; }
  [[nodiscard]] int column() const { return std::min(rows_.back().used(), columns_ - 1); }
  [[nodiscard]] std::vector<row> take() { return std::move(rows_); }

private:
  int columns_;
  int indent_;
  std::vector<row> rows_;
};

} // namespace

input_area painted_input(const editor& input, std::string_view prompt, int columns, int most) {
  layout into{prompt, columns};
  input_area area;
  auto rest = std::string_view{input.text()};
  bool placed = false;
  while (true) {
    if (!placed && input.text().size() - rest.size() >= input.caret()) {
      placed = true;
      area.caret_row = into.row_number();
      area.caret_column = into.column();
    }
    if (rest.empty())
      break;
    into.put(take_glyph(rest).bytes);
  }
  auto rows = into.take();
  const int count = static_cast<int>(rows.size());
  const int shown = std::clamp(count, 1, std::max(most, 1));
  const int first = std::clamp(area.caret_row - shown + 1, 0, count - shown);
  area.rows.assign(std::make_move_iterator(rows.begin() + first),
                   std::make_move_iterator(rows.begin() + first + shown));
  area.caret_row -= first;
  return area;
}

} // namespace callboard::client
