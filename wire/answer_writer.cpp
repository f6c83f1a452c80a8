// The server's frames as JSON: one overload per frame, fields in the order of docs/protocol.md.
#include "domain/timestamp.hpp"
#include "wire/codec.hpp"
#include "wire/json.hpp"

#include <array>
#include <type_traits>
#include <utility>

namespace callboard::wire {

namespace {

using json::object_writer;

std::string_view type_of(const answer_body& body) {
  constexpr std::array<std::string_view, 13> names{
    "welcome", "joined", "message", "posted", "history", "presence", "typing",
    "who",     "rooms",  "left",    "pong",   "error",   "bye"};
  static_assert(names.size() == std::variant_size_v<answer_body>);
  return names.at(body.index());
}

std::string_view name_of(join_mode mode) {
  constexpr std::array<std::string_view, 4> names{"fresh", "resumed", "paged", "reset"};
  return names.at(static_cast<std::size_t>(mode));
}

/// Writes an array; `each` appends one element's JSON.
template <class List, class Each>
void write_array(object_writer& to, std::string_view name, const List& list, Each each) {
  auto& out = to.member(name);
  out += '[';
  bool first = true;
  for (const auto& element : list) {
    if (!std::exchange(first, false))
      out += ',';
    each(out, element);
  }
  out += ']';
}

void write_names(object_writer& to, std::string_view name, const std::vector<std::string>& names) {
  write_array(to, name, names,
              [](std::string& out, const std::string& n) { json::append_quoted(out, n); });
}

void write_timestamp(object_writer& to, std::string_view name, std::int64_t at_ms) {
  auto& out = to.member(name);
  out += '"';
  append_timestamp(out, at_ms);
  out += '"';
}

std::uint64_t count(std::size_t n) {
  return n;
}

void write_limits(object_writer& to, const limits& bounds) {
  object_writer inner{to.member("limits")};
  inner.number("text_bytes", count(bounds.text_bytes))
    .number("frame_bytes", count(bounds.frame_bytes))
    .number("name_chars", count(bounds.name_chars))
    .number("room_chars", count(bounds.room_chars))
    .number("rooms", count(bounds.rooms))
    .number("requests_under_way", count(bounds.requests_under_way))
    .number("page", count(bounds.page));
  inner.close();
}

void write(object_writer& to, const welcome& what) {
  object_writer user{to.member("user")};
  user.text("id", what.user.id).text("name", what.user.name);
  user.close();
  to.text("token", what.token).text("server", what.server);
  write_limits(to, what.bounds);
  to.number("heartbeat_s", what.heartbeat_s);
}

/// `entries`: a function that writes them, because they come decoded or encoded.
template <class Entries>
void write_joined(object_writer& to, const joined& what, Entries entries) {
  to.text("room", what.room)
    .text("epoch", what.epoch)
    .number("first", what.first)
    .number("head", what.head)
    .text("mode", name_of(what.mode));
  entries();
  to.flag("more", what.more).number("members", count(what.members));
}

template <class Entries>
void write_history(object_writer& to, const history_page& what, Entries entries) {
  to.text("room", what.room);
  entries();
  to.flag("more", what.more);
  if (what.resume)
    to.flag("resume", true);
}

void write_entries(object_writer& to, const std::string& room, const std::vector<entry>& entries) {
  write_array(to, "entries", entries,
              [&room](std::string& out, const entry& e) { append_message(out, room, e); });
}

void write_entries(object_writer& to, std::span<const std::string_view> entries) {
  write_array(to, "entries", entries,
              [](std::string& out, std::string_view element) { out += element; });
}

void write(object_writer& to, const joined& what) {
  write_joined(to, what, [&] { write_entries(to, what.room, what.entries); });
}

void write(object_writer& to, const posted& what) {
  to.text("room", what.room).text("id", what.id).number("seq", what.seq);
  write_timestamp(to, "at", what.at_ms);
  to.flag("duplicate", what.duplicate);
}

void write(object_writer& to, const history_page& what) {
  write_history(to, what, [&] { write_entries(to, what.room, what.entries); });
}

void write(object_writer& to, const presence& what) {
  to.text("room", what.room);
  write_names(to, "joined", what.joined);
  write_names(to, "left", what.left);
  to.number("members", count(what.members));
}

void write(object_writer& to, const typing_notice& what) {
  to.text("room", what.room).text("from", what.from);
}

void write(object_writer& to, const who_list& what) {
  to.text("room", what.room);
  write_names(to, "names", what.names);
  to.number("members", count(what.members));
}

void write(object_writer& to, const room_list& what) {
  write_array(to, "rooms", what.rooms, [](std::string& out, const room_info& room) {
    object_writer line{out};
    line.text("name", room.name).number("head", room.head).number("members", count(room.members));
    line.close();
  });
}

void write(object_writer& to, const left& what) {
  to.text("room", what.room);
}

void write(object_writer& /*to*/, const pong& /*what*/) {}

void write(object_writer& to, const error& what) {
  const auto known = describe(what.code);
  to.text("code", known.name).text("message", what.text.empty() ? known.sentence : what.text);
  if (what.retry_after_ms)
    to.number("retry_after_ms", *what.retry_after_ms);
  if (!what.id.empty())
    to.text("id", what.id);
  if (!what.room.empty())
    to.text("room", what.room);
}

void write(object_writer& to, const bye& what) {
  to.text("reason", what.reason).number("reconnect_after_ms", what.reconnect_after_ms);
}

object_writer begin(std::string& text, std::string_view type, const std::string& ref) {
  object_writer to{text};
  to.text("type", type);
  if (!ref.empty())
    to.text("ref", ref);
  return to;
}

/// The bytes of a frame around entries that are encoded already.
std::size_t expected_bytes(std::span<const std::string_view> entries) {
  constexpr std::size_t around = 1024;
  std::size_t sum = around;
  for (const auto& e : entries)
    sum += e.size() + 1;
  return sum;
}

} // namespace

std::string encode(const answer& what) {
  std::string text;
  if (const auto* const live = std::get_if<message>(&what.body)) {
    append_message(text, live->room, live->what);
    return text;
  }
  auto to = begin(text, type_of(what.body), what.ref);
  std::visit(
    [&to](const auto& body) {
      if constexpr (!std::is_same_v<std::decay_t<decltype(body)>, message>)
        write(to, body);
    },
    what.body);
  to.close();
  return text;
}

std::string encode_joined(const std::string& ref, const joined& head,
                          std::span<const std::string_view> entries) {
  std::string text;
  text.reserve(expected_bytes(entries));
  auto to = begin(text, "joined", ref);
  write_joined(to, head, [&] { write_entries(to, entries); });
  to.close();
  return text;
}

std::string encode_history(const std::string& ref, const history_page& head,
                           std::span<const std::string_view> entries) {
  std::string text;
  text.reserve(expected_bytes(entries));
  auto to = begin(text, "history", ref);
  write_history(to, head, [&] { write_entries(to, entries); });
  to.close();
  return text;
}

} // namespace callboard::wire
