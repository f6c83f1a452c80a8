// How a mention reaches a person who looks elsewhere: bytes for the terminal, which makes of them
// what it can. Nothing from the network is in them but visible text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callboard::client {

enum class notification : std::uint8_t {
  off,
  bell,   ///< BEL: every terminal.
  osc9,   ///< iTerm2, WezTerm, ConEmu and others.
  osc99,  ///< kitty
  osc777, ///< urxvt, foot, Ghostty and others.
};

/// "bell", "osc9", …; nothing for other words.
[[nodiscard]] std::optional<notification> read_notification(std::string_view word);
[[nodiscard]] std::string_view word_of(notification how);

/// The bytes to send; empty for `off`.
[[nodiscard]] std::string notification_bytes(notification how, std::string_view title,
                                             std::string_view text);

} // namespace callboard::client
