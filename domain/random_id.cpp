// Names that nobody else has: see the header.
#include "domain/random_id.hpp"

#include <cstddef>
#include <random>
#include <string_view>

namespace callboard {

std::string random_id() {
  // By name, so that it is the kernel's generator and none that a library chooses.
  std::random_device kernel{"/dev/urandom"};
  static_assert(sizeof(std::random_device::result_type) == 4);
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t words = 4;
  constexpr std::size_t digits_of_word = 8;
  std::string id;
  id.reserve(words * digits_of_word);
  for (std::size_t word = 0; word < words; ++word) {
    auto bits = kernel();
    for (std::size_t i = 0; i < digits_of_word; ++i, bits >>= 4U)
      id += digits[bits & 15U];
  }
  return id;
}

} // namespace callboard
