// PostgreSQL's array literals: pqxx 6.4 writes no arrays.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace callboard {

/// Builds "{…}". Every text is quoted, so that "", NULL, braces and commas stay what they are
/// (PostgreSQL documentation, 8.15.6); the literal travels as a parameter, never inside SQL.
class pg_array {
public:
  void add(std::string_view text) {
    separate();
    literal_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\')
        literal_ += '\\';
      literal_ += c;
    }
    literal_ += '"';
  }

  template <class Number, class = std::enable_if_t<std::is_integral_v<Number>>>
  void add(Number number) {
    separate();
    literal_ += std::to_string(number);
  }

  /// Ends the array and gives it away.
  [[nodiscard]] std::string take() && {
    literal_ += '}';
    return std::move(literal_);
  }

private:
  void separate() {
    if (literal_.size() > 1)
      literal_ += ',';
  }

  std::string literal_ = "{";
};

} // namespace callboard
