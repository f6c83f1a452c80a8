// A socket that a test holds in its hand: it keeps what a session sends, as lines that a person can
// read, and has as full an outbox as the test says.
#pragma once

#include "actors/connection.hpp"
#include "wire/codec.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace callboard::doubles {

/// The payloads of unmasked text frames.
inline std::vector<std::string> payloads_of(std::string_view frames) {
  std::vector<std::string> all;
  const auto byte = [&frames](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(frames.at(at)));
  };
  while (!frames.empty()) {
    auto size = byte(1);
    std::size_t head = 2;
    if (size >= 126) {
      const std::size_t count = size == 126 ? 2 : 8;
      for (size = 0; head < 2 + count; ++head)
        size = size << 8U | byte(head);
    }
    all.emplace_back(frames.substr(head, size));
    frames.remove_prefix(head + size);
  }
  return all;
}

/// "1..3", "-" for none; "?" where a number is missing.
inline std::string range_of(const std::vector<entry>& entries) {
  if (entries.empty())
    return "-";
  for (std::size_t i = 1; i < entries.size(); ++i)
    if (entries[i].seq != entries[i - 1].seq + 1)
      return "?";
  return std::to_string(entries.front().seq) + ".." + std::to_string(entries.back().seq);
}

inline std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ",") + name;
  return text;
}

struct briefly {
  std::string operator()(const wire::welcome& a) const { return "welcome " + a.user.name; }
  std::string operator()(const wire::joined& a) const {
    constexpr std::array modes{"fresh", "resumed", "paged", "reset"};
    return "joined " + a.room + " " + modes.at(static_cast<std::size_t>(a.mode)) + " "
           + range_of(a.entries) + " of " + std::to_string(a.head) + (a.more ? " more" : "");
  }
  std::string operator()(const wire::message& a) const {
    return "message " + a.room + " " + std::to_string(a.what.seq);
  }
  std::string operator()(const wire::posted& a) const {
    return "posted " + a.room + " " + a.id + " " + std::to_string(a.seq)
           + (a.duplicate ? " again" : "");
  }
  std::string operator()(const wire::history_page& a) const {
    return "history " + a.room + " " + range_of(a.entries) + (a.more ? " more" : "")
           + (a.resume ? " resume" : "");
  }
  std::string operator()(const wire::presence& a) const {
    return "presence " + a.room + " +" + list_of(a.joined) + " -" + list_of(a.left) + " "
           + std::to_string(a.members);
  }
  std::string operator()(const wire::typing_notice& a) const {
    return "typing " + a.room + " " + a.from;
  }
  std::string operator()(const wire::who_list& a) const {
    return "who " + a.room + " " + list_of(a.names) + " " + std::to_string(a.members);
  }
  std::string operator()(const wire::room_list& a) const {
    std::string text = "rooms";
    for (const auto& room : a.rooms)
      text +=
        " " + room.name + ":" + std::to_string(room.head) + ":" + std::to_string(room.members);
    return text;
  }
  std::string operator()(const wire::left& a) const { return "left " + a.room; }
  std::string operator()(const wire::pong&) const { return "pong"; }
  std::string operator()(const wire::error& a) const {
    return "error " + std::string{describe(a.code).name} + (a.room.empty() ? "" : " " + a.room)
           + (a.id.empty() ? "" : " " + a.id);
  }
  std::string operator()(const wire::bye& a) const { return "bye " + a.reason; }
};

/// "joined den resumed 2..3 of 3", "message den 4", "error busy den p1", "r1: pong", …
inline std::string brief(const std::string& json) {
  const auto parsed = wire::parse_answer(json);
  const auto* const answer = std::get_if<wire::answer>(&parsed);
  if (answer == nullptr)
    return "not an answer: " + json;
  return (answer->ref.empty() ? "" : answer->ref + ": ") + std::visit(briefly{}, answer->body);
}

class fake_connection final : public connection {
public:
  void send(slice frames, std::uint32_t credit) override {
    if (closed_with)
      return; // as the real one: nothing that comes after close() is sent
    bytes += frames.bytes;
    given_back += credit;
    for (auto& text : payloads_of(frames.bytes))
      texts.push_back(std::move(text));
  }
  void grant(std::uint32_t credit) override { given_back += credit; }
  [[nodiscard]] std::size_t waiting() const override { return backlog; }
  void tell_when_low(std::size_t low) override {
    ++low_asked;
    low_mark = low;
  }
  void close(close_code code, std::string /*reason*/) override {
    if (!closed_with)
      closed_with = code;
  }

  /// What was sent since the last call, in brief.
  std::vector<std::string> told() {
    std::vector<std::string> all;
    for (const auto& text : std::exchange(texts, {}))
      all.push_back(brief(text));
    return all;
  }

  /// The same, as it is on the wire.
  std::vector<std::string> raw() { return std::exchange(texts, {}); }

  std::size_t backlog = 0; ///< What waiting() says.
  std::string bytes;       ///< All frames since the beginning.
  std::vector<std::string> texts;
  std::uint32_t given_back = 0; ///< Credit.
  int low_asked = 0;
  std::size_t low_mark = 0;
  std::optional<close_code> closed_with;
};

} // namespace callboard::doubles
