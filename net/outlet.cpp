// Everything that waits is put into the outboxes first and written afterwards: so each socket gets
// one gathered write, whatever the order in which the rooms spoke.
#include "net/outlet.hpp"

#include "net/websocket_connection.hpp"
#include "runtime/prefetch.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace callboard {

namespace {

/// A burst's memory is not kept for ever.
constexpr std::size_t kept_orders = 4096;

constexpr std::size_t part_orders = 256;

} // namespace

void outlet::push(std::shared_ptr<websocket_connection> to, order what) {
  const std::lock_guard lock{guard_};
  if (!io_)
    return;
  queue_.push_back({std::move(to), std::move(what)});
  // Under the lock, since shut() must not come between: the io_context may be gone after it.
  if (queue_.size() == 1 && !held_)
    asio::post(*io_, [self = shared_from_this()] { self->deliver(); });
}

void outlet::hold() {
  const std::lock_guard lock{guard_};
  held_ = true;
}

void outlet::deliver() {
  auto batch = std::move(spare_);
  {
    const std::lock_guard lock{guard_};
    batch.swap(queue_);
    held_ = false;
  }
  // In parts, so that a connection is still in the processor's cache when its turn to write comes.
  for (std::size_t done = 0; done < batch.size();) {
    const auto part = std::span{batch}.subspan(done, std::min(part_orders, batch.size() - done));
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (i + 2 < part.size())
        prefetch(part[i + 2].to.get(), sizeof(websocket_connection));
      part[i].to->take(std::move(part[i].what));
    }
    for (auto& [to, what] : part)
      to->flush(); // Of two orders to one connection, the second flush finds nothing to do.
    done += part.size();
  }
  batch.clear();
  if (batch.capacity() <= kept_orders)
    spare_ = std::move(batch);
}

void outlet::shut() {
  std::vector<addressed> dropped; // Destroyed outside of the lock: connections may end with it.
  const std::lock_guard lock{guard_};
  io_ = nullptr;
  dropped.swap(queue_);
}

} // namespace callboard
