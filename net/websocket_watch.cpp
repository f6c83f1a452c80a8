// What the coarse clock decides about a connection: silence, standstill, and closing that does not
// end.
#include "net/websocket_connection.hpp"

#include <algorithm>
#include <sys/socket.h>

namespace callboard {

namespace {

/// An empty ping, unmasked (RFC 6455 section 5.5.2). It takes its turn in the outbox as any frame.
slice ping_frame() {
  static const auto frame = make_slice(std::string{'\x89', '\0'});
  return frame;
}

/// True if the peer has reset the connection. Nobody else would notice while nothing is read.
bool was_reset(tcp_socket& socket) {
  int error = 0;
  socklen_t size = sizeof(error);
  return ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size) == 0
         && error != 0;
}

} // namespace

void websocket_connection::tick(io_clock::time_point now) {
  if (ended_)
    return;
  controls_ = 0;
  box_->rest();
  // Pings and pongs of a client that seldom says anything must not add up over the hours.
  unproductive_ -= std::min(unproductive_, site_.settings.bounds.frame_bytes / 16);
  if (closing_ || box_->sealed() || !port_)
    watch_end(now);
  else if (!reading_ && was_reset(box_->socket()))
    end();
  else
    watch_progress(now);
  if (!ended_ && !closing_ && port_ && speaks_ == dialect::v1)
    watch_silence(now);
}

void websocket_connection::watch_end(io_clock::time_point now) {
  const auto& sockets = site_.settings.sockets;
  if (!ending_from_) {
    ending_from_ = now;
    moved_at_ = now;
  }
  if (moved_ != box_->sent()) {
    moved_ = box_->sent();
    moved_at_ = now;
  }
  // A peer that takes a byte now and then would else keep its socket for ever.
  if (now - moved_at_ >= sockets.close_within
      || now - *ending_from_ >= sockets.close_within * sockets.close_patience)
    end();
}

void websocket_connection::watch_progress(io_clock::time_point now) {
  const auto& bounds = site_.settings.bounds;
  const auto waits = box_->waiting() > 0;
  if (!waits || moved_ != box_->sent()) {
    if (waits) {
      // A slow reader lives as long as it takes bytes: our ping is somewhere behind them.
      heard_at_ = now;
      pinged_ = false;
    }
    moved_ = box_->sent();
    moved_at_ = now;
    return;
  }
  const auto bound = speaks_ == dialect::v1 ? 2 * bounds.heartbeat : bounds.go_write_stall;
  if (now - moved_at_ >= bound)
    end();
}

void websocket_connection::watch_silence(io_clock::time_point now) {
  if (!reading_ || heard_ != box_->received()) {
    heard_ = box_->received(); // While we do not read, the silence is ours.
    heard_at_ = now;
    pinged_ = false;
    return;
  }
  const auto heartbeat = site_.settings.bounds.heartbeat;
  if (now - heard_at_ >= 2 * heartbeat)
    begin_close(close_code::no_heartbeat, "nothing heard for two heartbeats");
  else if (now - heard_at_ >= heartbeat && !pinged_)
    ping();
}

void websocket_connection::ping() {
  pinged_ = true;
  auto frame = ping_frame();
  const auto bytes = frame.bytes.size();
  waiting_.fetch_add(bytes); // on_sent() will subtract it.
  if (!box_->enqueue(std::move(frame), 0))
    waiting_.fetch_sub(bytes);
  box_->flush();
}

} // namespace callboard
