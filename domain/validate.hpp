// What may enter the log: checked once, at the edge, before anything is stored or shown.
#pragma once

#include "domain/error.hpp"
#include "domain/limits.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace callboard {

/// True for well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view bytes);

/// Number of code points; `bytes` must be well-formed.
[[nodiscard]] std::size_t code_points(std::string_view bytes);

/// The reason why `text` cannot be a message, or nothing: `bad_text` (not UTF-8, NUL), `empty`
/// (only white space, Unicode's included), `too_long`.
[[nodiscard]] std::optional<errc> check_text(std::string_view text, const limits& bounds);

/// `bad_name`, or nothing. No control, bidi or invisible characters (Cc, Cf, Zl, Zp, variation
/// selectors, tags), no white space at the ends, 1 to `name_chars` code points, not starting with
/// `~`.
[[nodiscard]] std::optional<errc> check_author_name(std::string_view name, const limits& bounds);

/// `bad_room`, or nothing; the same alphabet as names, `room_chars` code points, `~` allowed.
[[nodiscard]] std::optional<errc> check_room_name(std::string_view name, const limits& bounds);

/// `bad_room`, or nothing: what the name of some room may begin with; may be empty.
[[nodiscard]] std::optional<errc> check_room_prefix(std::string_view prefix, const limits& bounds);

/// `bad_frame`, or nothing: 1 to 64 characters of `A-Za-z0-9_-`.
[[nodiscard]] std::optional<errc> check_client_id(std::string_view id);

/// The form under which names are compared: ASCII letters lowered, every other byte as it is.
[[nodiscard]] std::string name_key(std::string_view name);

/// A go-chat user's name made fit to show, with the `~` in front that no other name can have: bad
/// characters dropped, cut to `name_chars`; "~anonymous" when nothing is left.
[[nodiscard]] std::string guest_name(std::string_view name, const limits& bounds);

} // namespace callboard
