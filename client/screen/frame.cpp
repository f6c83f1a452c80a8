// Everything that is shown passes through row::add, so that one place makes it harmless.
#include "client/screen/frame.hpp"

#include "client/screen/text_width.hpp"
#include "client/visible_text.hpp"

#include <algorithm>
#include <utility>

namespace callboard::client {

namespace {

bool is_harmless(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

} // namespace

std::uint8_t nick_colour(std::string_view author_id) {
  std::uint32_t hash = 0x811c9dc5U; // FNV-1a
  for (const char c : author_id)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
  return static_cast<std::uint8_t>((hash ^ (hash >> 16U)) % nick_colours);
}

row& row::add(std::string_view text, style how) {
  const bool harmless = is_harmless(text);
  // A message's text keeps its joiners; `visible_line` would show them as numbers.
  const auto safe = harmless ? std::string{} : visible_text(text, {});
  auto rest = harmless ? text : std::string_view{safe};
  std::string drawn;
  int columns = 0;
  while (!rest.empty()) {
    const auto next = take_glyph(rest);
    if (next.columns > room() - columns)
      break;
    append_drawn(drawn, next.bytes == "\n" ? glyph{" ", 1} : next);
    columns += next.columns;
  }
  put(std::move(drawn), columns, how);
  return *this;
}

row& row::add_left(std::string_view text, int columns, style how) {
  const auto end = std::min(used_ + std::max(columns, 0), columns_);
  add(fitted(visible_line(text), end - used_), how);
  return skip_to(end, how);
}

row& row::add_right(std::string_view text, int columns, style how) {
  const auto end = std::min(used_ + std::max(columns, 0), columns_);
  const auto shown = fitted(visible_line(text), end - used_);
  skip(end - used_ - columns_of(shown));
  return add(shown, how);
}

row& row::skip(int columns, style how) {
  const auto count = std::clamp(columns, 0, room());
  put(std::string(static_cast<std::size_t>(count), ' '), count, how);
  return *this;
}

row& row::skip_to(int column, style how) {
  return skip(column - used_, how);
}

std::string row::text() const {
  std::string all;
  for (const auto& part : spans_)
    all += part.text;
  return all;
}

void row::put(std::string text, int columns, style how) {
  if (text.empty())
    return;
  used_ += columns;
  if (!spans_.empty() && spans_.back().how == how)
    spans_.back().text += text;
  else
    spans_.push_back({std::move(text), how});
}

} // namespace callboard::client
