// One line per event on stderr, written at once and whole. An error is logged where it is decided,
// once.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace callboard {

enum class log_level : std::uint8_t { debug, info, warn, error, off };

/// Thread-safe. Lines below the level cost one comparison.
void set_log_level(log_level level);

/// Replaces stderr, for tests; null restores it. The sink gets lines without time and level, one at
/// a time, from any thread, and must not log itself.
void set_log_sink(std::function<void(log_level, std::string_view line)> sink);

/// Writes "2026-11-23T17:02:26.123Z info  <line>". Control characters in `line` are shown, not
/// sent.
void log(log_level level, std::string_view line);

} // namespace callboard
