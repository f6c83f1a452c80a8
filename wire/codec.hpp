// Text to frames and back. Nothing that a client sends can make this throw, overflow or allocate
// more than a small multiple of the text.
#pragma once

#include "wire/frame.hpp"
#include "wire/run.hpp"

#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace callboard::wire {

/// Why a text is no request, as the `error` frame says it; `ref`, `id` and `room` are echoed where
/// they could be read.
struct bad_request {
  std::string ref;
  error why;
};

/// A client's frame. Checks shape and kinds only (`bad_frame`); what names and texts may hold is
/// domain/validate.hpp's matter. Never throws.
[[nodiscard]] std::variant<request, bad_request> parse_request(std::string_view text);

/// A server's frame, for the client. Unknown types and malformed frames give nothing
/// (std::monostate); unknown fields are ignored. Never throws.
[[nodiscard]] std::variant<answer, std::monostate> parse_answer(std::string_view text);

/// The JSON of a client's frame.
[[nodiscard]] std::string encode(const request& what);

/// The JSON of a server's frame. `joined` and `history_page` are written by encode_joined and
/// encode_history instead, from encoded entries; given here, their `entries` are encoded one by
/// one.
[[nodiscard]] std::string encode(const answer& what);

/// `joined`/`history` around entries that are encoded already: `entries` are JSON objects.
[[nodiscard]] std::string encode_joined(const std::string& ref, const joined& head,
                                        std::span<const std::string_view> entries);
[[nodiscard]] std::string encode_history(const std::string& ref, const history_page& head,
                                         std::span<const std::string_view> entries);

/// The JSON object of one entry: the `message` frame, and the element of `entries`.
void append_message(std::string& out, std::string_view room, const entry& what);

/// RFC 3339, UTC, milliseconds: "2026-11-23T17:02:26.123Z". Total.
[[nodiscard]] std::string timestamp(std::int64_t at_ms);

/// The reverse, or nothing.
[[nodiscard]] std::optional<std::int64_t> parse_timestamp(std::string_view text);

// -- the go-chat protocol -------------------------------------------------------------------------

struct go_line {
  std::string username;
  std::string message;
  friend bool operator==(const go_line&, const go_line&) = default;
};

/// A go-chat client's frame: an object with both fields as strings (a missing one is empty, as Go's
/// decoder has it). Anything else gives nothing.
[[nodiscard]] std::optional<go_line> parse_go_line(std::string_view text);

/// {"username":…,"message":…}
[[nodiscard]] std::string encode_go_line(const go_line& line);

/// A page of history, as an array of such objects.
[[nodiscard]] std::string encode_go_page(std::span<const go_line> lines);

} // namespace callboard::wire
