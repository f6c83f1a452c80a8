// Persistence gathers what rooms want stored into transactions and answers each of them in turn:
// nothing is answered `appended` that has not committed.
#pragma once

#include "actors/messages.hpp"
#include "actors/status.hpp"
#include "domain/limits.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace callboard {

struct persistence_needs {
  limits bounds;
  store_ptr writer_store; ///< What the writer calls: only interrupt() is called here. Not shared
                          ///< with an earlier writer, whose thread may still be inside.
  std::function<writer_actor(caf::actor_system&)> start_writer;
  std::shared_ptr<server_status> status;
  std::function<std::uint32_t(std::uint32_t below)> random; ///< Spreads repetitions.
};

/// Starts persistence and its writer. Ends when the writer ends, and takes the writer with it.
[[nodiscard]] persistence_actor start_persistence(caf::actor_system& system,
                                                  persistence_needs needs);

} // namespace callboard
