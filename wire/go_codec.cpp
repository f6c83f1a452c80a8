// The go-chat protocol: one object per line a user writes, an array of them as a page of history.
#include "wire/codec.hpp"
#include "wire/json.hpp"

namespace callboard::wire {

namespace {

/// Go's decoder leaves a string empty where the member is missing or null, and fails on other
/// kinds.
bool read_member(const json::value& from, std::string_view name, std::string& into) {
  const auto* const found = from.find(name);
  if (found == nullptr || found->kind == json::kind::null)
    return true;
  into = found->text;
  return found->kind == json::kind::string;
}

void append_line(std::string& out, const go_line& line) {
  json::object_writer to{out};
  to.text("username", line.username).text("message", line.message).close();
}

} // namespace

std::optional<go_line> parse_go_line(std::string_view text) {
  const auto frame = json::read_object(text, {});
  const auto* const object = std::get_if<json::value>(&frame);
  go_line line;
  if (object == nullptr || !read_member(*object, "username", line.username)
      || !read_member(*object, "message", line.message))
    return std::nullopt;
  return line;
}

std::string encode_go_line(const go_line& line) {
  std::string out;
  append_line(out, line);
  return out;
}

std::string encode_go_page(std::span<const go_line> lines) {
  std::string out = "[";
  for (const auto& line : lines) {
    if (out.size() > 1)
      out += ',';
    append_line(out, line);
  }
  out += ']';
  return out;
}

} // namespace callboard::wire
