// A scheduler whose one worker is a guest of the event loop that reads and writes the sockets: from
// a frame to the store's writer, and from there to the sockets, no thread waits for another.
#pragma once

#include "runtime/caf.hpp"
#include "runtime/loop_guest.hpp"

#include <cstddef>
#include <memory>

namespace callboard {

/// Makes the result the scheduler of the one actor system that will be built with `config`, which
/// it must outlive: it runs all actors that are not detached, one after another, first come, first
/// served. At most `turn` of them run in one call of run(); how often its host calls before it
/// looks at its sockets is the host's affair.
///
/// Before attach() and after detach() a thread of its own is the host, so that actors start before
/// the sockets and end after them. The system ends detached.
///
/// Null with CAF 1.x, whose schedulers cannot be replaced from outside.
[[nodiscard]] std::unique_ptr<loop_guest> schedule_on_loop(caf::actor_system_config& config,
                                                           std::size_t turn);

} // namespace callboard
