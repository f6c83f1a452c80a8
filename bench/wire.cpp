// Frames by RFC 6455 section 5.2, and JSON by position: the server's field order is fixed by
// docs/samples/, which tests compare byte for byte.
#include "bench/wire.hpp"

#include <charconv>
#include <stdexcept>

namespace callboard::bench {

namespace {

constexpr std::size_t post_digits = 9;

void put_length(std::string& to, std::size_t length, unsigned char mask_bit) {
  const auto put = [&to](std::size_t byte) {
    to.push_back(static_cast<char>(static_cast<unsigned char>(byte & 0xFFU)));
  };
  if (length <= 125) {
    put(length | mask_bit);
    return;
  }
  const bool medium = length <= 0xFFFF;
  put((medium ? 126U : 127U) | mask_bit);
  for (auto left = medium ? 2U : 8U; left > 0; --left)
    put(length >> ((left - 1) * 8));
}

std::string digits_of(std::uint32_t number, std::size_t width) {
  auto text = std::to_string(number);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

} // namespace

std::string room_name(std::uint32_t number) {
  return "b" + digits_of(number, room_chars - 1);
}

std::string masked_frame(std::string_view payload) {
  std::string frame{'\x81'};
  put_length(frame, payload.size(), 0x80);
  for (const auto byte : mask)
    frame.push_back(static_cast<char>(byte));
  for (std::size_t i = 0; i < payload.size(); ++i)
    frame.push_back(static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask.at(i % 4)));
  return frame;
}

std::string frame_head(std::size_t payload) {
  std::string head{'\x81'};
  put_length(head, payload, 0);
  return head;
}

std::optional<frame_view> next_frame(std::string_view bytes) {
  const auto byte = [bytes](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  if (bytes.size() < 2)
    return std::nullopt;
  frame_view frame;
  frame.opcode = byte(0) & 0x0FU;
  frame.masked = (byte(1) & 0x80U) != 0;
  frame.payload = byte(1) & 0x7FU;
  frame.head = 2;
  if (frame.payload >= 126) {
    const std::size_t width = frame.payload == 126 ? 2 : 8;
    if (bytes.size() < 2 + width)
      return std::nullopt;
    frame.payload = 0;
    for (std::size_t i = 0; i < width; ++i)
      frame.payload = (frame.payload << 8U) | byte(2 + i);
    frame.head += width;
  }
  if (frame.masked) {
    if (bytes.size() < frame.head + 4)
      return std::nullopt;
    for (std::size_t i = 0; i < 4; ++i)
      frame.key.at(i) = byte(frame.head + i);
    frame.head += 4;
  }
  if (bytes.size() - frame.head < frame.payload || bytes.size() < frame.head)
    return std::nullopt;
  return frame;
}

post_frame::post_frame(std::uint32_t room, std::size_t text_bytes, std::string_view tag) {
  const auto before = R"({"type":"post","room":")" + room_name(room) + R"(","id":"p)";
  std::string text;
  while (text.size() < text_bytes)
    text += "The quick brown fox jumps over the lazy dog. ";
  text.resize(text_bytes);
  bytes_ = masked_frame(before + std::string(post_digits, '0') + "-" + std::string{tag}
                        + R"(","text":")" + text + R"("})");
  const auto payload = before.size() + post_digits + 1 + tag.size() + text.size() + 12;
  digits_at_ = bytes_.size() - payload + before.size();
}

std::string_view post_frame::numbered(std::uint32_t number) {
  const auto payload_at =
    digits_at_ - (std::string_view{R"({"type":"post","room":"b00000","id":"p)"}.size());
  for (auto i = post_digits; i > 0; --i, number /= 10) {
    const auto at = digits_at_ + i - 1;
    bytes_[at] = static_cast<char>(static_cast<unsigned char>('0' + number % 10)
                                   ^ mask.at((at - payload_at) % 4));
  }
  return bytes_;
}

seen_message read_message(std::string_view json, std::string_view tag) {
  // {"type":"message","room":"b00007","seq":43,"id":"p000000012-tagtag",…
  constexpr auto seq_at =
    message_start.size() + room_chars + std::string_view{R"(","seq":)"}.size();
  constexpr std::string_view before_id = R"(,"id":")";
  seen_message seen;
  if (json.size() < seq_at + 30)
    throw std::runtime_error{"a message that is too short"};
  std::size_t at = seq_at;
  for (; json[at] >= '0' && json[at] <= '9'; ++at)
    seen.seq = seen.seq * 10 + static_cast<std::uint64_t>(json[at] - '0');
  if (seen.seq == 0 || json.compare(at, before_id.size(), before_id) != 0)
    throw std::runtime_error{"not a message: " + std::string{json.substr(0, 120)}};
  at += before_id.size();
  seen.end = at;
  const auto id = json.substr(at, 1 + post_digits + 1 + tag.size());
  if (id.size() < 1 + post_digits + 1 + tag.size() || id[0] != 'p' || !id.ends_with(tag))
    return seen;
  std::uint32_t number = 0;
  for (std::size_t i = 1; i <= post_digits; ++i)
    number = number * 10 + static_cast<std::uint32_t>(id[i] - '0');
  seen.post = number;
  return seen;
}

std::optional<std::uint64_t> number_field(std::string_view json, std::string_view name) {
  const auto key = '"' + std::string{name} + "\":";
  const auto at = json.find(key);
  if (at == std::string_view::npos)
    return std::nullopt;
  std::uint64_t value = 0;
  const auto digits = json.substr(at + key.size());
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} ? std::optional{value} : std::nullopt;
}

std::string text_field(std::string_view json, std::string_view name) {
  const auto key = '"' + std::string{name} + "\":\"";
  const auto at = json.find(key);
  if (at == std::string_view::npos)
    return {};
  const auto start = at + key.size();
  return std::string{json.substr(start, json.find('"', start) - start)};
}

} // namespace callboard::bench
