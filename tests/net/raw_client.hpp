// A client made of nothing but a socket, so that it can misbehave. It waits with a bound, never
// sleeps, and throws when the bound has passed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace callboard::test {

inline constexpr std::chrono::milliseconds patience{10000};

/// A frame as it came, unmasked.
struct raw_frame {
  unsigned char head = 0; ///< FIN, reserved bits and opcode.
  std::string payload;
};

/// A masked frame as clients send it; `head` is its first byte (0x81: a whole text message).
[[nodiscard]] std::string masked(unsigned char head, std::string_view payload);

/// The code of a close frame.
[[nodiscard]] unsigned close_code_of(const raw_frame& frame);

class raw_client {
public:
  /// Connects to 127.0.0.1. A `receive_buffer` other than 0 makes it a slow reader.
  explicit raw_client(std::uint16_t port, int receive_buffer = 0);
  ~raw_client();

  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  void send(std::string_view bytes) const;

  /// Sends until the socket takes no more for 300 ms or `most` bytes are sent; gives how many.
  [[nodiscard]] std::size_t send_until_blocked(std::string_view bytes, std::size_t most) const;

  /// Reads one HTTP response, its body by Content-Length (unless `head_only`).
  std::string response(bool head_only = false);

  /// Reads up to the next `mark`, which is taken, too.
  std::string until(std::string_view mark);

  raw_frame frame();

  /// Skips frames until one whose first byte is `head`.
  raw_frame frame_of(unsigned char head);

  /// Reads and drops at most `bytes`, waiting for them at most `bound`.
  void take(std::size_t bytes, std::chrono::milliseconds bound) const;

  /// Reads to the end of the stream; true if it comes within `bound`. A reset is an end, too.
  bool ends(std::chrono::milliseconds bound = patience);

  /// Upgrades, and gives the response.
  std::string upgrade(std::string_view fields = "Sec-WebSocket-Protocol: callboard.v1\r\n",
                      std::string_view target = "/");

  /// Closes as a well-behaved client does.
  void leave();

  /// Closes with a reset instead of an end of stream.
  void reset();

private:
  void need(std::size_t bytes);
  bool receive(std::chrono::steady_clock::time_point until);

  int fd_ = -1;
  std::string input_;
};

} // namespace callboard::test
