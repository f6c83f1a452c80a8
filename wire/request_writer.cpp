// The client's frames as JSON: one overload per frame, fields in the order of docs/protocol.md.
#include "wire/codec.hpp"
#include "wire/json.hpp"

#include <array>

namespace callboard::wire {

namespace {

using json::object_writer;

std::string_view type_of(const request_body& body) {
  constexpr std::array<std::string_view, 9> names{"hello",  "join", "leave", "post", "history",
                                                  "typing", "who",  "rooms", "ping"};
  static_assert(names.size() == std::variant_size_v<request_body>);
  return names.at(body.index());
}

void write(object_writer& to, const hello& said) {
  if (said.name)
    to.text("name", *said.name);
  if (said.token)
    to.text("token", *said.token);
  if (said.claim)
    to.text("claim", *said.claim);
}

void write(object_writer& to, const join& wish) {
  to.text("room", wish.room);
  if (wish.after)
    to.number("after", *wish.after).text("epoch", wish.epoch);
  else
    to.number("last", std::uint64_t{wish.last});
}

void write(object_writer& to, const leave& wish) {
  to.text("room", wish.room);
}

void write(object_writer& to, const post& what) {
  to.text("room", what.room).text("id", what.id).text("text", what.text);
}

void write(object_writer& to, const history& wish) {
  to.text("room", wish.room);
  if (wish.before)
    to.number("before", *wish.before);
  if (wish.after)
    to.number("after", *wish.after);
  to.number("limit", std::uint64_t{wish.limit});
}

void write(object_writer& to, const typing& what) {
  to.text("room", what.room);
}

void write(object_writer& to, const who& wish) {
  to.text("room", wish.room);
}

void write(object_writer& to, const rooms& wish) {
  to.text("prefix", wish.prefix).number("limit", std::uint64_t{wish.limit});
}

void write(object_writer& /*to*/, const ping& /*what*/) {}

} // namespace

std::string encode(const request& what) {
  std::string text;
  object_writer to{text};
  to.text("type", type_of(what.body));
  if (!what.ref.empty())
    to.text("ref", what.ref);
  std::visit([&to](const auto& body) { write(to, body); }, what.body);
  to.close();
  return text;
}

} // namespace callboard::wire
