// The bounds of a socket below its session: what HTTP and WebSocket accept before an actor hears of
// it. Unit, reason and consequence stand beside each, as in limits.hpp; each can be set.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace callboard {

/// Defaults are what production uses. Read-only once started.
struct socket_limits {
  /// Bytes of a request's line and headers; browsers send about 1 KiB without cookies. More: 431.
  std::size_t http_head_bytes = 8192;

  /// Bytes of a request's body; no route uses one. More: 413.
  std::size_t http_body_bytes = 1024;

  /// From the first byte to the last of one request, however it drips (slowloris). Longer: closed.
  std::chrono::milliseconds http_within{10000};

  /// Between two requests of one connection, and for reading a response: a browser's next click.
  /// Longer: closed.
  std::chrono::milliseconds http_idle{60000};

  /// From the first step of closing to its end, while the peer takes no byte. Longer: closed hard.
  std::chrono::milliseconds close_within{5000};

  /// Closing may take this many times `close_within` if the peer still takes bytes, however few: a
  /// minute for a slow line. Longer: closed hard.
  std::uint32_t close_patience = 12;

  /// The one coarse clock of an I/O thread: every deadline here is exact to one tick. Shorter costs
  /// wake-ups.
  std::chrono::milliseconds tick{1000};

  /// Pings and pongs of one client within a tick; libraries send one in 20 s. More: close 4501.
  std::uint32_t control_frames = 100;

  /// Connections beyond `limits::connections` that are still told 503, so that a storm costs no
  /// descriptors. More: closed without a word.
  std::size_t refusals = 256;

  /// Streams of figures (/stats) at once: operators are few. More: 503.
  std::size_t stats_streams = 16;

  /// Bytes taken and dropped from somebody who has had his last answer, or who only reads figures:
  /// more than a well-meaning client has under way. More: closed hard.
  std::size_t unwanted_bytes = 262144;

  /// A pause of the accept loop when descriptors or memory have run out, so that it cannot spin.
  std::chrono::milliseconds accept_pause{100};

  /// Bytes that the kernel holds unsent for one socket. What is beyond it waits in the outbox,
  /// where it is counted, and a ping is never behind megabytes.
  int unsent_bytes = 131072;
};

} // namespace callboard
