// Bytes of stdin, cut into lines. A line that never ends costs a bounded amount of memory.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace callboard::client {

/// Pure; owned by one loop.
class line_splitter {
public:
  explicit line_splitter(std::size_t most) : most_{most} {}

  void add(std::string_view bytes) { waiting_ += bytes; }

  /// The next line, without LF or CR LF; nothing until one is whole.
  [[nodiscard]] std::optional<std::string> next() {
    const auto end = waiting_.find('\n', searched_);
    if (end == std::string::npos) {
      searched_ = waiting_.size();
      return std::nullopt;
    }
    auto line = waiting_.substr(0, end);
    waiting_.erase(0, end + 1);
    searched_ = 0;
    if (line.ends_with('\r'))
      line.pop_back();
    return line;
  }

  /// All that is there, without one line end at its end.
  [[nodiscard]] std::string rest() {
    auto text = std::exchange(waiting_, {});
    searched_ = 0;
    if (text.ends_with('\n'))
      text.pop_back();
    if (text.ends_with('\r'))
      text.pop_back();
    return text;
  }

  [[nodiscard]] bool empty() const { return waiting_.empty(); }

  /// True when what waits is longer than any line may be.
  [[nodiscard]] bool overflows() const { return waiting_.size() > most_; }

private:
  std::size_t most_;
  std::string waiting_;
  std::size_t searched_ = 0; ///< Bytes known to hold no line end.
};

} // namespace callboard::client
