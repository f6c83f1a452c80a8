// Range tables from Unicode 15: only the classes by which a name could deceive whoever reads it.
#include "domain/unicode.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace callboard {

namespace {

struct range {
  char32_t first;
  char32_t last;
};

constexpr std::array<range, 10> white_space{{
  {0x9, 0xD},
  {0x20, 0x20},
  {0x85, 0x85},
  {0xA0, 0xA0},
  {0x1680, 0x1680},
  {0x2000, 0x200A},
  {0x2028, 0x2029},
  {0x202F, 0x202F},
  {0x205F, 0x205F},
  {0x3000, 0x3000},
}};

constexpr std::array<range, 32> invisible{{
  {0x0, 0x1F},        // Cc
  {0x7F, 0x9F},       // Cc
  {0xAD, 0xAD},       // soft hyphen
  {0x34F, 0x34F},     // combining grapheme joiner
  {0x600, 0x605},     // Cf: Arabic number signs
  {0x61C, 0x61C},     // Arabic letter mark (bidi)
  {0x6DD, 0x6DD},     // Cf
  {0x70F, 0x70F},     // Cf
  {0x890, 0x891},     // Cf
  {0x8E2, 0x8E2},     // Cf
  {0x115F, 0x1160},   // Hangul fillers
  {0x17B4, 0x17B5},   // Khmer inherent vowels
  {0x180B, 0x180F},   // Mongolian variation selectors and vowel separator
  {0x200B, 0x200F},   // zero width space to right-to-left mark
  {0x2028, 0x202E},   // Zl, Zp, bidi embeddings and overrides
  {0x2060, 0x206F},   // word joiner, invisible operators, bidi isolates
  {0x2800, 0x2800},   // blank Braille pattern: names made of it look empty
  {0x3164, 0x3164},   // Hangul filler
  {0xFDD0, 0xFDEF},   // noncharacters
  {0xFE00, 0xFE0F},   // variation selectors
  {0xFEFF, 0xFEFF},   // byte order mark
  {0xFFA0, 0xFFA0},   // halfwidth Hangul filler
  {0xFFF0, 0xFFFB},   // default ignorable, interlinear annotation
  {0xFFFE, 0xFFFF},   // noncharacters; those of the other planes: see is_invisible
  {0x110BD, 0x110BD}, // Cf: Kaithi number sign
  {0x110CD, 0x110CD}, // Cf
  {0x13430, 0x1343F}, // Cf: Egyptian hieroglyph format controls
  {0x1BCA0, 0x1BCA3}, // Cf: shorthand format controls
  {0x1D173, 0x1D17A}, // Cf: musical symbols' beams and slurs
  {0xE0000, 0xE00FF}, // tags
  {0xE0100, 0xE01EF}, // variation selectors supplement
  {0xE01F0, 0xE0FFF}, // default ignorable
}};

template <std::size_t N>
constexpr bool is_ascending(const std::array<range, N>& table) {
  return std::is_sorted(table.begin(), table.end(),
                        [](const range& a, const range& b) { return a.last < b.first; });
}

static_assert(is_ascending(white_space) && is_ascending(invisible));

template <std::size_t N>
bool contains(const std::array<range, N>& table, char32_t point) {
  const auto* const place = std::lower_bound(table.begin(), table.end(), point,
                                             [](const range& r, char32_t p) { return r.last < p; });
  return place != table.end() && place->first <= point;
}

/// What the first byte of a sequence says about the rest: RFC 3629 section 4.
struct lead {
  std::size_t length; ///< Bytes in all; 0: no sequence starts with this byte.
  char32_t bits;      ///< The lead's own part of the code point.
  char32_t least;     ///< Smaller values are overlong forms.
};

lead read_lead(unsigned char byte) {
  if (byte < 0x80)
    return {1, byte, 0};
  if (byte >= 0xC2 && byte <= 0xDF)
    return {2, static_cast<char32_t>(byte & 0x1FU), 0x80};
  if (byte >= 0xE0 && byte <= 0xEF)
    return {3, static_cast<char32_t>(byte & 0x0FU), 0x800};
  if (byte >= 0xF0 && byte <= 0xF4)
    return {4, static_cast<char32_t>(byte & 0x07U), 0x10000};
  return {0, 0, 0};
}

} // namespace

std::optional<char32_t> take_code_point(std::string_view& bytes) {
  if (bytes.empty())
    return std::nullopt;
  const auto [length, bits, least] = read_lead(static_cast<unsigned char>(bytes.front()));
  if (length == 0 || bytes.size() < length)
    return std::nullopt;
  auto point = bits;
  for (const auto c : bytes.substr(1, length - 1)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U)
      return std::nullopt;
    point = (point << 6U) | (byte & 0x3FU);
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < least || point > 0x10FFFF || surrogate)
    return std::nullopt;
  bytes.remove_prefix(length);
  return point;
}

bool is_white_space(char32_t point) {
  return contains(white_space, point);
}

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point <= 0x9F);
}

bool is_invisible(char32_t point) {
  const bool last_two_of_plane = (point & 0xFFFEU) == 0xFFFEU;
  return last_two_of_plane || contains(invisible, point);
}

} // namespace callboard
