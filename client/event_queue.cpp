// The descriptor is written only when the queue was empty: a burst costs one system call.
#include "client/event_queue.hpp"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace callboard::client {

event_queue::event_queue() : descriptor_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (descriptor_ < 0)
    throw std::system_error{errno, std::generic_category(), "eventfd"};
}

event_queue::~event_queue() {
  ::close(descriptor_);
}

void event_queue::show(screen_event event) {
  const std::lock_guard guard{lock_};
  events_.push_back(std::move(event));
  if (events_.size() == 1) {
    // Cannot fail: the counter was 0, so adding 1 never blocks.
    const std::uint64_t one = 1;
    static_cast<void>(!::write(descriptor_, &one, sizeof one));
  }
}

std::vector<screen_event> event_queue::take() {
  const std::lock_guard guard{lock_};
  std::uint64_t count = 0;
  static_cast<void>(!::read(descriptor_, &count, sizeof count));
  return std::exchange(events_, {});
}

} // namespace callboard::client
