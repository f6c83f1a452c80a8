// Terminals add up code points. So joiners and variation selectors, which some obey and others do
// not, are left out of what is drawn: a family of emoji is three people in every terminal.
#include "client/screen/text_width.hpp"

#include "domain/unicode.hpp"

#include <algorithm>
#include <array>
#include <cwchar>
#include <optional>
#include <utf8proc.h>

namespace callboard::client {

namespace {

constexpr std::string_view stand_in = "\xE2\x96\xA1";      // U+25A1
constexpr std::string_view shown_instead = "\xEF\xBF\xBD"; // U+FFFD
constexpr std::string_view carrier = "\xE2\x97\x8C";       // U+25CC, what a lone mark sits on

/// A cell of ncurses holds one character and four marks.
constexpr int cell_marks_most = 4;

/// Of one cluster; the longest that people use, a family with skin tones, has ten.
constexpr int points_most = 16;

bool is_plain(char byte) {
  return byte >= 0x20 && byte < 0x7F;
}

/// Joiners and variation selectors: some terminals draw what follows a joiner on top of what stands
/// before it, and all behind it is in the wrong column then.
bool is_unseen(char32_t point) {
  return point == 0x200C || point == 0x200D || point == 0xFE0E || point == 0xFE0F;
}

/// Draws one cluster, point by point, into `out` or nowhere.
class pen {
public:
  explicit pen(std::string* out) : out_{out} {}

  void draw(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto before = bytes;
      const auto point = take_code_point(bytes);
      if (point) {
        draw(*point, before.substr(0, before.size() - bytes.size()));
      } else {
        bytes.remove_prefix(1);
        put(shown_instead, 1);
      }
    }
    if (columns_ == 0)
      put(stand_in, 1);
  }

  [[nodiscard]] int columns() const { return columns_; }

private:
  void draw(char32_t point, std::string_view bytes) {
    if (is_unseen(point))
      return;
    const int width = ::wcwidth(static_cast<wchar_t>(point));
    if (width > 0) {
      put(bytes, width);
    } else if (width == 0 && point != 0) {
      mark(bytes);
    } else {
      put(stand_in, 1);
      if (::utf8proc_charwidth(static_cast<utf8proc_int32_t>(point)) == 2)
        put(" ", 1);
    }
  }

  void mark(std::string_view bytes) {
    if (columns_ == 0)
      put(carrier, 1);
    if (marks_++ < cell_marks_most && out_ != nullptr)
      *out_ += bytes;
  }

  void put(std::string_view bytes, int width) {
    if (out_ != nullptr)
      *out_ += bytes;
    columns_ += width;
    marks_ = 0;
  }

  std::string* out_;
  int columns_ = 0;
  int marks_ = 0;
};

/// The length of the first cluster.
std::size_t cluster_bytes(std::string_view text) {
  const auto whole = text;
  auto before = take_code_point(text);
  if (!before)
    return 1;
  utf8proc_int32_t state = 0;
  for (int points = 1; points < points_most && !text.empty(); ++points) {
    const auto rest = text;
    const auto next = take_code_point(text);
    const bool ends =
      !next
      || ::utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(*before),
                                            static_cast<utf8proc_int32_t>(*next), &state);
    if (ends)
      return whole.size() - rest.size();
    before = next;
  }
  return whole.size() - text.size();
}

bool is_word(std::string_view text, std::size_t at) {
  if (at >= text.size())
    return false;
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte >= 0x80 || byte == '_' || (byte >= '0' && byte <= '9')
         || (byte >= 'a' && byte <= 'z');
}

} // namespace

glyph take_glyph(std::string_view& text) {
  // Most text is ASCII, and there the next byte tells all.
  if (is_plain(text.front()) && (text.size() == 1 || static_cast<unsigned char>(text[1]) < 0x80)) {
    const glyph plain{text.substr(0, 1), 1};
    text.remove_prefix(1);
    return plain;
  }
  glyph found{text.substr(0, cluster_bytes(text)), 0};
  text.remove_prefix(found.bytes.size());
  pen measure{nullptr};
  measure.draw(found.bytes);
  found.columns = measure.columns();
  return found;
}

void append_drawn(std::string& out, const glyph& what) {
  if (what.bytes.size() == 1 && is_plain(what.bytes.front()))
    out += what.bytes;
  else
    pen{&out}.draw(what.bytes);
}

int columns_of(std::string_view text) {
  int columns = 0;
  while (!text.empty())
    columns += take_glyph(text).columns;
  return columns;
}

std::string fitted(std::string_view text, int columns) {
  std::string out;
  std::size_t cut = 0; // Where the ellipsis would go.
  int used = 0;
  while (!text.empty()) {
    const auto next = take_glyph(text);
    if (used + next.columns > columns) {
      out.resize(cut);
      return columns > 0 ? out + "\xE2\x80\xA6" : std::string{};
    }
    append_drawn(out, next);
    used += next.columns;
    if (used < columns)
      cut = out.size();
  }
  return out;
}

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto point = take_code_point(text);
    if (!point) {
      out += text.front();
      text.remove_prefix(1);
    } else if (*point < 0x80) {
      out += static_cast<char>(*point >= 'A' && *point <= 'Z' ? *point + 0x20 : *point);
    } else {
      std::array<utf8proc_uint8_t, 4> bytes{};
      const auto lower = ::utf8proc_tolower(static_cast<utf8proc_int32_t>(*point));
      const auto count = ::utf8proc_encode_char(lower, bytes.data());
      for (utf8proc_ssize_t i = 0; i < count; ++i)
        out += static_cast<char>(bytes.at(static_cast<std::size_t>(i)));
    }
  }
  return out;
}

bool mentions(std::string_view text, std::string_view name) {
  if (name.empty())
    return false;
  const auto in = folded(text);
  const auto what = folded(name);
  for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + 1)) {
    const bool begins = at == 0 || !is_word(in, at - 1);
    if (begins && !is_word(in, at + what.size()))
      return true;
  }
  return false;
}

} // namespace callboard::client
