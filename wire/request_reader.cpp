// Reads what strangers send: each complaint names the field, what it must be and what came instead.
#include "domain/validate.hpp"
#include "wire/codec.hpp"
#include "wire/json.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace callboard::wire {

namespace {

using json::fields;

constexpr json::bounds request_bounds{.depth = 16, .keep = 1, .members = 64};
constexpr std::size_t longest_ref = 64;    // characters
constexpr std::size_t shortest_claim = 16; // characters: a claim is a secret, not a counter
constexpr std::size_t longest_echo = 256;  // bytes of a room's name in an error

hello read_hello(fields& from) {
  hello said{from.text_if("name"), from.text_if("token"), from.text_if("claim")};
  if (said.name.has_value() == said.token.has_value())
    from.complain(R"(Say hello with exactly one of "name" and "token".)");
  if (said.claim
      && (said.token || said.claim->size() < shortest_claim || check_client_id(*said.claim)))
    from.complain(
      R"(The field "claim" goes with "name" and must have 16 to 64 characters of A-Z, a-z, 0-9, _ and -.)");
  return said;
}

join read_join(fields& from) {
  join wish;
  wish.room = from.text("room");
  wish.after = from.whole_if("after", 0, highest_seq);
  const auto epoch = from.text_if("epoch");
  if (wish.after.has_value() != epoch.has_value())
    from.complain(
      R"(The fields "after" and "epoch" go together: resume behind this seq of that log.)");
  if (wish.after && from.has("last"))
    from.complain(R"(Join with "after" and "epoch" or with "last", not with both.)");
  wish.epoch = epoch.value_or("");
  wish.last = from.whole_if("last", 0, limits{}.page).value_or(wish.last);
  return wish;
}

leave read_leave(fields& from) {
  return {from.text("room")};
}

post read_post(fields& from) {
  post what{from.text("room"), from.text("id"), from.text("text")};
  if (check_client_id(what.id))
    from.complain(R"(The field "id" must have 1 to 64 characters of A-Z, a-z, 0-9, _ and -.)");
  return what;
}

/// Page sizes above the bound are no error: the client gets a full page and `more`.
std::size_t read_limit(fields& from, std::size_t otherwise) {
  const auto wanted = from.whole_if("limit", 1, highest_seq).value_or(otherwise);
  return std::min<std::size_t>(wanted, limits{}.page);
}

history read_history(fields& from) {
  history wish;
  wish.room = from.text("room");
  wish.before = from.whole_if("before", 0, highest_seq);
  wish.after = from.whole_if("after", 0, highest_seq);
  wish.limit = read_limit(from, wish.limit);
  if (wish.before.has_value() == wish.after.has_value())
    from.complain(R"(Ask for history with exactly one of "before" and "after".)");
  return wish;
}

typing read_typing(fields& from) {
  return {from.text("room")};
}

who read_who(fields& from) {
  return {from.text("room")};
}

rooms read_rooms(fields& from) {
  rooms wish;
  wish.prefix = from.text_if("prefix").value_or("");
  wish.limit = read_limit(from, wish.limit);
  return wish;
}

ping read_ping(fields& /*from*/) {
  return {};
}

struct request_type {
  std::string_view name;
  request_body (*read)(fields&);
};

template <auto Read>
request_body read_as(fields& from) {
  return Read(from);
}

constexpr std::array<request_type, 9> request_types{{
  {"hello", read_as<read_hello>},
  {"join", read_as<read_join>},
  {"leave", read_as<read_leave>},
  {"post", read_as<read_post>},
  {"history", read_as<read_history>},
  {"typing", read_as<read_typing>},
  {"who", read_as<read_who>},
  {"rooms", read_as<read_rooms>},
  {"ping", read_as<read_ping>},
}};

std::string read_ref(fields& from) {
  auto ref = from.text_if("ref").value_or("");
  if (code_points(ref) <= longest_ref)
    return ref;
  from.complain(R"(The field "ref" must have at most 64 characters.)");
  return {};
}

request_body read_body(fields& from) {
  const auto type = from.text("type");
  if (!from.ok())
    return {};
  const auto* const found =
    std::find_if(request_types.begin(), request_types.end(),
                 [&type](const request_type& known) { return known.name == type; });
  if (found != request_types.end())
    return found->read(from);
  from.complain("There is no request of type \"" + json::printable(type) + "\".");
  return {};
}

/// A string member that is short enough to be sent back; else empty.
std::string echo(const json::value& frame, std::string_view name) {
  const auto* const found = frame.find(name);
  const bool short_text =
    found != nullptr && found->kind == json::kind::string && found->text.size() <= longest_echo;
  return short_text ? found->text : std::string{};
}

bad_request complain(std::string sentence) {
  return {{},
          {.code = errc::bad_frame,
           .text = std::move(sentence),
           .retry_after_ms = {},
           .id = {},
           .room = {}}};
}

} // namespace

std::variant<request, bad_request> parse_request(std::string_view text) {
  const auto frame = json::read_object(text, request_bounds);
  if (const auto* const failed = std::get_if<json::failure>(&frame))
    return complain(failed->why);
  const auto& object = std::get<json::value>(frame);
  fields from{object};
  auto ref = read_ref(from);
  auto body = read_body(from);
  if (from.ok())
    return request{std::move(ref), std::move(body)};
  auto answer = complain(from.complaint());
  answer.ref = std::move(ref);
  answer.why.room = echo(object, "room");
  if (auto id = echo(object, "id"); !check_client_id(id))
    answer.why.id = std::move(id);
  return answer;
}

} // namespace callboard::wire
