// Encodes a batch into one buffer: one allocation for all who read it, and no copy per reader.
#include "wire/run.hpp"

#include "wire/codec.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace callboard {

namespace {

/// The head of an unmasked frame: FIN, opcode text, and a length of 7, 16 or 64 bits.
struct frame_head {
  std::array<char, 10> bytes{};
  std::size_t size = 0;
};

constexpr std::size_t longest_short = 125;     // RFC 6455 section 5.2
constexpr std::size_t longest_medium = 0xFFFF; // RFC 6455 section 5.2

frame_head head_for(std::size_t payload) {
  frame_head head;
  const auto put = [&head](std::size_t byte) {
    head.bytes.at(head.size++) = static_cast<char>(static_cast<unsigned char>(byte & 0xFFU));
  };
  const auto put_big_endian = [&put, payload](unsigned bytes) {
    for (auto left = bytes; left > 0; --left)
      put(payload >> ((left - 1) * 8));
  };
  put(0x81);
  if (payload <= longest_short) {
    put(payload);
  } else if (payload <= longest_medium) {
    put(126);
    put_big_endian(2);
  } else {
    put(127);
    put_big_endian(8);
  }
  return head;
}

/// What messages nearly always need; another one is put in its place afterwards.
constexpr std::size_t usual_head = 4;

/// JSON around a message's text, and its frame's head.
constexpr std::size_t overhead = 192;

std::size_t expected_bytes(const std::string& room, const std::vector<entry>& entries) {
  std::size_t sum = 0;
  for (const auto& e : entries)
    sum += overhead + room.size() + e.from.name.size() + e.client_id.size() + e.text.size();
  return sum;
}

} // namespace

slice make_slice(std::string bytes) {
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  const std::string_view whole = *owner;
  return {std::move(owner), whole};
}

std::string text_frame(std::string_view payload) {
  const auto head = head_for(payload.size());
  std::string frame;
  frame.reserve(head.size + payload.size());
  frame.append(head.bytes.data(), head.size);
  frame.append(payload);
  return frame;
}

entry_run::entry_run(std::string room, std::vector<entry> entries)
  : room_{std::move(room)}, entries_{std::move(entries)} {
  places_.reserve(entries_.size());
  encoded_.reserve(expected_bytes(room_, entries_));
  for (const auto& e : entries_) {
    const auto frame = encoded_.size();
    encoded_.append(usual_head, '\0');
    wire::append_message(encoded_, room_, e);
    const auto head = head_for(encoded_.size() - frame - usual_head);
    encoded_.replace(frame, usual_head, head.bytes.data(), head.size);
    places_.push_back({frame, frame + head.size});
  }
}

std::string_view entry_run::frames_from(seq_t from) const {
  if (from > last())
    return {};
  const auto& start = places_.at(static_cast<std::size_t>(std::max(from, first()) - first()));
  return std::string_view{encoded_}.substr(start.frame);
}

std::string_view entry_run::json(seq_t seq) const {
  const auto index = static_cast<std::size_t>(seq - first());
  const auto begin = places_.at(index).json;
  const auto end = index + 1 < places_.size() ? places_.at(index + 1).frame : encoded_.size();
  return std::string_view{encoded_}.substr(begin, end - begin);
}

slice frames_of(const run_ptr& run, seq_t from) {
  return {std::shared_ptr<const std::string>{run, &run->encoded_}, run->frames_from(from)};
}

} // namespace callboard
