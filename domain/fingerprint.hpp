// A short name for bytes: equal bytes have equal names, different ones different names but for
// accidents (one in 2^64). No proof against somebody who looks for collisions.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace callboard {

/// FNV-1a of 64 bits; 16 hexadecimal digits.
[[nodiscard]] inline std::string fingerprint(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const auto byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 0x100000001b3U;
  }
  std::array<char, 16> digits{};
  digits.fill('0');
  std::array<char, 16> some{};
  const auto* const end = std::to_chars(some.data(), some.data() + some.size(), hash, 16).ptr;
  const auto count = static_cast<std::size_t>(end - some.data());
  for (std::size_t i = 0; i < count; ++i)
    digits[digits.size() - count + i] = some[i];
  return {digits.data(), digits.size()};
}

} // namespace callboard
