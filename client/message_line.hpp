// An entry as a line: for people, in local time and made visible; for programs, as the `message`
// frame that it came in.
#pragma once

#include "domain/entry.hpp"

#include <string>
#include <string_view>

namespace callboard::client {

/// "[17:02] alice: hello\n"; with a `room`, "[17:02] #room alice: hello\n"; of
/// "/me waves", "[17:02] * alice waves\n". Further lines of the
/// text are indented. Empty for entries of a kind that this client does not know.
[[nodiscard]] std::string message_line(const entry& what, std::string_view room = {},
                                       bool colours = false);

/// The `message` frame's JSON object and a line end; empty as above.
[[nodiscard]] std::string message_json(std::string_view room, const entry& what);

} // namespace callboard::client
