// Answers are found by `ref`, a number that is never used twice: a late answer to an earlier
// attempt can neither confirm nor refuse a later one.
#include "client/link_state.hpp"
#include "wire/codec.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

namespace callboard::client {

std::string sentence_of(const wire::error& what) {
  return what.text.empty() ? std::string{describe(what.code).sentence} : what.text;
}

std::chrono::milliseconds pause_of(const wire::error& what, const link_timing& timing) {
  constexpr std::int64_t usual_ms = 1000;
  const auto most = timing.appointment_most.count();
  return std::chrono::milliseconds{
    std::clamp<std::int64_t>(what.retry_after_ms.value_or(usual_ms), 0, most)};
}

bool may_repeat(const wire::error& what) {
  return what.retry_after_ms.has_value() || describe(what.code).retryable;
}

// -- requests -------------------------------------------------------------------------------------

std::uint64_t link_state::ask(wire::request_body what, asked about) {
  const auto number = ++last_ref;
  pending.emplace(number, std::move(about));
  setup.way->send(wire::encode(wire::request{std::to_string(number), std::move(what)}));
  return number;
}

std::optional<link_state::asked> link_state::answered(const std::string& ref) {
  std::uint64_t number = 0;
  std::from_chars(ref.data(), ref.data() + ref.size(), number);
  const auto place = pending.find(number);
  if (place == pending.end())
    return std::nullopt;
  auto about = std::move(place->second);
  pending.erase(place);
  return about;
}

void link_state::enter(const enter_log& msg) {
  auto* room = find(msg.what.room);
  if (room == nullptr || now_in != phase::welcome)
    return; // link_up comes with the next connection.
  // The answer would go to its successor, which has asked for another position.
  if (room->timeline != msg.timeline)
    return;
  send_join(*room, msg.what);
}

void link_state::send_join(room& room, const wire::join& what) {
  room.joining = true;
  room.join = ask(what, join_asked{what.room});
}

void link_state::ask_older(const request_older& msg) {
  const auto* const room = find(msg.room);
  if (room == nullptr)
    return;
  const auto before = msg.after ? std::nullopt : std::optional{msg.before};
  if (room->joined)
    ask(wire::history{msg.room, before, msg.after, msg.limit}, older_asked{msg.room});
  else
    tell(self, room->timeline, older_failed{});
}

void link_state::ask_who(const query_who& msg) {
  const auto* const room = find(msg.room);
  if (room != nullptr && room->joined)
    ask(wire::who{msg.room}, other_asked{});
}

/// No answer comes, so it has no number.
void link_state::pass_typing(const say_typing& msg) {
  auto* const room = find(msg.room);
  if (room == nullptr || !room->joined)
    return;
  if (room->typed_at && now() - *room->typed_at < setup.timing.typing_every)
    return;
  room->typed_at = now();
  setup.way->send(wire::encode(wire::request{{}, wire::typing{msg.room}}));
}

void link_state::ask_rooms(const query_rooms& msg) {
  if (now_in == phase::welcome)
    ask(wire::rooms{msg.prefix, msg.limit}, rooms_asked{msg.prefix});
}

void link_state::abandon(const abandon_room& msg) {
  const auto* const room = find(msg.room);
  if (room == nullptr || room->timeline != msg.timeline)
    return;
  if (room->join != 0)
    ask(wire::leave{msg.room}, other_asked{});
  for (const auto& what : room->posts.items())
    forget_post(what.id);
  rooms.erase(msg.room);
}

// -- answers --------------------------------------------------------------------------------------

void link_state::read(const transport_text& msg) {
  if (msg.connection != connection)
    return;
  heard_at = now();
  pinged_at.reset();
  if (held)
    ++credit_kept;
  else
    setup.way->grant(1);
  auto frame = wire::parse_answer(msg.text);
  auto* const answer = std::get_if<wire::answer>(&frame);
  if (answer == nullptr) {
    log(log_level::debug, "link ignores a frame that it does not understand");
    return;
  }
  const bool welcoming = std::holds_alternative<wire::welcome>(answer->body)
                         || std::holds_alternative<wire::error>(answer->body)
                         || std::holds_alternative<wire::bye>(answer->body);
  if (now_in == phase::welcome || (now_in == phase::greeting && welcoming))
    std::visit([&](auto& what) { take(answer->ref, what); }, answer->body);
  pump();
  arm();
}

void link_state::take(const std::string& ref, wire::welcome& what) {
  if (now_in != phase::greeting)
    return;
  static_cast<void>(answered(ref));
  now_in = phase::welcome;
  ever_welcome = true;
  welcome_at = now();
  last_ping_at = welcome_at - setup.timing.beat; // The first key asks at once.
  token = what.token;
  name_wanted = what.user.name;
  author_id = what.user.id;
  told = what.bounds;
  heartbeat = std::chrono::seconds{std::clamp<std::int64_t>(what.heartbeat_s, 1, 3600)};
  tell(self, setup.terminal, link_welcome{std::make_shared<const wire::welcome>(std::move(what))});
  bind_journal();
  for (auto& [name_of, room] : rooms)
    bring_in(name_of, room);
  if (somebody_there())
    send_ping();
}

void link_state::take(const std::string& ref, wire::joined& what) {
  static_cast<void>(answered(ref));
  auto* const room = find(what.room);
  if (room == nullptr || ref != std::to_string(room->join))
    return; // The answer to a join that another has overtaken.
  room->joined = true;
  room->joining = false;
  tell(self, room->timeline, log_entered{std::make_shared<const wire::joined>(std::move(what))});
}

void link_state::take(const std::string& /*ref*/, wire::message& what) {
  tell_room(what.room, entry_came{std::move(what.what)});
}

void link_state::take(const std::string& ref, wire::posted& what) {
  static_cast<void>(answered(ref));
  confirm(what);
}

void link_state::take(const std::string& ref, wire::history_page& what) {
  const auto about = answered(ref);
  const auto room = what.room;
  auto page = std::make_shared<const wire::history_page>(std::move(what));
  if (page->resume)
    tell_room(room, page_came{std::move(page)});
  else if (about && std::holds_alternative<older_asked>(*about))
    tell_room(room, older_page{std::move(page)});
}

void link_state::take(const std::string& /*ref*/, wire::presence& what) {
  const auto room = what.room;
  tell_room(room, room_signal{std::make_shared<const signal>(std::move(what))});
}

void link_state::take(const std::string& /*ref*/, wire::typing_notice& what) {
  const auto room = what.room;
  tell_room(room, room_signal{std::make_shared<const signal>(std::move(what))});
}

void link_state::take(const std::string& ref, wire::who_list& what) {
  static_cast<void>(answered(ref));
  const auto room = what.room;
  tell_room(room, room_signal{std::make_shared<const signal>(std::move(what))});
}

void link_state::take(const std::string& ref, wire::room_list& what) {
  const auto about = answered(ref);
  if (!about)
    return;
  if (const auto* const query = std::get_if<rooms_asked>(&*about))
    tell(self, setup.terminal, rooms_known{query->prefix, std::move(what.rooms), {}});
}

void link_state::take(const std::string& ref, wire::left& /*what*/) {
  static_cast<void>(answered(ref));
}

void link_state::take(const std::string& ref, wire::pong& /*what*/) {
  const auto about = answered(ref);
  if (!about)
    return;
  if (const auto* const asked = std::get_if<ping_asked>(&*about)) {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now() - asked->at);
    tell(self, setup.terminal, link_pulse{took});
  }
}

void link_state::take(const std::string& /*ref*/, wire::bye& what) {
  appointment = std::chrono::milliseconds{std::max<std::int64_t>(what.reconnect_after_ms, 0)};
}

void link_state::take(const std::string& ref, wire::error& what) {
  std::uint64_t attempt = 0;
  std::from_chars(ref.data(), ref.data() + ref.size(), attempt);
  const auto about = answered(ref);
  if (!about) {
    log(log_level::debug,
        "link gets an error that answers nothing: code=" + std::string{describe(what.code).name});
  } else if (std::holds_alternative<hello_asked>(*about)) {
    refuse_hello(what);
  } else if (const auto* const join = std::get_if<join_asked>(&*about)) {
    if (const auto* const room = find(join->room); room != nullptr && room->join == attempt)
      refuse_join(join->room, what);
  } else if (const auto* const post = std::get_if<post_asked>(&*about)) {
    refuse_post(post->room, post->id, attempt, what);
  } else if (const auto* const older = std::get_if<older_asked>(&*about)) {
    tell_room(older->room, older_failed{what.code});
  } else if (const auto* const query = std::get_if<rooms_asked>(&*about)) {
    tell(self, setup.terminal, rooms_known{query->prefix, {}, what.code});
  }
}

void link_state::refuse_hello(const wire::error& what) {
  if (what.code == errc::bad_token && !token.empty()) {
    token.clear();
    say_hello();
  } else if (what.code == errc::name_taken || what.code == errc::bad_name) {
    // Hung up on purpose: while somebody thinks of a name, the server's patience with a connection
    // without `hello` would run out, and it would send us away for good.
    forget_connection();
    now_in = phase::idle;
    tell(self, setup.terminal, name_refused{name_wanted, what.code});
  } else if (may_repeat(what)) {
    lose(sentence_of(what), pause_of(what, setup.timing));
  } else {
    end({closing::reason::mismatch, 0, "the server refused our hello: " + sentence_of(what)});
  }
}

void link_state::refuse_join(const std::string& room_name, const wire::error& what) {
  auto* const room = find(room_name);
  room->joined = false;
  room->joining = false;
  room->join = 0;
  if (may_repeat(what))
    room->join_again = now() + pause_of(what, setup.timing);
  else if (room->timeline)
    tell(self, room->timeline, enter_failed{what.code});
  else
    tell(self, setup.terminal,
         outbox_told{0, "Messages of before to " + room_name
                          + " cannot be delivered now: " + sentence_of(what)});
}

// -- rooms ----------------------------------------------------------------------------------------

link_state::room* link_state::find(const std::string& room) {
  const auto place = rooms.find(room);
  return place == rooms.end() ? nullptr : &place->second;
}

template <class Message>
void link_state::tell_room(const std::string& room_name, Message what) {
  if (const auto* const room = find(room_name))
    tell(self, room->timeline, std::move(what));
}

} // namespace callboard::client
