// The rules for texts, names and ids. What passes here can be stored, compared and shown as it is.
#include "domain/validate.hpp"

#include "domain/unicode.hpp"

#include <algorithm>

namespace callboard {

namespace {

/// The rules that authors' and rooms' names share.
bool is_plain_name(std::string_view name, std::size_t most_points) {
  std::size_t points = 0;
  bool ends_in_space = true; // An empty name is refused like one of nothing but space.
  while (!name.empty()) {
    const auto point = take_code_point(name);
    if (!point || is_invisible(*point) || ++points > most_points)
      return false;
    ends_in_space = is_white_space(*point);
    if (ends_in_space && points == 1)
      return false;
  }
  return !ends_in_space;
}

/// How many bytes in front are printable ASCII, as most of what people and programs write is: no
/// need to look at them as code points.
std::size_t printable_run(std::string_view bytes) {
  const auto* const end =
    std::find_if(bytes.begin(), bytes.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7F; });
  return static_cast<std::size_t>(end - bytes.begin());
}

bool is_id_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'
         || c == '-';
}

/// `bytes` with what is malformed or invisible left out, and without white space in front.
std::string visible_part(std::string_view bytes, std::size_t most_points) {
  std::string shown;
  std::size_t points = 0;
  while (!bytes.empty() && points < most_points) {
    const auto rest = bytes;
    const auto point = take_code_point(bytes);
    if (!point) {
      bytes.remove_prefix(1);
      continue;
    }
    if (is_invisible(*point) || (points == 0 && is_white_space(*point)))
      continue;
    shown += rest.substr(0, rest.size() - bytes.size());
    ++points;
  }
  return shown;
}

/// Cuts white space off the end of well-formed UTF-8.
void trim_end(std::string& text) {
  std::size_t keep = 0;
  std::string_view rest = text;
  while (const auto point = take_code_point(rest))
    if (!is_white_space(*point))
      keep = text.size() - rest.size();
  text.resize(keep);
}

} // namespace

bool is_utf8(std::string_view bytes) {
  for (bytes.remove_prefix(printable_run(bytes)); !bytes.empty();
       bytes.remove_prefix(printable_run(bytes)))
    if (!take_code_point(bytes))
      return false;
  return true;
}

std::size_t code_points(std::string_view bytes) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), starts));
}

std::optional<errc> check_text(std::string_view text, const limits& bounds) {
  bool blank = true;
  for (auto rest = text; !rest.empty();) {
    if (const auto run = printable_run(rest); run > 0) {
      blank = blank && rest.substr(0, run).find_first_not_of(' ') == std::string_view::npos;
      rest.remove_prefix(run);
      continue;
    }
    const auto point = take_code_point(rest);
    if (!point || *point == 0)
      return errc::bad_text;
    blank = blank && is_white_space(*point);
  }
  if (blank)
    return errc::empty;
  if (text.size() > bounds.text_bytes)
    return errc::too_long;
  return std::nullopt;
}

std::optional<errc> check_author_name(std::string_view name, const limits& bounds) {
  if (name.starts_with('~') || !is_plain_name(name, bounds.name_chars))
    return errc::bad_name;
  return std::nullopt;
}

std::optional<errc> check_room_name(std::string_view name, const limits& bounds) {
  if (!is_plain_name(name, bounds.room_chars))
    return errc::bad_room;
  return std::nullopt;
}

std::optional<errc> check_room_prefix(std::string_view prefix, const limits& bounds) {
  // A white space at its end is none at the name's.
  if (prefix.empty() || is_plain_name(std::string{prefix} + "x", bounds.room_chars + 1))
    return std::nullopt;
  return errc::bad_room;
}

std::optional<errc> check_client_id(std::string_view id) {
  constexpr std::size_t most = 64;
  if (id.empty() || id.size() > most || !std::all_of(id.begin(), id.end(), is_id_character))
    return errc::bad_frame;
  return std::nullopt;
}

std::string name_key(std::string_view name) {
  std::string key{name};
  for (auto& c : key)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return key;
}

std::string guest_name(std::string_view name, const limits& bounds) {
  auto shown = visible_part(name, bounds.name_chars);
  trim_end(shown);
  return shown.empty() ? "~anonymous" : "~" + shown;
}

} // namespace callboard
