// Whoever waits for the descriptor hears of every event, once and in order.
#define CAF_SUITE client_event_queue

#include "client/event_queue.hpp"

#include <caf/test/unit_test.hpp>

#include <poll.h>
#include <string>
#include <thread>
#include <utility>
#include <variant>

using namespace callboard;
using namespace callboard::client;

namespace event_queue_suite {

namespace {

bool is_readable(const event_queue& queue) {
  pollfd one{queue.descriptor(), POLLIN, 0};
  return ::poll(&one, 1, 0) == 1;
}

screen_event ready(std::string room) {
  log_ready what;
  what.room = std::move(room);
  return what;
}

const std::string& room_of(const screen_event& event) {
  return std::get<log_ready>(event).room;
}

} // namespace

CAF_TEST(the descriptor is readable while something waits) {
  event_queue queue;
  CAF_CHECK(!is_readable(queue));
  CAF_CHECK(queue.take().empty());
  queue.show(ready("a"));
  queue.show(ready("b"));
  CAF_CHECK(is_readable(queue));
  const auto taken = queue.take();
  CAF_REQUIRE_EQUAL(taken.size(), 2U);
  CAF_CHECK_EQUAL(room_of(taken.front()), "a");
  CAF_CHECK_EQUAL(room_of(taken.back()), "b");
  CAF_CHECK(!is_readable(queue));
  queue.show(ready("c"));
  CAF_CHECK(is_readable(queue));
  CAF_CHECK_EQUAL(queue.take().size(), 1U);
}

CAF_TEST(an event shown beside a take is never lost) {
  constexpr std::size_t events = 2000;
  event_queue queue;
  std::jthread other{[&queue] {
    for (std::size_t i = 0; i < events; ++i)
      queue.show(ready(std::to_string(i)));
  }};
  std::size_t seen = 0;
  while (seen < events) {
    pollfd one{queue.descriptor(), POLLIN, 0};
    CAF_REQUIRE_EQUAL(::poll(&one, 1, 20000), 1); // As the terminal's loop waits.
    for (const auto& event : queue.take())
      CAF_CHECK_EQUAL(room_of(event), std::to_string(seen++));
  }
}

} // namespace event_queue_suite
