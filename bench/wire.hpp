// The bytes of callboard.v1 as the benchmark sends and reads them: requests are built beforehand,
// answers are read at fixed places, so that the generator's own cost per message stays constant.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callboard::bench {

/// The key of RFC 6455 section 1.3: with one key for all, the reference needs no SHA-1.
inline constexpr std::string_view sample_key = "dGhlIHNhbXBsZSBub25jZQ==";
inline constexpr std::string_view sample_accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

inline constexpr std::array<unsigned char, 4> mask{0x37, 0xfa, 0x21, 0x3d};

/// Room 7 is "b00007": names of one length keep every field at its place.
[[nodiscard]] std::string room_name(std::uint32_t number);
inline constexpr std::size_t room_chars = 6;
inline constexpr std::size_t id_chars = 17; ///< 'p', nine digits, '-', six of the run's tag.

/// A client's frame: masked, FIN, text.
[[nodiscard]] std::string masked_frame(std::string_view payload);

/// The head of a server's text frame of `payload` bytes.
[[nodiscard]] std::string frame_head(std::size_t payload);

/// One frame at the beginning of `bytes`; `size` counts head and payload.
struct frame_view {
  std::uint8_t opcode = 0;
  bool masked = false;
  std::array<unsigned char, 4> key{};
  std::size_t head = 0;
  std::size_t payload = 0;
  [[nodiscard]] std::size_t size() const { return head + payload; }
};

/// Nothing while the frame is not whole.
[[nodiscard]] std::optional<frame_view> next_frame(std::string_view bytes);

/// A post of one room, whose number is written into the finished frame.
class post_frame {
public:
  /// `text_bytes` of text; `tag` keeps ids of several runs apart.
  post_frame(std::uint32_t room, std::size_t text_bytes, std::string_view tag);

  /// The frame of post `number`; valid until the next call.
  [[nodiscard]] std::string_view numbered(std::uint32_t number);

private:
  std::string bytes_;
  std::size_t digits_at_ = 0;
};

/// What a `message` says, read at fixed places.
struct seen_message {
  std::uint64_t seq = 0;
  std::optional<std::uint32_t> post; ///< Nothing for an entry that this run has not sent.
  std::size_t end = 0;               ///< Where reading stopped.
};

/// `json` begins with `{"type":"message","room":"`. Throws std::runtime_error where it does not.
[[nodiscard]] seen_message read_message(std::string_view json, std::string_view tag);

/// The number behind `"name":`. Nothing: there is none.
[[nodiscard]] std::optional<std::uint64_t> number_field(std::string_view json,
                                                        std::string_view name);

/// The plain string behind `"name":"`, without escapes.
[[nodiscard]] std::string text_field(std::string_view json, std::string_view name);

inline constexpr std::string_view message_start = R"({"type":"message","room":")";

} // namespace callboard::bench
