// The cache answers pages from memory, else from the store, with one read for all who ask the same.
// Every question is answered: with a page, or with a refusal within `store_patience`.
#pragma once

#include "actors/messages.hpp"
#include "actors/status.hpp"
#include "domain/limits.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace callboard {

struct cache_needs {
  limits bounds;
  std::vector<std::function<history_actor(caf::actor_system&)>> readers; ///< At least one.
  std::vector<store_ptr> reader_stores; ///< What each reader calls: only interrupt() is called
                                        ///< here. Not shared with earlier readers, whose threads
                                        ///< may still be inside.
  std::shared_ptr<server_status> status;
};

/// Starts an empty cache and its readers. Ends when a reader ends, and takes the readers with it.
[[nodiscard]] cache_actor start_cache(caf::actor_system& system, cache_needs needs);

} // namespace callboard
