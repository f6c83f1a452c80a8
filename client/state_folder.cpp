// The hash is FNV-1a with 64 bits, its lowest digit first.
#include "client/state_folder.hpp"

#include <cstdint>

namespace callboard::client {

std::string state_folder(const environment& variables) {
  const auto value = [&variables](std::string_view name) {
    const auto it = variables.find(name);
    return it == variables.end() ? std::string{} : it->second;
  };
  // The XDG rules: a path that is not absolute is ignored.
  if (const auto state = value("XDG_STATE_HOME"); state.starts_with('/'))
    return state + "/callboard";
  if (const auto home = value("HOME"); home.starts_with('/'))
    return home + "/.local/state/callboard";
  return {};
}

std::string name_hash(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  std::string name;
  for (int digit = 0; digit < 16; ++digit, hash >>= 4U)
    name += digits[hash & 0xFU];
  return name;
}

} // namespace callboard::client
