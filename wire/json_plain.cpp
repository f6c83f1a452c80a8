// RFC 8259, as far as it goes: whatever is not certainly right is left to the library.
#include "wire/json_plain.hpp"

#include "domain/validate.hpp"

#include <utility>

namespace callboard::wire::json {

namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class scanner {
public:
  explicit scanner(std::string_view text) : rest_{text} {}

  /// Takes `c`, if it comes next behind white space.
  bool take(char c) {
    skip_space();
    if (rest_.empty() || rest_.front() != c)
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Nothing but white space is left.
  bool at_end() {
    skip_space();
    return rest_.empty();
  }

  /// What stands between two quotes, without escapes and control characters.
  std::optional<std::string_view> string() {
    if (!take('"'))
      return std::nullopt;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      const auto c = static_cast<unsigned char>(rest_[i]);
      if (c == '"') {
        const auto found = rest_.substr(0, i);
        rest_.remove_prefix(i + 1);
        return found;
      }
      if (c < 0x20 || c == '\\')
        return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<value> scalar() {
    skip_space();
    if (rest_.empty())
      return std::nullopt;
    if (is_digit(rest_.front()))
      return whole();
    if (rest_.front() == '"') {
      const auto found = string();
      return found ? std::optional{value{.kind = kind::string, .text = std::string{*found}}}
                   : std::nullopt;
    }
    if (word("true"))
      return value{.kind = kind::boolean, .flag = true};
    if (word("false"))
      return value{.kind = kind::boolean};
    if (word("null"))
      return value{};
    return std::nullopt;
  }

private:
  void skip_space() {
    while (!rest_.empty()
           && (rest_.front() == ' ' || rest_.front() == '\n' || rest_.front() == '\r'
               || rest_.front() == '\t'))
      rest_.remove_prefix(1);
  }

  bool word(std::string_view what) {
    if (!rest_.starts_with(what))
      return false;
    rest_.remove_prefix(what.size());
    return true;
  }

  /// What follows the digits (a fraction, an exponent) is no comma and no brace: the caller finds
  /// it.
  std::optional<value> whole() {
    constexpr std::size_t most_digits = 18; // These always fit.
    std::uint64_t number = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && is_digit(rest_[digits]); ++digits)
      number = number * 10 + static_cast<std::uint64_t>(rest_[digits] - '0');
    if (digits > most_digits || (digits > 1 && rest_.front() == '0'))
      return std::nullopt;
    rest_.remove_prefix(digits);
    return value{.kind = kind::whole, .whole = number};
  }

  std::string_view rest_;
};

} // namespace

std::optional<value> read_plain_object(std::string_view text, std::size_t members) {
  scanner from{text};
  if (!from.take('{') || !is_utf8(text))
    return std::nullopt;
  value object{.kind = kind::object};
  object.children.reserve(6);
  if (!from.take('}')) {
    do {
      const auto name = from.string();
      if (!name || !from.take(':') || object.children.size() == members)
        return std::nullopt;
      auto member = from.scalar();
      if (!member)
        return std::nullopt;
      member->name = *name;
      object.children.push_back(std::move(*member));
    } while (from.take(','));
    if (!from.take('}'))
      return std::nullopt;
  }
  return from.at_end() ? std::optional{std::move(object)} : std::nullopt;
}

} // namespace callboard::wire::json
