// What a database's text columns can hold: see the header.
#include "storage/fit.hpp"

#include "domain/validate.hpp"

#include <cstring>

namespace callboard {

namespace {

/// Bytes at the front that are ASCII without NUL, in whole words: nearly all of most texts, and
/// every text of a draft passes here.
std::size_t plain_prefix(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t highs = 0x8080808080808080U;
  std::size_t plain = 0;
  for (std::uint64_t word = 0; text.size() - plain >= sizeof(word); plain += sizeof(word)) {
    std::memcpy(&word, text.data() + plain, sizeof(word));
    // A high bit stands in a byte that is not ASCII, or appears where a byte below 1 borrows.
    if (((word | (word - ones)) & highs) != 0)
      break;
  }
  return plain;
}

} // namespace

bool is_storable(std::string_view text) {
  const auto rest = text.substr(plain_prefix(text));
  return rest.find('\0') == std::string_view::npos && is_utf8(rest);
}

bool is_storable(const draft& what) {
  return is_storable(what.room) && is_storable(what.from.id) && is_storable(what.from.name)
         && is_storable(what.client_id) && is_storable(what.text);
}

} // namespace callboard
