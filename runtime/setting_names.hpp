// Every name that may stand in a `.env` file beside our programs. Server, client and the Go program
// share one file, so each accepts the others' names without a word and hints only at names of
// nobody.
#pragma once

#include <array>
#include <string_view>

namespace callboard {

inline constexpr std::array setting_names = std::to_array<std::string_view>({
  // The server's.
  "SERVER_HOST",
  "SERVER_PORT",
  "DATABASE_URL",
  "LOG_LEVEL",
  "ALLOWED_ORIGINS",
  "ADMIN_TOKEN",
  "WEB_DIR",
  "IS_TLS",
  "NAME_HOLD",
  "TEXT_BYTES",
  "MAX_CONNECTIONS",
  "CONNECTIONS_PER_AUTHOR",
  "HEARTBEAT",
  "OUTBOX_HIGH_BYTES",
  "ROOM_POSTS",
  "ROOM_IDLE",
  "STORE_PATIENCE_MS",
  "HISTORY_READERS",
  "CACHE_TTL",
  "CACHE_BYTES",
  "WORKER_THREADS",
  "READY_FD",
  // The client's.
  "SERVER_URL",
  "NAME",
  "NOTIFY",
  // The Go program's, which mean nothing to us (yet).
  "TLS_SERVER_URL",
  "SERVER_CERTIFICATE",
  "SERVER_KEY",
  "POSTGRES_DB",
  "POSTGRES_USER",
  "POSTGRES_PASSWORD",
  "MESSAGE_SERVICE_PORT",
  "RABBITMQ_URL",
});

} // namespace callboard
