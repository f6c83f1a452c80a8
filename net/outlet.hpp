// The way from actor threads to one I/O thread: a fan-out to a thousand sessions wakes that thread
// once, because only the push into an empty queue does.
#pragma once

#include "actors/connection.hpp"
#include "net/socket.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

namespace callboard {

class websocket_connection;

struct send_order {
  slice frames;
  std::uint32_t credit = 0;
};

struct grant_order {
  std::uint32_t credit = 0;
};

struct low_order {
  std::size_t low = 0;
};

struct close_order {
  close_code code = close_code::normal;
  std::string reason;
};

/// What a session asks of its connection, as calls that wait for the I/O thread.
using order = std::variant<send_order, grant_order, low_order, close_order>;

/// Thread-safe. Its length is bounded by its users: a session counts what it sent (`waiting()`,
/// limits::outbox_high_bytes) and has no more grants than requests.
class outlet : public std::enable_shared_from_this<outlet> {
public:
  explicit outlet(asio::io_context& io) : io_{&io} {}

  /// From any thread. Orders to one connection keep their order.
  void push(std::shared_ptr<websocket_connection> to, order what);

  /// From the I/O thread: until its next deliver(), nothing needs to be woken for.
  void hold();

  /// From the I/O thread: carries out what waits.
  void deliver();

  /// From the I/O thread, before its io_context goes: later orders are dropped.
  void shut();

private:
  struct addressed {
    std::shared_ptr<websocket_connection> to;
    order what;
  };

  std::mutex guard_;
  asio::io_context* io_; ///< Null when shut.
  std::vector<addressed> queue_;
  bool held_ = false;
  std::vector<addressed> spare_; ///< The I/O thread's; its memory is used again.
};

} // namespace callboard
