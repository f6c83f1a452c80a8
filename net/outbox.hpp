// All that is written to one socket passes here, in order, one gathered write at a time. Nothing
// else writes the socket, so nothing can come between the bytes of a frame.
#pragma once

#include "net/socket.hpp"
#include "wire/run.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace callboard {

/// What waits for the end of an operation. Called once, from the event loop, never from within the
/// call that started the operation; or destroyed uncalled with its outbox.
class completion {
public:
  completion() = default;
  completion(const completion&) = delete;
  completion& operator=(const completion&) = delete;
  virtual ~completion() = default;
  virtual void done(error_code ec, std::size_t bytes) = 0;
};

/// Who hears of an outbox's progress.
class outbox_events {
public:
  outbox_events() = default;
  outbox_events(const outbox_events&) = delete;
  outbox_events& operator=(const outbox_events&) = delete;
  virtual ~outbox_events() = default;

  /// `bytes` of enqueued frames were handed to the socket, and the last byte of frames that carry
  /// `credit` together.
  virtual void on_sent(std::size_t bytes, std::uint32_t credit) = 0;

  /// Bytes came in, of whatever kind.
  virtual void on_received(std::size_t bytes) = 0;

  /// The closing handshake is over, and only the socket's end is awaited.
  virtual void on_tear_down() = 0;

  /// Writing failed; the socket is closed. At most once.
  virtual void on_broken() = 0;
};

/// Owns the socket. One I/O thread only.
class outbox : public std::enable_shared_from_this<outbox> {
public:
  explicit outbox(tcp_socket socket);

  /// Null: nobody listens any more.
  void listener(outbox_events* events) { events_ = events; }

  /// Whole frames, shared with other sockets. Ignored after a close frame (RFC 6455 section 5.5.1).
  /// They leave with the next flush(). False if ignored.
  bool enqueue(slice frames, std::uint32_t credit);

  /// Bytes of one sender alone, as Beast's handshake, pong and close. They take their turn; `done`
  /// hears when their last byte was handed to the socket, which is what keeps a peer that floods
  /// pings and reads nothing from filling the queue.
  void write(std::string bytes, std::unique_ptr<completion> done);

  /// Writes what the socket takes now; goes on by itself until nothing waits.
  void flush();

  /// Gives back the memory of a queue that is empty; for the coarse clock.
  void rest();

  /// Ends writing, swallows what still comes until the peer's end of stream, closes the socket.
  /// Without the swallowing the kernel answers with a reset, which can destroy a close frame on its
  /// way. Its time is bounded by whoever calls close().
  void tear_down(std::unique_ptr<completion> done);

  /// Closes the socket; what waits completes with operation_aborted.
  void close();

  /// True once a close frame was taken in.
  [[nodiscard]] bool sealed() const { return sealed_; }

  [[nodiscard]] std::size_t waiting() const { return waiting_; }     ///< Bytes not yet handed over.
  [[nodiscard]] std::uint64_t sent() const { return sent_; }         ///< Bytes ever handed over.
  [[nodiscard]] std::uint64_t received() const { return received_; } ///< Bytes ever read.

  [[nodiscard]] tcp_socket& socket() { return socket_; }
  void note_received(std::size_t bytes);

private:
  struct item {
    slice bytes;
    std::uint32_t credit = 0;
    bool shared = false; ///< Enqueued, not written.
    std::unique_ptr<completion> done;
  };

  std::size_t write_once(error_code& ec);
  void take_off(std::size_t bytes);
  void forget_taken();
  void wait_for_room();
  void swallow(std::unique_ptr<completion> done);
  void post(std::unique_ptr<completion> done, error_code ec, std::size_t bytes);
  void fail();

  tcp_socket socket_;
  outbox_events* events_ = nullptr;
  std::vector<item> queue_; ///< A deque would cost each idle connection 576 bytes.
  std::size_t first_ = 0;   ///< The first item of queue_ that is not yet off.
  std::size_t offset_ = 0;  ///< Its bytes that are off already.
  std::size_t waiting_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
  bool flushing_ = false;
  bool blocked_ = false; ///< The socket took no more; its readiness is awaited.
  bool sealed_ = false;
};

} // namespace callboard
