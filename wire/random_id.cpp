// 128 bits never come twice, so nobody needs to ask anybody whether a name is free.
#include "wire/token.hpp"

#include <array>
#include <sodium.h>
#include <stdexcept>

namespace callboard {

std::string random_id() {
  if (sodium_init() < 0) // It does nothing where it has been called before, by any thread.
    throw std::runtime_error{"libsodium cannot start: no source of random numbers"};
  std::array<unsigned char, 16> random{};
  randombytes_buf(random.data(), random.size());
  std::array<char, random.size() * 2 + 1> text{};
  sodium_bin2hex(text.data(), text.size(), random.data(), random.size());
  return text.data();
}

} // namespace callboard
