// The checksum is CRC-32 (IEEE 802.3, reflected): it finds every error in a burst of 32 bits, and a
// torn or overwritten line but for one in four thousand million.
#include "client/journal_record.hpp"

#include <array>
#include <charconv>

namespace callboard::client {

namespace {

constexpr std::array<std::string_view, 4> kind_names{"head", "author", "post", "done"};
constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t checksum_chars = 8;

std::uint32_t checksum_of(std::string_view text) {
  std::uint32_t sum = 0xFFFFFFFFU;
  for (const char c : text) {
    sum ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit)
      sum = (sum >> 1U) ^ ((sum & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~sum;
}

std::string in_hexadecimal(std::uint32_t number) {
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4)
    text += digits[(number >> static_cast<unsigned>(shift)) & 0xFU];
  return text;
}

/// Blanks, control characters and the escape itself; all else stays as it was written.
void append_escaped(std::string& line, std::string_view field) {
  line += ' ';
  for (const char c : field) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F || c == '%')
      line.append("%").append(1, digits[byte >> 4U]).append(1, digits[byte & 0xFU]);
    else
      line += c;
  }
}

std::optional<std::string> unescaped(std::string_view field) {
  std::string text;
  for (std::size_t at = 0; at < field.size(); ++at) {
    if (field[at] != '%') {
      text += field[at];
      continue;
    }
    unsigned byte = 0;
    const auto* const begin = field.data() + at + 1;
    if (at + 2 >= field.size() || std::from_chars(begin, begin + 2, byte, 16).ptr != begin + 2)
      return std::nullopt;
    text += static_cast<char>(byte);
    at += 2;
  }
  return text;
}

/// The part up to the next blank, which goes with it.
std::string_view cut_field(std::string_view& rest) {
  const auto blank = rest.find(' ');
  const auto field = rest.substr(0, blank);
  rest = blank == std::string_view::npos ? std::string_view{} : rest.substr(blank + 1);
  return field;
}

} // namespace

std::string to_line(const journal_record& what) {
  std::string body{kind_names.at(static_cast<std::size_t>(what.kind))};
  for (const auto* const field : {&what.first, &what.second, &what.third})
    append_escaped(body, *field);
  return in_hexadecimal(checksum_of(body)) + " " + body + "\n";
}

std::optional<journal_record> read_line(std::string_view line) {
  if (line.size() <= checksum_chars || line[checksum_chars] != ' ')
    return std::nullopt;
  auto body = line.substr(checksum_chars + 1);
  if (line.substr(0, checksum_chars) != in_hexadecimal(checksum_of(body)))
    return std::nullopt;
  const auto kind = cut_field(body);
  for (std::size_t i = 0; i < kind_names.size(); ++i) {
    if (kind_names.at(i) != kind)
      continue;
    auto first = unescaped(cut_field(body));
    auto second = unescaped(cut_field(body));
    auto third = unescaped(body);
    if (!first || !second || !third)
      return std::nullopt;
    return journal_record{static_cast<journal_record::what>(i), *std::move(first),
                          *std::move(second), *std::move(third)};
  }
  return std::nullopt;
}

} // namespace callboard::client
