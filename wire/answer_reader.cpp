// Reads what a server sends, also a newer one: what is unknown is ignored, but what is in the log
// is counted, so that a client's position never stands still.
#include "domain/timestamp.hpp"
#include "wire/codec.hpp"
#include "wire/json.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace callboard::wire {

namespace {

using json::fields;

// Frames of the server are bounded by its pages; a client reads its own server, not a stranger.
constexpr json::bounds answer_bounds{.depth = 64, .keep = 4, .members = 65536};

constexpr auto any_count = static_cast<std::uint64_t>(std::numeric_limits<std::uint32_t>::max());

seq_t read_seq(fields& from, std::string_view name) {
  return from.whole(name, 0, highest_seq);
}

std::uint32_t read_count(fields& from, std::string_view name) {
  return static_cast<std::uint32_t>(from.whole_if(name, 0, any_count).value_or(0));
}

std::int64_t read_time(fields& from, std::string_view name) {
  const auto at = read_timestamp(from.text(name));
  if (!at)
    from.complain("No timestamp.");
  return at.value_or(0);
}

std::int64_t read_milliseconds(fields& from, std::string_view name) {
  return static_cast<std::int64_t>(from.whole_if(name, 0, highest_seq).value_or(0));
}

entry read_entry(fields& from) {
  entry what;
  what.seq = from.whole("seq", 1, highest_seq);
  if (from.text("type") != "message") {
    what.kind = entry_kind::unknown;
    return what;
  }
  what.client_id = from.text("id");
  what.from = {from.text("author"), from.text("from")};
  what.text = from.text("text");
  what.at_ms = read_time(from, "at");
  return what;
}

std::vector<entry> read_entries(fields& from) {
  std::vector<entry> entries;
  for (const auto& element : from.array("entries")) {
    fields inner{element};
    entries.push_back(read_entry(inner));
    if (!inner.ok())
      from.complain(inner.complaint());
  }
  return entries;
}

std::vector<std::string> read_names(fields& from, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& element : from.array(name)) {
    if (element.kind != json::kind::string)
      from.complain("A name is no string.");
    names.push_back(element.text);
  }
  return names;
}

join_mode read_mode(fields& from) {
  constexpr std::array<std::pair<std::string_view, join_mode>, 4> modes{{
    {"fresh", join_mode::fresh},
    {"resumed", join_mode::resumed},
    {"paged", join_mode::paged},
    {"reset", join_mode::reset},
  }};
  const auto name = from.text("mode");
  for (const auto& [known, mode] : modes)
    if (known == name)
      return mode;
  from.complain("Unknown mode.");
  return join_mode::fresh;
}

void read_limit(fields& from, std::string_view name, auto& into) {
  using number = std::decay_t<decltype(into)>;
  into = static_cast<number>(from.whole_if(name, 0, any_count).value_or(into));
}

limits read_limits(fields& from) {
  limits bounds;
  read_limit(from, "text_bytes", bounds.text_bytes);
  read_limit(from, "frame_bytes", bounds.frame_bytes);
  read_limit(from, "name_chars", bounds.name_chars);
  read_limit(from, "room_chars", bounds.room_chars);
  read_limit(from, "rooms", bounds.rooms);
  read_limit(from, "requests_under_way", bounds.requests_under_way);
  read_limit(from, "page", bounds.page);
  return bounds;
}

answer_body read_welcome(fields& from) {
  welcome what;
  fields user{from.object("user")};
  what.user = {user.text("id"), user.text("name")};
  what.token = from.text("token");
  what.server = from.text_if("server").value_or("");
  fields bounds{from.object("limits")};
  what.bounds = read_limits(bounds);
  if (!user.ok() || !bounds.ok())
    from.complain("No user or no limits.");
  if (const auto heartbeat = from.whole_if("heartbeat_s", 1, any_count))
    what.heartbeat_s = static_cast<std::int64_t>(*heartbeat);
  return what;
}

answer_body read_joined(fields& from) {
  joined what;
  what.room = from.text("room");
  what.epoch = from.text("epoch");
  what.first = read_seq(from, "first");
  what.head = read_seq(from, "head");
  what.mode = read_mode(from);
  what.entries = read_entries(from);
  what.more = from.flag("more");
  what.members = read_count(from, "members");
  return what;
}

answer_body read_message(fields& from) {
  return message{from.text("room"), read_entry(from)};
}

answer_body read_posted(fields& from) {
  posted what{from.text("room"), from.text("id")};
  what.seq = read_seq(from, "seq");
  what.at_ms = read_time(from, "at");
  what.duplicate = from.flag("duplicate");
  return what;
}

answer_body read_history(fields& from) {
  return history_page{from.text("room"), read_entries(from), from.flag("more"),
                      from.flag("resume")};
}

answer_body read_presence(fields& from) {
  return presence{from.text("room"), read_names(from, "joined"), read_names(from, "left"),
                  read_count(from, "members")};
}

answer_body read_typing(fields& from) {
  return typing_notice{from.text("room"), from.text("from")};
}

answer_body read_who(fields& from) {
  return who_list{from.text("room"), read_names(from, "names"), read_count(from, "members")};
}

answer_body read_rooms(fields& from) {
  room_list list;
  for (const auto& element : from.array("rooms")) {
    fields line{element};
    list.rooms.push_back({line.text("name"), read_seq(line, "head"), read_count(line, "members")});
    if (!line.ok())
      from.complain(line.complaint());
  }
  return list;
}

answer_body read_left(fields& from) {
  return left{from.text("room")};
}

answer_body read_pong(fields& /*from*/) {
  return pong{};
}

/// A code that is not in the list belongs to a newer server; `internal` is safe: it is never
/// repeated.
errc read_code(fields& from) {
  const auto name = from.text("code");
  for (std::size_t i = 1; i <= errc_count; ++i)
    if (const auto code = static_cast<errc>(i); describe(code).name == name)
      return code;
  return errc::internal;
}

answer_body read_error(fields& from) {
  error what;
  what.code = read_code(from);
  what.text = from.text_if("message").value_or("");
  if (from.has("retry_after_ms"))
    what.retry_after_ms = read_milliseconds(from, "retry_after_ms");
  what.id = from.text_if("id").value_or("");
  what.room = from.text_if("room").value_or("");
  return what;
}

answer_body read_bye(fields& from) {
  return bye{from.text_if("reason").value_or(""), read_milliseconds(from, "reconnect_after_ms")};
}

struct answer_type {
  std::string_view name;
  answer_body (*read)(fields&);
};

constexpr std::array<answer_type, 13> answer_types{{
  {"welcome", read_welcome},
  {"joined", read_joined},
  {"message", read_message},
  {"posted", read_posted},
  {"history", read_history},
  {"presence", read_presence},
  {"typing", read_typing},
  {"who", read_who},
  {"rooms", read_rooms},
  {"left", read_left},
  {"pong", read_pong},
  {"error", read_error},
  {"bye", read_bye},
}};

} // namespace

std::variant<answer, std::monostate> parse_answer(std::string_view text) {
  const auto frame = json::read_object(text, answer_bounds);
  const auto* const object = std::get_if<json::value>(&frame);
  if (object == nullptr)
    return std::monostate{};
  fields from{*object};
  const auto type = from.text("type");
  const auto* const found =
    std::find_if(answer_types.begin(), answer_types.end(),
                 [&type](const answer_type& known) { return known.name == type; });
  answer what{from.text_if("ref").value_or(""), {}};
  // A frame of unknown type with `room` and `seq` is an entry of a kind that comes later: it
  // counts.
  if (found != answer_types.end())
    what.body = found->read(from);
  else
    what.body = read_message(from);
  if (!from.ok())
    return std::monostate{};
  return what;
}

} // namespace callboard::wire
