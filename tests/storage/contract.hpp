// What the two files of the contract test share. Included behind CAF_SUITE.
#pragma once

#include "places.hpp"

#include <caf/test/unit_test.hpp>

namespace callboard::places {

using where = read_query::direction;

/// Runs a test on each kind, and says which kind a failed check belongs to.
inline void on_all(const std::function<void(place&)>& test) {
  on_each_kind([&](place& here) {
    CAF_MESSAGE("on " << here.name());
    test(here);
  });
}

inline std::vector<receipt> append(store& to, const std::vector<draft_ptr>& batch) {
  return must(to.append(batch));
}

inline std::vector<seq_t> numbers(const std::vector<entry>& entries) {
  std::vector<seq_t> all;
  all.reserve(entries.size());
  for (const auto& line : entries)
    all.push_back(line.seq);
  return all;
}

inline std::vector<std::string> names(const std::vector<room_info>& rooms) {
  std::vector<std::string> all;
  all.reserve(rooms.size());
  for (const auto& room : rooms)
    all.push_back(room.name);
  return all;
}

} // namespace callboard::places
