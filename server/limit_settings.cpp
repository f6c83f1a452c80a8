// One row per bound. A range ends where another promise would break; why, stands beside it.
#include "server/limit_settings.hpp"

#include "domain/widest_names.hpp"

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <utility>

namespace callboard {

namespace {

constexpr std::int64_t kib = 1024;
constexpr std::int64_t mib = 1024 * kib;
constexpr std::int64_t gib = 1024 * mib;
constexpr std::int64_t hour_ms = 3600000;

// The protocol's own: clients may count on no more in one frame.
constexpr std::int64_t page_most = 500;

// Our client takes 16 MiB in one message; an entry or two may come on top of a page.
constexpr std::int64_t page_bytes_most = 8 * mib;

// Tokens are renewed after half a day: one must live to see it.
constexpr std::int64_t token_life_least = 24;

struct span {
  std::int64_t least;
  std::int64_t most;
};

/// A row whose default is what `into` holds.
template <class T>
option bound(T& into, std::string_view name, std::string_view flag, std::string_view unit,
             span range, std::string_view meaning) {
  if constexpr (std::integral<T>)
    return {
      name, flag, unit, std::to_string(into), meaning, take_number(into, range.least, range.most)};
  else
    return {name,    flag,
            unit,    std::to_string(into.count()),
            meaning, take_duration(into, range.least, range.most)};
}

void add_client_limits(std::vector<option>& table, limits& of) {
  table.push_back(bound(of.text_bytes, "TEXT_BYTES", "text-bytes", "BYTES", {1, mib},
                        "Bytes of one message's text (UTF-8); a longer one is refused."));
  table.push_back(bound(of.frame_bytes, "FRAME_BYTES", "frame-bytes", "BYTES", {2 * kib, 8 * mib},
                        "Bytes of one WebSocket message from a client; a longer one closes its"
                        " connection."));
  table.push_back(bound(of.name_chars, "NAME_CHARS", "name-chars", "NUMBER", {1, name_chars_most},
                        "Characters (code points) of an author's name; a longer one is refused."));
  table.push_back(bound(of.room_chars, "ROOM_CHARS", "room-chars", "NUMBER", {7, name_chars_most},
                        "Characters (code points) of a room's name; a longer one is refused."));
  table.push_back(bound(of.rooms, "ROOMS_PER_CONNECTION", "rooms-per-connection", "NUMBER",
                        {1, 100000},
                        "Rooms that one connection may be in; joining a further one is refused."));
  table.push_back(bound(of.page, "PAGE_ENTRIES", "page-entries", "NUMBER", {1, page_most},
                        "Messages of one page of history; who wants more gets several."));
  table.push_back(bound(of.page_bytes, "PAGE_BYTES", "page-bytes", "BYTES", {kib, page_bytes_most},
                        "Bytes of one page of history, at which it ends early."));
  table.push_back(bound(of.requests_under_way, "REQUESTS_UNDER_WAY", "requests-under-way", "NUMBER",
                        {1, 4096},
                        "Unanswered requests of one connection; with as many it is not read."));
}

void add_connection_limits(std::vector<option>& table, limits& of) {
  table.push_back(
    bound(of.outbox_high_bytes, "OUTBOX_HIGH_BYTES", "outbox-high-bytes", "BYTES", {2 * kib, gib},
          "Bytes that may wait for one slow reader before it reads on from the log."));
  table.push_back(bound(of.outbox_low_bytes, "OUTBOX_LOW_BYTES", "outbox-low-bytes", "BYTES",
                        {kib, gib},
                        "Bytes waiting for one slow reader below which it gets the next page."));
  table.push_back(bound(of.connections_per_author, "CONNECTIONS_PER_AUTHOR",
                        "connections-per-author", "NUMBER", {1, 1000},
                        "Connections of one author: tabs, terminal, phone."));
  table.push_back(bound(of.connections, "MAX_CONNECTIONS", "max-connections", "NUMBER",
                        {1, 1000000},
                        "Connections of the whole server; further ones get HTTP 503."));
  table.push_back(bound(of.open_rooms, "OPEN_ROOMS", "open-rooms", "NUMBER", {1, 10000000},
                        "Rooms in memory; joining a further one is refused as busy."));
  table.push_back(bound(of.room_posts, "ROOM_POSTS", "room-posts", "NUMBER", {1, 1000000},
                        "Messages of one room that may wait for the database; further ones are"
                        " refused as busy."));
  table.push_back(bound(of.room_post_bytes, "ROOM_POST_BYTES", "room-post-bytes", "BYTES",
                        {kib, gib},
                        "Bytes of one room's messages that may wait for the database; further ones"
                        " are refused as busy."));
  table.push_back(bound(of.presence_names, "PRESENCE_NAMES", "presence-names", "NUMBER", {0, 10000},
                        "People in a room up to which comings and goings are told by name; above,"
                        " as a count."));
  table.push_back(bound(of.who_names, "WHO_NAMES", "who-names", "NUMBER", {1, page_most},
                        "Names in the list of who is in a room; further ones are only counted."));
}

void add_store_limits(std::vector<option>& table, limits& of) {
  table.push_back(bound(of.batch_posts, "BATCH_POSTS", "batch-posts", "NUMBER", {1, 100000},
                        "Messages in one transaction; the rest is the next one."));
  table.push_back(bound(of.batch_bytes, "BATCH_BYTES", "batch-bytes", "BYTES", {kib, gib},
                        "Bytes of messages in one transaction; the rest is the next one."));
  table.push_back(bound(of.waiting_bytes, "WAITING_BYTES", "waiting-bytes", "BYTES",
                        {kib, 64 * gib},
                        "Bytes of messages that may wait for the database, of all rooms; further"
                        " ones are refused as busy."));
  table.push_back(bound(of.cache_bytes, "CACHE_BYTES", "cache-bytes", "BYTES", {mib, 1024 * gib},
                        "Bytes of recent messages kept in memory, of all rooms."));
  table.push_back(bound(of.cache_room_bytes, "CACHE_ROOM_BYTES", "cache-room-bytes", "BYTES",
                        {kib, 1024 * gib}, "Bytes of recent messages kept in memory of one room."));
  table.push_back(bound(of.reads_under_way, "READS_UNDER_WAY", "reads-under-way", "NUMBER",
                        {1, 1000000},
                        "Different pages asked of the database at once; further ones are refused as"
                        " busy."));
}

void add_store_times(std::vector<option>& table, limits& of) {
  table.push_back(bound(of.store_patience, "STORE_PATIENCE_MS", "store-patience-ms", "MS",
                        {100, 600000},
                        "Milliseconds that a message may wait for the database before its sender is"
                        " told to repeat it."));
  table.push_back(bound(of.drain_patience, "DRAIN_PATIENCE_MS", "drain-patience-ms", "MS",
                        {0, hour_ms},
                        "Milliseconds that a message may wait for the database while the server"
                        " stops."));
  table.push_back(bound(of.drain_within, "DRAIN_WITHIN_MS", "drain-within-ms", "MS", {0, hour_ms},
                        "Milliseconds that a stopping server answers what is under way; then"
                        " connections are cut. At least DRAIN_PATIENCE_MS + RETRY_AFTER_MS."));
  table.push_back(bound(of.retry_after, "RETRY_AFTER_MS", "retry-after-ms", "MS", {10, 60000},
                        "Milliseconds after which a client told to repeat something shall do so; at"
                        " most HELLO_WITHIN."));
  table.push_back(bound(of.tick, "TICK_MS", "tick-ms", "MS", {10, 1000},
                        "Milliseconds to which the deadlines of rooms and store are exact."));
  table.push_back(bound(of.gather_per_member, "GATHER_PER_MEMBER_US", "gather-per-member-us", "US",
                        {0, 1000},
                        "Microseconds for each member of a room that a message waits for others to"
                        " be stored with; 0 stores each at once."));
  table.push_back(bound(of.gather_most, "GATHER_MOST_MS", "gather-most-ms", "MS", {0, 1000},
                        "Milliseconds that a message waits for others at most."));
  table.push_back(bound(of.cache_ttl, "CACHE_TTL", "cache-ttl", "SECONDS", {1, 604800},
                        "Seconds after which a room that nobody reads leaves the cache."));
  table.push_back(bound(of.room_idle, "ROOM_IDLE", "room-idle", "SECONDS", {1, 86400},
                        "Seconds after which an empty room leaves memory."));
}

void add_people_times(std::vector<option>& table, limits& of) {
  table.push_back(bound(of.hello_within, "HELLO_WITHIN", "hello-within", "SECONDS", {1, 3600},
                        "Seconds in which a new connection must say who it is, or is closed."));
  table.push_back(bound(of.heartbeat, "HEARTBEAT", "heartbeat", "SECONDS", {1, 3600},
                        "Seconds of silence after which a connection is asked whether it lives;"
                        " after twice as many it is closed."));
  table.push_back(bound(of.go_write_stall, "GO_WRITE_STALL", "go-write-stall", "SECONDS",
                        {1, 86400},
                        "Seconds for which a client of the Go program may take nothing before it is"
                        " closed."));
  table.push_back(bound(of.name_hold, "NAME_HOLD", "name-hold", "SECONDS", {0, 31536000},
                        "Seconds that a name stays its author's after leaving."));
  table.push_back(bound(of.presence_every, "PRESENCE_EVERY", "presence-every", "SECONDS", {0, 3600},
                        "Seconds for which comings and goings are gathered before they are told."));
  table.push_back(bound(of.presence_grace, "PRESENCE_GRACE", "presence-grace", "SECONDS", {0, 3600},
                        "Seconds within which somebody may come back without having left."));
  table.push_back(bound(of.typing_every, "TYPING_EVERY", "typing-every", "SECONDS", {0, 3600},
                        "Seconds between two signs that the same person types in the same room."));
  table.push_back(bound(of.token_life, "TOKEN_LIFE_HOURS", "token-life-hours", "HOURS",
                        {token_life_least, 876000},
                        "Hours after which a token, by which somebody stays who he is, no longer"
                        " holds."));
}

} // namespace

void add_limits(std::vector<option>& table, limits& into) {
  add_client_limits(table, into);
  add_connection_limits(table, into);
  add_store_limits(table, into);
  add_store_times(table, into);
  add_people_times(table, into);
}

void add_socket_limits(std::vector<option>& table, socket_limits& into) {
  auto& of = into;
  table.push_back(bound(of.http_head_bytes, "HTTP_HEAD_BYTES", "http-head-bytes", "BYTES",
                        {kib, mib},
                        "Bytes of a request's line and headers; more are refused with HTTP 431."));
  table.push_back(bound(of.http_body_bytes, "HTTP_BODY_BYTES", "http-body-bytes", "BYTES", {0, mib},
                        "Bytes of a request's body; more are refused with HTTP 413."));
  table.push_back(
    bound(of.http_within, "HTTP_WITHIN_MS", "http-within-ms", "MS", {100, hour_ms},
          "Milliseconds in which a request must have come, however slowly it drips."));
  table.push_back(
    bound(of.http_idle, "HTTP_IDLE_MS", "http-idle-ms", "MS", {100, hour_ms},
          "Milliseconds that an HTTP connection may be idle, or take for an answer."));
  table.push_back(bound(of.close_within, "CLOSE_WITHIN_MS", "close-within-ms", "MS", {100, hour_ms},
                        "Milliseconds that a closing connection waits for a peer that takes"
                        " nothing."));
  table.push_back(bound(of.close_patience, "CLOSE_PATIENCE", "close-patience", "NUMBER", {1, 1000},
                        "How many times CLOSE_WITHIN_MS it waits for a peer that takes a little."));
  table.push_back(bound(of.tick, "SOCKET_TICK_MS", "socket-tick-ms", "MS", {10, 1000},
                        "Milliseconds to which the deadlines of sockets are exact."));
  table.push_back(bound(of.control_frames, "CONTROL_FRAMES", "control-frames", "NUMBER",
                        {1, 1000000},
                        "Pings and pongs of one client within SOCKET_TICK_MS; more close its"
                        " connection."));
  table.push_back(bound(of.refusals, "REFUSALS", "refusals", "NUMBER", {0, 100000},
                        "Connections above MAX_CONNECTIONS that are told so; more are closed"
                        " without a word."));
  table.push_back(bound(of.stats_streams, "STATS_STREAMS", "stats-streams", "NUMBER", {0, 1000},
                        "Readers of figures (/stats) at once; further ones get HTTP 503."));
  table.push_back(bound(of.unwanted_bytes, "UNWANTED_BYTES", "unwanted-bytes", "BYTES", {0, gib},
                        "Bytes dropped from somebody who has had his last answer before he is"
                        " cut."));
  table.push_back(bound(of.accept_pause, "ACCEPT_PAUSE_MS", "accept-pause-ms", "MS", {1, 60000},
                        "Milliseconds without new connections when the system has run out of"
                        " descriptors or memory."));
  table.push_back(bound(of.unsent_bytes, "UNSENT_BYTES", "unsent-bytes", "BYTES", {4 * kib, gib},
                        "Bytes that the kernel may hold unsent for one connection."));
}

std::vector<std::string> contradictions(const limits& bounds) {
  struct value {
    std::string_view name;
    std::uint64_t number;
  };
  std::vector<std::string> all;
  const auto demand = [&all](bool holds, value first, std::string_view relation, value second,
                             std::string_view reason) {
    if (!holds)
      all.push_back(std::string{first.name} + " = " + std::to_string(first.number) + " must be "
                    + std::string{relation} + " " + std::string{second.name} + " = "
                    + std::to_string(second.number) + ": " + std::string{reason});
  };
  const auto ms = [](std::chrono::milliseconds time) {
    return static_cast<std::uint64_t>(time.count());
  };
  // A text of nothing but control characters takes six bytes for one in JSON, and a frame around.
  constexpr std::size_t escape = 6;
  constexpr std::size_t around = 1024;
  const auto longest = bounds.text_bytes * escape + around;
  demand(bounds.frame_bytes >= longest, {"FRAME_BYTES", bounds.frame_bytes}, "at least",
         {"6 * TEXT_BYTES + 1024", longest},
         "a text that needs escapes would close its sender's connection");
  demand(bounds.outbox_low_bytes < bounds.outbox_high_bytes,
         {"OUTBOX_LOW_BYTES", bounds.outbox_low_bytes}, "below",
         {"OUTBOX_HIGH_BYTES", bounds.outbox_high_bytes},
         "a slow reader would get no page, or every message twice over");
  demand(bounds.page_bytes <= bounds.outbox_high_bytes, {"PAGE_BYTES", bounds.page_bytes},
         "at most", {"OUTBOX_HIGH_BYTES", bounds.outbox_high_bytes},
         "one page alone would be more than may wait for a reader");
  // A session looks at its deadlines once in `retry_after`.
  const auto told = bounds.drain_patience + bounds.retry_after;
  demand(bounds.drain_within >= told, {"DRAIN_WITHIN_MS", ms(bounds.drain_within)}, "at least",
         {"DRAIN_PATIENCE_MS + RETRY_AFTER_MS", ms(told)},
         "connections would be cut before they are told what was not stored");
  demand(bounds.retry_after <= bounds.hello_within, {"RETRY_AFTER_MS", ms(bounds.retry_after)},
         "at most", {"HELLO_WITHIN in milliseconds", ms(bounds.hello_within)},
         "silent connections would be closed later than that");
  demand(bounds.gather_most < bounds.store_patience, {"GATHER_MOST_MS", ms(bounds.gather_most)},
         "below", {"STORE_PATIENCE_MS", ms(bounds.store_patience)},
         "a message would be refused before it is given to the database");
  return all;
}

} // namespace callboard
