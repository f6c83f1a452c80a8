// History is a thread that blocks in reads, on a connection of its own, so that paging never delays
// a commit. Every question is answered, also when the store fails.
#pragma once

#include "actors/messages.hpp"
#include "domain/limits.hpp"

namespace callboard {

/// `detached` gives it a thread of its own, as a store that blocks needs; the simulation does
/// without. Only this actor calls `store`, except for interrupt(). A fetch_page with limit 0 reads
/// nothing: its answer says that all before it is done. Ends when it is told to.
[[nodiscard]] history_actor start_history(caf::actor_system& system, store_ptr store,
                                          const limits& bounds, bool detached);

} // namespace callboard
