// The hot path: an entry becomes JSON once per batch and room, appended to the batch's one buffer.
#include "domain/timestamp.hpp"
#include "wire/codec.hpp"
#include "wire/json.hpp"

namespace callboard::wire {

void append_message(std::string& out, std::string_view room, const entry& what) {
  out += R"({"type":"message","room":)";
  json::append_quoted(out, room);
  out += R"(,"seq":)";
  json::append_number(out, what.seq);
  out += R"(,"id":)";
  json::append_quoted(out, what.client_id);
  out += R"(,"from":)";
  json::append_quoted(out, what.from.name);
  out += R"(,"author":)";
  json::append_quoted(out, what.from.id);
  out += R"(,"text":)";
  json::append_quoted(out, what.text);
  out += R"(,"at":")";
  append_timestamp(out, what.at_ms);
  out += "\"}";
}

std::string timestamp(std::int64_t at_ms) {
  std::string text;
  append_timestamp(text, at_ms);
  return text;
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  return read_timestamp(text);
}

} // namespace callboard::wire
