// What a reader sends is dropped, and only read so that its leaving is noticed at once: a stream
// that nobody reads must not keep the server measuring.
#include "net/event_stream.hpp"

#include "net/stats_feed.hpp"

#include <boost/asio/write.hpp>

#include <utility>

namespace callboard {

namespace {

std::int64_t wall_clock_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
           std::chrono::system_clock::now().time_since_epoch())
    .count();
}

} // namespace

event_stream::event_stream(tcp_socket socket, io_thread& home, site& where, std::string head)
  : socket_{std::move(socket)}, home_{home}, site_{where}, head_{std::move(head)} {}

event_stream::~event_stream() = default;

void event_stream::start() {
  if (ended_)
    return;
  listen();
  const auto now = io_clock::now();
  sent_ = site_.feed->look(now, wall_clock_ms(), site_.connections.load());
  write(std::make_shared<const std::string>(std::exchange(head_, {})
                                            + site_.feed->history(wall_clock_ms())));
}

void event_stream::tick(io_clock::time_point now) {
  if (ended_)
    return;
  if (writing_) {
    if (now - writing_since_ >= site_.settings.sockets.close_within)
      end();
    return;
  }
  const auto number = site_.feed->look(now, wall_clock_ms(), site_.connections.load());
  if (std::exchange(sent_, number) != number)
    write(site_.feed->latest());
}

void event_stream::write(std::shared_ptr<const std::string> event) {
  if (!event)
    return;
  writing_ = std::move(event);
  writing_since_ = io_clock::now();
  asio::async_write(socket_, asio::buffer(*writing_),
                    [self = shared_from_this()](error_code ec, std::size_t /*bytes*/) {
                      self->writing_.reset();
                      if (ec)
                        self->end();
                    });
}

void event_stream::listen() {
  socket_.async_read_some(
    asio::buffer(input_), [self = shared_from_this()](error_code ec, std::size_t bytes) {
      self->swallowed_ += bytes;
      if (ec || self->swallowed_ > self->site_.settings.sockets.unwanted_bytes)
        self->end();
      else if (!self->ended_)
        self->listen();
    });
}

void event_stream::drain() {
  end(); // Its reader comes back by itself.
}

void event_stream::abort() {
  end();
}

void event_stream::end() {
  if (std::exchange(ended_, true))
    return;
  error_code ignored; // The descriptor is gone either way.
  socket_.close(ignored);
  site_.feed->leave();
  home_.remove(*this);
}

} // namespace callboard
