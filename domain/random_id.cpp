// Names that nobody else has: see the header.
#include "domain/random_id.hpp"

#include <array>
#include <cerrno>
#include <string_view>
#include <sys/random.h>
#include <system_error>

namespace callboard {

std::string random_id() {
  std::array<unsigned char, 16> bytes{};
  // Up to 256 bytes come whole or not at all (getrandom(2)); EINTR is only possible while booting.
  while (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    if (errno != EINTR)
      throw std::system_error{errno, std::generic_category(), "getrandom"};
  constexpr std::string_view digits = "0123456789abcdef";
  std::string id;
  id.reserve(2 * bytes.size());
  for (const auto byte : bytes) {
    id += digits[byte >> 4U];
    id += digits[byte & 15U];
  }
  return id;
}

} // namespace callboard
