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
  "HISTORY_READERS",
  "WORKER_THREADS",
  "READY_FD",
  // Its bounds.
  "TEXT_BYTES",
  "FRAME_BYTES",
  "NAME_CHARS",
  "ROOM_CHARS",
  "ROOMS_PER_CONNECTION",
  "PAGE_ENTRIES",
  "PAGE_BYTES",
  "REQUESTS_UNDER_WAY",
  "OUTBOX_HIGH_BYTES",
  "OUTBOX_LOW_BYTES",
  "CONNECTIONS_PER_AUTHOR",
  "MAX_CONNECTIONS",
  "OPEN_ROOMS",
  "ROOM_POSTS",
  "ROOM_POST_BYTES",
  "PRESENCE_NAMES",
  "WHO_NAMES",
  "BATCH_POSTS",
  "BATCH_BYTES",
  "WAITING_BYTES",
  "CACHE_BYTES",
  "CACHE_ROOM_BYTES",
  "READS_UNDER_WAY",
  "STORE_PATIENCE_MS",
  "DRAIN_PATIENCE_MS",
  "DRAIN_WITHIN_MS",
  "RETRY_AFTER_MS",
  "TICK_MS",
  "GATHER_PER_MEMBER_US",
  "GATHER_MOST_MS",
  "CACHE_TTL",
  "ROOM_IDLE",
  "HELLO_WITHIN",
  "HEARTBEAT",
  "GO_WRITE_STALL",
  "NAME_HOLD",
  "PRESENCE_EVERY",
  "PRESENCE_GRACE",
  "TYPING_EVERY",
  "TOKEN_LIFE_HOURS",
  "HTTP_HEAD_BYTES",
  "HTTP_BODY_BYTES",
  "HTTP_WITHIN_MS",
  "HTTP_IDLE_MS",
  "CLOSE_WITHIN_MS",
  "CLOSE_PATIENCE",
  "SOCKET_TICK_MS",
  "CONTROL_FRAMES",
  "REFUSALS",
  "STATS_STREAMS",
  "UNWANTED_BYTES",
  "ACCEPT_PAUSE_MS",
  "UNSENT_BYTES",
  // The client's.
  "SERVER_URL",
  "CALLBOARD_NAME",
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
