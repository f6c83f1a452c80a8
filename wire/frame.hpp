// The frames of callboard.v1 as structs (docs/protocol.md). A frame is not a domain object and not
// a row.
#pragma once

#include "domain/entry.hpp"
#include "domain/error.hpp"
#include "domain/limits.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace callboard::wire {

inline constexpr auto subprotocol = "callboard.v1";

/// The highest seq that travels: beyond, JavaScript's numbers are no longer exact.
inline constexpr seq_t highest_seq = 9'007'199'254'740'991;

// -- client to server -----------------------------------------------------------------------------

/// Exactly one of `name` and `token`; a `claim` goes with a name.
struct hello {
  std::optional<std::string> name;
  std::optional<std::string> token;
  std::optional<std::string> claim; ///< A secret: the same name with it is the same author.
  friend bool operator==(const hello&, const hello&) = default;
};
/// Either `after` with `epoch`, or `last` (the codec fills in the default 50 when neither is
/// given).
struct join {
  std::string room;
  std::optional<seq_t> after;
  std::string epoch;
  std::size_t last = 50;
  friend bool operator==(const join&, const join&) = default;
};
struct leave {
  std::string room;
  friend bool operator==(const leave&, const leave&) = default;
};
struct post {
  std::string room;
  std::string id;
  std::string text;
  friend bool operator==(const post&, const post&) = default;
};
/// Exactly one of `before` and `after`.
struct history {
  std::string room;
  std::optional<seq_t> before;
  std::optional<seq_t> after;
  std::size_t limit = 50;
  friend bool operator==(const history&, const history&) = default;
};
struct typing {
  std::string room;
  friend bool operator==(const typing&, const typing&) = default;
};
struct who {
  std::string room;
  friend bool operator==(const who&, const who&) = default;
};
struct rooms {
  std::string prefix;
  std::size_t limit = 100;
  friend bool operator==(const rooms&, const rooms&) = default;
};
struct ping {
  friend bool operator==(const ping&, const ping&) = default;
};

using request_body = std::variant<hello, join, leave, post, history, typing, who, rooms, ping>;

struct request {
  std::string ref; ///< Empty: none given. Echoed in the answer.
  request_body body;
  friend bool operator==(const request&, const request&) = default;
};

// -- server to client -----------------------------------------------------------------------------

enum class join_mode : std::uint8_t { fresh, resumed, paged, reset };

struct welcome {
  author user;
  std::string token;
  std::string server;
  limits bounds; ///< Only the fields of section 6's Limits travel.
  std::int64_t heartbeat_s = 25;
};
struct joined {
  std::string room;
  std::string epoch;
  seq_t first = 1;
  seq_t head = 0;
  join_mode mode = join_mode::fresh;
  std::vector<entry> entries; ///< Decoding only: the server writes encoded entries, see page_frame.
  bool more = false;
  std::uint32_t members = 0;
};
struct message {
  std::string room;
  entry what;
};
struct posted {
  std::string room;
  std::string id;
  seq_t seq = 0;
  std::int64_t at_ms = 0;
  bool duplicate = false;
};
struct history_page {
  std::string room;
  std::vector<entry> entries; ///< Decoding only.
  bool more = false;
  bool resume = false; ///< Sent by the server on its own, after `joined` with mode `paged`.
};
struct presence {
  std::string room;
  std::vector<std::string> joined;
  std::vector<std::string> left;
  std::uint32_t members = 0;
};
struct typing_notice {
  std::string room;
  std::string from;
};
struct who_list {
  std::string room;
  std::vector<std::string> names;
  std::uint32_t members = 0;
};
struct room_list {
  std::vector<room_info> rooms;
};
struct left {
  std::string room;
};
struct pong {};
struct error {
  errc code = errc::internal;
  std::string text;                           ///< Empty: describe(code).sentence.
  std::optional<std::int64_t> retry_after_ms; ///< Where repeating helps.
  std::string id;                             ///< Of the failed post; empty: none.
  std::string room;                           ///< Empty: none.
};
struct bye {
  std::string reason;
  std::int64_t reconnect_after_ms = 0;
};

using answer_body = std::variant<welcome, joined, message, posted, history_page, presence,
                                 typing_notice, who_list, room_list, left, pong, error, bye>;

struct answer {
  std::string ref; ///< Of the request that it answers; empty: none.
  answer_body body;
};

} // namespace callboard::wire
