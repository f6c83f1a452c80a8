// Times are those of the machine that shows them; the log has UTC.
#include "client/message_line.hpp"

#include "client/visible_text.hpp"
#include "wire/codec.hpp"

#include <array>
#include <ctime>
#include <utility>

namespace callboard::client {

namespace {

/// As wide as "[17:02] ".
constexpr std::string_view indent = "        ";

/// As chats have had it since IRC; other clients show it as it is.
constexpr std::string_view me_prefix = "/me ";

std::string local_time(std::int64_t at_ms) {
  const auto seconds = static_cast<std::time_t>(at_ms / 1000);
  std::tm local{};
  std::array<char, 16> text{};
  const bool known = ::localtime_r(&seconds, &local) != nullptr;
  const auto length = known ? std::strftime(text.data(), text.size(), "[%H:%M] ", &local) : 0;
  return length == 0 ? "[--:--] " : std::string{text.data(), length};
}

/// The same author has the same colour, everywhere; no meaning is in the colour alone.
std::string coloured(std::string name, std::string_view author) {
  constexpr unsigned first = 31; // SGR red to cyan: legible on light and on dark.
  constexpr unsigned count = 6;
  unsigned sum = 0;
  for (const char c : author)
    sum = sum * 31 + static_cast<unsigned char>(c);
  return "\x1b[" + std::to_string(first + sum % count) + "m" + std::move(name) + "\x1b[0m";
}

} // namespace

std::string message_line(const entry& what, std::string_view room, bool colours) {
  if (what.kind != entry_kind::message)
    return {};
  auto line = local_time(what.at_ms);
  if (!room.empty())
    line += "#" + visible_line(room) + " ";
  auto name = visible_line(what.from.name);
  if (colours)
    name = coloured(std::move(name), what.from.id);
  if (what.text.starts_with(me_prefix))
    return line + "* " + name + " " + visible_text(what.text.substr(me_prefix.size()), indent)
           + "\n";
  return line + name + ": " + visible_text(what.text, indent) + "\n";
}

std::string message_json(std::string_view room, const entry& what) {
  std::string line;
  if (what.kind != entry_kind::message)
    return line;
  wire::append_message(line, room, what);
  line += '\n';
  return line;
}

} // namespace callboard::client
