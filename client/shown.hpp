// What messages to a screen carry: plain values, of which two are the same when they look the same.
#pragma once

#include "domain/entry.hpp"
#include "wire/frame.hpp"

#include <cstdint>
#include <variant>

namespace callboard::client {

/// One entry as it goes to the screen.
struct shown_entry {
  entry what;
  bool own = false;      ///< Said through this very program.
  std::uint64_t tag = 0; ///< Of own ones: what `say` gave it.
  friend bool operator==(const shown_entry&, const shown_entry&) = default;
};

/// What a room tells beside its entries.
using signal = std::variant<wire::presence, wire::typing_notice, wire::who_list>;

/// Tags from here on are given by timelines, to what an earlier process of this author wrote.
inline constexpr std::uint64_t restored_tag = std::uint64_t{1} << 63U;

} // namespace callboard::client
