// Every column is counted once: long texts cost no more than their length.
#include "client/screen/wrapping.hpp"

#include "client/screen/text_width.hpp"

#include <algorithm>
#include <cstddef>

namespace callboard::client {

namespace {

/// One line of the text, cut.
class wrapper {
public:
  wrapper(std::string_view line, int columns, std::vector<std::string_view>& out)
    : line_{line}, columns_{std::max(columns, 1)}, out_{out} {}

  void wrap() {
    auto rest = line_;
    while (!rest.empty()) {
      const auto at = line_.size() - rest.size();
      const auto next = take_glyph(rest);
      const bool space = next.bytes == " ";
      if (!space && (next.columns > 1 || was_wide_) && at > begin_)
        may_break(at);
      if (!space && width_ + next.columns > columns_ && at > begin_)
        end_line(at);
      width_ += next.columns;
      was_wide_ = next.columns > 1;
      if (space)
        may_break(at + 1);
    }
    emit(line_.size());
  }

private:
  void may_break(std::size_t at) {
    break_ = at;
    width_at_break_ = width_;
  }

  void end_line(std::size_t at) {
    if (break_ > begin_) {
      emit(break_);
      begin_ = break_;
      width_ -= width_at_break_;
    } else {
      emit(at);
      begin_ = at;
      width_ = 0;
    }
    break_ = begin_;
    width_at_break_ = 0;
  }

  /// Without the spaces that hang over the edge.
  void emit(std::size_t end) {
    auto piece = line_.substr(begin_, end - begin_);
    int over = columns_of(piece) - columns_;
    while (over-- > 0 && piece.ends_with(' '))
      piece.remove_suffix(1);
    out_.push_back(piece);
  }

  std::string_view line_;
  int columns_;
  std::vector<std::string_view>& out_;
  std::size_t begin_ = 0;
  std::size_t break_ = 0;
  int width_ = 0; ///< Of what stands on the line already.
  int width_at_break_ = 0;
  bool was_wide_ = false;
};

} // namespace

std::vector<std::string_view> wrapped(std::string_view text, int columns) {
  std::vector<std::string_view> lines;
  while (true) {
    const auto end = text.find('\n');
    wrapper{text.substr(0, end), columns, lines}.wrap();
    if (end == std::string_view::npos)
      return lines;
    text.remove_prefix(end + 1);
  }
}

} // namespace callboard::client
