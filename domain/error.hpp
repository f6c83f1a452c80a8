// The one list of things that can go wrong and that somebody outside may see. A client decides from
// the name alone whether to repeat, to correct, or to give up; names are never changed or reused.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace callboard {

/// What a failed request is answered with. Append only; `docs/protocol.md` holds the same list.
enum class errc : std::uint8_t {
  bad_frame = 1,   ///< Not JSON, not an object, unknown type, a field missing or of the wrong kind.
  not_welcome_yet, ///< A request before `hello`.
  bad_name,        ///< An author's name that breaks the rules for names.
  name_taken,      ///< Another author is online under this name, or was lately.
  bad_token,       ///< A token that this server's store did not sign, or that has expired.
  bad_room,        ///< A room's name that breaks the rules for names.
  not_joined,      ///< A request about a room that this connection has not joined.
  too_long,        ///< Text above `text_bytes`.
  empty,           ///< Text of nothing but white space.
  bad_text,        ///< Text with a NUL, which no database column can hold.
  rate_limited,    ///< Too many requests; wait `retry_after_ms`.
  busy,            ///< A queue is full; repeat with the same id after `retry_after_ms`.
  unavailable,     ///< The store does not answer; repeat with the same id after `retry_after_ms`.
  id_conflict,     ///< This author used this message id before, with another text.
  too_many_rooms,  ///< This connection has joined `rooms` rooms already.
  internal,        ///< The store refuses this very message; repeating does not help.
};

inline constexpr std::size_t errc_count = 16;

struct error_info {
  std::string_view name;
  bool retryable; ///< May the client send the same request again, unchanged?
  std::string_view sentence;
};

/// Name, retryability and a sentence for people. Total: an unknown value reads as `internal`.
[[nodiscard]] constexpr error_info describe(errc code) {
  constexpr std::array<error_info, errc_count> table{{
    {"bad_frame", false, "This frame is not a request of callboard.v1."},
    {"not_welcome_yet", false, "Say hello first."},
    {"bad_name", false,
     "This name cannot be used: it is empty or too long, starts with ~ or has characters that "
     "cannot be seen."},
    {"name_taken", false, "Somebody else uses this name; choose another."},
    {"bad_token", false, "This token is not valid here; say hello with a name."},
    {"bad_room", false,
     "This room's name cannot be used: it is empty or too long, or has characters that cannot be "
     "seen."},
    {"not_joined", false, "Join the room first."},
    {"too_long", false, "The text is too long."},
    {"empty", false, "The text is empty."},
    {"bad_text", false, "The text holds a NUL character, which cannot be stored."},
    {"rate_limited", true, "Too many requests; try again a little later."},
    {"busy", true, "The room is busy; repeat with the same id a little later."},
    {"unavailable", true, "The store does not answer; nothing is lost, repeat with the same id."},
    {"id_conflict", false, "This message id was used before with another text."},
    {"too_many_rooms", false, "This connection has joined as many rooms as it may."},
    {"internal", false, "The store refuses this message; repeating it does not help."},
  }};
  const auto index = static_cast<std::size_t>(code) - 1;
  return index < table.size() ? table.at(index) : table.back();
}

/// CAF prints errors in traces through this overload.
inline std::string to_string(errc code) {
  return std::string{describe(code).name};
}

} // namespace callboard
