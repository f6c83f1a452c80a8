// WebSocket close codes. From the number alone a client knows whether to come back.
#pragma once

#include <cstdint>

namespace callboard {

/// RFC 6455 section 7.4, and ours: 4000 to 4499 reconnect and resume, 4500 to 4999 do not.
enum class close_code : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003, ///< A binary message.
  bad_payload = 1007,      ///< Not UTF-8.
  policy = 1008,
  too_big = 1009, ///< A message above `frame_bytes`.
  internal_error = 1011,
  restart = 1012, ///< The server stops or restarts; come back after `bye.reconnect_after_ms`.
  try_again_later = 1013,
  resync = 4000,       ///< The log is not the one the session knew: join again.
  no_heartbeat = 4001, ///< Nothing heard for two heartbeats.
  no_hello = 4500,
  abuse = 4501,
  too_many_connections = 4502,
};

/// True when a client should connect again by itself.
[[nodiscard]] constexpr bool should_reconnect(std::uint16_t code) {
  const bool refused_for_good = code == 1002 || code == 1003 || code == 1007 || code == 1008
                                || code == 1009 || (code >= 4500 && code <= 4999);
  return !refused_for_good;
}

} // namespace callboard
