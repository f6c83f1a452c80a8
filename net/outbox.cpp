// The only file that writes a WebSocket's socket.
#include "net/outbox.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <span>
#include <utility>

namespace callboard {

namespace {

/// Asio hands at most 64 buffers to one system call. Measured: from 16 on, a delivery's share of
/// the call is below its other costs.
constexpr std::size_t gather_buffers = 64;

/// One turn of the event loop writes no more than this to one socket: a fast reader of a long log
/// must not hold up the others.
constexpr std::size_t turn_bytes = 512UL * 1024;

/// A queue that once was long gives its memory back when it is empty.
constexpr std::size_t kept_items = 16;

constexpr unsigned char close_frame = 0x88; // FIN and opcode 8, RFC 6455 section 5.2

} // namespace

outbox::outbox(tcp_socket socket) : socket_{std::move(socket)} {
  error_code ignored; // A socket that is closed already says so at the first write.
  socket_.non_blocking(true, ignored);
}

bool outbox::enqueue(slice frames, std::uint32_t credit) {
  if (sealed_ || !socket_.is_open())
    return false;
  waiting_ += frames.bytes.size();
  queue_.push_back({std::move(frames), credit, true, nullptr});
  return true;
}

void outbox::write(std::string bytes, std::unique_ptr<completion> done) {
  if (!socket_.is_open() || bytes.empty()) {
    const auto ec = bytes.empty() ? error_code{} : error_code{asio::error::operation_aborted};
    post(std::move(done), ec, 0);
    return;
  }
  // Beast writes a control frame in one piece, and only a close frame begins so: 'H' begins the
  // handshake, 0x89 and 0x8A are ping and pong.
  if (static_cast<unsigned char>(bytes.front()) == close_frame)
    sealed_ = true;
  waiting_ += bytes.size();
  queue_.push_back({make_slice(std::move(bytes)), 0, false, std::move(done)});
}

void outbox::flush() {
  if (flushing_ || blocked_)
    return;
  flushing_ = true;
  const auto self = shared_from_this(); // on_broken() may let go of us.
  std::size_t turn = 0;
  error_code ec;
  while (first_ < queue_.size() && turn < turn_bytes && !ec) {
    const auto bytes = write_once(ec);
    turn += bytes;
    take_off(bytes);
  }
  flushing_ = false;
  if (ec && ec != asio::error::would_block && ec != asio::error::try_again)
    fail();
  else if (first_ < queue_.size() && socket_.is_open())
    wait_for_room();
}

std::size_t outbox::write_once(error_code& ec) {
  std::array<asio::const_buffer, gather_buffers> buffers;
  std::size_t count = 0;
  auto skip = offset_;
  for (auto i = first_; i < queue_.size() && count < buffers.size(); ++i, ++count) {
    const auto bytes = queue_[i].bytes.bytes.substr(skip);
    buffers.at(count) = asio::const_buffer{bytes.data(), bytes.size()};
    skip = 0;
  }
  if (count == 1) // Nearly always. One buffer goes by send(2), which costs less than sendmsg(2).
    return socket_.write_some(buffers.front(), ec);
  return socket_.write_some(std::span{buffers}.first(count), ec);
}

void outbox::take_off(std::size_t bytes) {
  sent_ += bytes;
  waiting_ -= bytes;
  std::size_t shared = 0;
  std::uint32_t credit = 0;
  while (first_ < queue_.size()) {
    auto& head = queue_[first_];
    const auto part = std::min(bytes, head.bytes.bytes.size() - offset_);
    bytes -= part;
    offset_ += part;
    if (head.shared)
      shared += part;
    if (offset_ < head.bytes.bytes.size())
      break;
    credit += head.credit;
    if (head.done)
      post(std::move(head.done), {}, head.bytes.bytes.size());
    head = {}; // Others may still hold the bytes; we no longer do.
    offset_ = 0;
    ++first_;
  }
  forget_taken();
  if (events_ && (shared > 0 || credit > 0))
    events_->on_sent(shared, credit);
}

void outbox::forget_taken() {
  if (first_ == queue_.size()) {
    queue_.clear();
    first_ = 0;
    if (queue_.capacity() > kept_items)
      queue_.shrink_to_fit();
  } else if (first_ > kept_items && first_ > queue_.size() / 2) {
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void outbox::rest() {
  if (queue_.empty() && queue_.capacity() > 0)
    queue_.shrink_to_fit();
}

void outbox::wait_for_room() {
  blocked_ = true;
  socket_.async_wait(tcp_socket::wait_write, [self = shared_from_this()](error_code ec) {
    self->blocked_ = false;
    if (!ec)
      self->flush();
  });
}

void outbox::tear_down(std::unique_ptr<completion> done) {
  if (events_)
    events_->on_tear_down();
  error_code ec;
  socket_.shutdown(tcp_socket::shutdown_send, ec);
  if (ec)
    post(std::move(done), ec, 0);
  else
    swallow(std::move(done));
}

void outbox::swallow(std::unique_ptr<completion> done) {
  socket_.async_wait(tcp_socket::wait_read, [self = shared_from_this(),
                                             done = std::move(done)](error_code ec) mutable {
    std::array<char, 2048> nobody_reads; // NOLINT(*-member-init): written before it is dropped.
    if (!ec)
      self->note_received(self->socket_.read_some(asio::buffer(nobody_reads), ec));
    if (!ec || ec == asio::error::would_block || ec == asio::error::try_again) {
      self->swallow(std::move(done));
      return;
    }
    error_code ignored;
    self->socket_.close(ignored);
    done->done(ec == asio::error::eof ? error_code{} : ec, 0);
  });
}

void outbox::close() {
  if (!socket_.is_open() && queue_.empty())
    return;
  error_code ignored; // The descriptor is gone either way.
  socket_.close(ignored);
  auto left = std::exchange(queue_, {});
  first_ = offset_ = waiting_ = 0;
  for (auto& item : left) {
    if (item.done)
      post(std::move(item.done), asio::error::operation_aborted, 0);
  }
}

void outbox::note_received(std::size_t bytes) {
  received_ += bytes;
  if (events_ && bytes > 0)
    events_->on_received(bytes);
}

void outbox::post(std::unique_ptr<completion> done, error_code ec, std::size_t bytes) {
  if (!done)
    return;
  asio::post(socket_.get_executor(),
             [done = std::move(done), ec, bytes] { done->done(ec, bytes); });
}

void outbox::fail() {
  close();
  if (auto* const events = std::exchange(events_, nullptr))
    events->on_broken();
}

} // namespace callboard
