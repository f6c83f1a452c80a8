// Code points are judged after decoding: the byte 0x9C is a terminal's command on its own and an
// ordinary part of many characters (robustness.md 3.6).
#include "client/visible_text.hpp"

#include "domain/unicode.hpp"
#include "domain/validate.hpp"

#include <cstdint>
#include <optional>

namespace callboard::client {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

/// Marks upon one character. More are a column of ink over other people's lines.
constexpr int marks_most = 8;

bool is_joiner(char32_t point) {
  return point == 0x200C || point == 0x200D || point == 0xFE0E || point == 0xFE0F;
}

bool is_mark(char32_t point) {
  return (point >= 0x0300 && point <= 0x036F) || (point >= 0x0483 && point <= 0x0489)
         || (point >= 0x1AB0 && point <= 0x1AFF) || (point >= 0x1DC0 && point <= 0x1DFF)
         || (point >= 0x20D0 && point <= 0x20FF) || (point >= 0xFE20 && point <= 0xFE2F);
}

void append_escape(std::string& out, char32_t point) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u{";
  bool leading = true;
  for (int shift = 20; shift >= 0; shift -= 4) {
    const auto digit = (point >> static_cast<unsigned>(shift)) & 0xFU;
    leading = leading && digit == 0 && shift > 4;
    if (!leading)
      out += digits[digit];
  }
  out += '}';
}

/// U+2400 and what follows it: pictures of the controls 0x00 to 0x1F; U+2421 is that of DEL.
void append_picture(std::string& out, char32_t control) {
  const auto low = control == 0x7F ? std::uint32_t{0x21} : static_cast<std::uint32_t>(control);
  out += "\xE2\x90";
  out += static_cast<char>(0x80U + low);
}

/// Writes one text, point by point.
class writer {
public:
  explicit writer(std::optional<std::string_view> indent) : indent_{indent} {}

  std::string write(std::string_view text) {
    while (!text.empty()) {
      const auto before = text;
      const auto point = take_code_point(text);
      if (point) {
        add(*point, before.substr(0, before.size() - text.size()), text);
      } else {
        text.remove_prefix(1);
        plain(replacement);
      }
    }
    return std::move(out_);
  }

private:
  void add(char32_t point, std::string_view bytes, std::string_view& rest) {
    if (indent_ && is_break(point, rest)) {
      plain("\n");
      out_ += *indent_;
      joinable_ = false;
    } else if (indent_ && point == '\t') {
      plain("    ");
    } else if (point < 0x20 || point == 0x7F) {
      plain({});
      append_picture(out_, point);
    } else if (indent_ && is_joiner(point)) {
      if (joinable_)
        out_ += bytes;
      joinable_ = false;
    } else if (is_control(point) || is_invisible(point)) {
      plain({});
      append_escape(out_, point);
    } else if (is_mark(point)) {
      if (marks_++ < marks_most)
        out_ += bytes;
      joinable_ = true;
    } else {
      plain(bytes);
    }
  }

  void plain(std::string_view bytes) {
    out_ += bytes;
    marks_ = 0;
    joinable_ = true;
  }

  /// A line end, of either kind; takes both bytes of CR LF.
  static bool is_break(char32_t point, std::string_view& rest) {
    if (point == '\r' && rest.starts_with('\n')) {
      rest.remove_prefix(1);
      return true;
    }
    return point == '\n';
  }

  std::optional<std::string_view> indent_;
  std::string out_;
  int marks_ = 0;
  bool joinable_ = false; ///< There is a character that a joiner can follow.
};

} // namespace

std::string visible_line(std::string_view text) {
  return writer{std::nullopt}.write(text);
}

std::string visible_names(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text.append(text.empty() ? "" : ", ").append(visible_line(name));
  return text;
}

std::string complaint_about(std::string_view text, errc why) {
  if (why == errc::bad_text && !is_utf8(text))
    return "The text is not valid UTF-8.";
  return std::string{describe(why).sentence};
}

std::string visible_text(std::string_view text, std::string_view indent) {
  return writer{indent}.write(text);
}

} // namespace callboard::client
