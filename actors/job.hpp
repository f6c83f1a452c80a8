// One call of the store, as data: what persistence orders, what the writer does, and its outcome.
#pragma once

#include "domain/entry.hpp"
#include "storage/store.hpp"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace callboard {

struct store_ping {
  friend bool operator==(const store_ping&, const store_ping&) = default;
};
struct store_open {
  std::string room;
  friend bool operator==(const store_open&, const store_open&) = default;
};

using batch_ptr = std::shared_ptr<const std::vector<draft_ptr>>;
using job = std::variant<batch_ptr, store_open, std::shared_ptr<const name_claim>, store_ping>;
using job_result = std::variant<std::vector<receipt>, room_head, bool, done, store_failure>;

} // namespace callboard
