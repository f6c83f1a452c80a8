// A link is the way to one server: it connects for ever, says who we are, and keeps each post until
// it has its receipt, so that nothing is lost and nothing is stored twice.
#pragma once

#include "client/messages.hpp"
#include "client/post_journal.hpp"

#include <chrono>
#include <cstdint>
#include <functional>

namespace callboard::client {

/// The times of a link. Tests set others; nobody else does.
struct link_timing {
  /// With 2 s, 500 clients that lose one server put no tenth of their attempts into any 100 ms.
  std::chrono::milliseconds backoff_least{2000};
  std::chrono::milliseconds backoff_most{30000};
  std::chrono::milliseconds steady_after{
    5000};                                   ///< Welcome for so long: the next loss is a new one.
  std::chrono::milliseconds keys_for{60000}; ///< Somebody is at the keys so long after a key.
  std::chrono::milliseconds beat{5000};      ///< Then: a ping so often; its answer is waited for
                                             ///< as long, so a dead line shows within two.
  std::chrono::milliseconds typing_every{3000};    ///< One `typing` of a room; more is dropped.
  std::chrono::milliseconds welcome_within{10000}; ///< From `hello` to `welcome`.
  std::chrono::milliseconds open_within{20000};    ///< Longer than any transport's own bound.
  std::chrono::milliseconds appointment_most{
    300000}; ///< The longest `reconnect_after_ms` believed.
};

/// What a client holds back for its server, at most.
struct link_bounds {
  std::size_t posts_under_way = 32;   ///< And never above the server's `requests_under_way`.
  std::size_t posts_kept = 1000;      ///< Without a receipt, all rooms. More: `busy`, for good.
  std::size_t bytes_kept = 8U << 20U; ///< Of their texts.
  std::uint32_t frames_ahead = 16;    ///< Read from the socket and not handled yet.
};

struct link_setup {
  transport_ptr way;
  endpoint where;
  terminal_actor terminal;
  std::function<std::uint64_t()> random; ///< 64 random bits; called by the link only.
  link_timing timing;
  link_bounds bounds;
  journal_opener open_journal; ///< Null: nothing is kept on disk.
};

/// Starts a link. It does nothing until it is told who to be (`introduce`), and ends on `hang_up`.
/// The events of `setup.way` must come to it as messages: see `events_for`.
[[nodiscard]] link_actor start_link(caf::actor_system& system, link_setup setup);

/// The listener that brings a transport's events to `link`. Holds the link.
[[nodiscard]] transport_listener events_for(const link_actor& link);

} // namespace callboard::client
