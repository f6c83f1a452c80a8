// The writer is the thread that blocks in the store: one message in, one store call, one answer.
#pragma once

#include "actors/messages.hpp"

namespace callboard {

/// `detached` gives it a thread of its own, as a store that blocks needs; the simulation does
/// without. Only the writer calls `store`, except for interrupt(). Ends when it is told to.
[[nodiscard]] writer_actor start_writer(caf::actor_system& system, store_ptr store, bool detached);

} // namespace callboard
