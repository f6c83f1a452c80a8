// The longest names that any server can be set to take: a client that does not know its server's
// bounds yet refuses only what none takes.
#pragma once

#include "domain/limits.hpp"

#include <cstddef>

namespace callboard {

/// Code points, of an author's and of a room's name: a token's 2,048 characters hold any (four
/// bytes a code point).
inline constexpr std::size_t name_chars_most = 250;

[[nodiscard]] inline limits widest_names() {
  limits bounds;
  bounds.name_chars = bounds.room_chars = name_chars_most;
  return bounds;
}

} // namespace callboard
