// What the server's frames mean for a client, and whether it may say so.
#include "bench/swarm.hpp"

#include <stdexcept>

namespace callboard::bench {

std::size_t swarm::consume(client& who, std::string_view bytes, std::int64_t at) {
  std::size_t used = 0;
  if (who.at == stage::upgrading)
    used = upgrade(who, bytes);
  while (who.at > stage::upgrading) {
    const auto frame = next_frame(bytes.substr(used));
    if (!frame)
      break;
    const auto payload = bytes.substr(used + frame->head, frame->payload);
    used += frame->size();
    if (frame->opcode == 1)
      take(who, payload, at);
    else if (frame->opcode == 8)
      throw std::runtime_error{"the server closes a connection: " + std::string{payload.substr(2)}};
    else if (frame->opcode == 9)
      send(who, std::string_view{"\x8a\x80\x37\xfa\x21\x3d", 6}); // an empty pong, masked
  }
  return used;
}

std::size_t swarm::upgrade(client& who, std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos)
    return 0;
  const auto head = bytes.substr(0, end);
  if (!head.starts_with("HTTP/1.1 101") || head.find(sample_accept) == std::string_view::npos)
    throw std::runtime_error{"the upgrade was refused: " + std::string{head.substr(0, 200)}};
  who.at = stage::greeting;
  greet(who);
  return end + 4;
}

void swarm::greet(client& who) {
  const auto hello = who.token.empty() ? R"({"type":"hello","name":"u)" + how_.tag + "-"
                                           + std::to_string(who.number) + R"("})"
                                       : R"({"type":"hello","token":")" + who.token + R"("})";
  send(who, masked_frame(hello));
}

void swarm::join(client& who) {
  who.asked_at = now_ns();
  who.at = stage::joining;
  const auto where = who.epoch.empty() ? R"(","last":)" + std::to_string(how_.last)
                                       : R"(","after":)" + std::to_string(who.position)
                                           + R"(,"epoch":")" + who.epoch + '"';
  send(who, masked_frame(R"({"type":"join","room":")" + room_name(who.room) + where + "}"));
}

void swarm::proceed(stage further) {
  goal = further;
  arrived_ = 0;
  for (auto& who : clients_)
    if (who.at == stage::welcome)
      join(who);
}

void swarm::arrive(client& who, stage where) {
  if (who.at < goal && where >= goal)
    ++arrived_;
  who.at = where;
}

void swarm::take(client& who, std::string_view json, std::int64_t at) {
  // {"type":"message"… : the tenth byte tells them apart, all but presence and posted.
  const char kind = json.size() > 11 ? json[9] : '?';
  if (kind == 'm')
    return take_message(who, json, at);
  if (kind == 'p' && json[11] == 's')
    return take_posted(who, json);
  if (kind == 'w' && json.starts_with(R"({"type":"welcome")")) {
    who.token = text_field(json, "token");
    --opening_;
    arrive(who, stage::welcome);
    if (goal == stage::live)
      join(who);
  } else if (kind == 'j') {
    take_joined(who, json, at);
  } else if (kind == 'h') {
    if (json.find(R"("resume":true)") == std::string_view::npos)
      return events_.on_page(who, json, at);
    take_entries(who, json, at);
    if (json.find(R"("more":false)") != std::string_view::npos) {
      arrive(who, stage::live);
      events_.on_joined(who, at);
    }
  } else if (kind == 'e' || kind == 'b') {
    ++facts_.found.refused;
    throw std::runtime_error{"the server says: " + std::string{json.substr(0, 300)}};
  }
}

void swarm::take_message(client& who, std::string_view json, std::int64_t at) {
  const auto seen = read_message(json, how_.tag);
  who.position = facts_.check(who.position, seen);
  events_.on_message(who, seen, at);
}

void swarm::take_entries(client& who, std::string_view json, std::int64_t at) {
  auto place = json.find(message_start);
  while (place != std::string_view::npos) {
    const auto entry = json.substr(place);
    const auto seen = read_message(entry, how_.tag);
    who.position = facts_.check(who.position, seen);
    events_.on_message(who, seen, at);
    place = json.find(message_start, place + seen.end);
  }
}

void swarm::take_joined(client& who, std::string_view json, std::int64_t at) {
  who.head = number_field(json, "head").value_or(0);
  who.epoch = text_field(json, "epoch");
  const auto mode = text_field(json, "mode");
  if (mode == "reset")
    throw std::runtime_error{"the server lost a position: " + std::string{json.substr(0, 200)}};
  if (mode == "fresh") {
    const auto first = json.find(message_start);
    const auto head = first == std::string_view::npos
                        ? who.head
                        : read_message(json.substr(first), how_.tag).seq - 1;
    who.position = head;
  }
  take_entries(who, json, at);
  if (mode == "paged")
    return;
  if (who.position != who.head)
    ++facts_.found.lost;
  arrive(who, stage::live);
  events_.on_joined(who, at);
}

void swarm::take_posted(client& /*who*/, std::string_view json) {
  const auto id = text_field(json, "id");
  if (id.size() != id_chars || !id.ends_with(how_.tag))
    throw std::runtime_error{"a receipt of something else: " + std::string{json.substr(0, 200)}};
  facts_.acknowledge(static_cast<std::uint32_t>(std::stoul(id.substr(1, 9))));
}

} // namespace callboard::bench
