// One HTTP connection until it ends or becomes a WebSocket. Requests are answered one after
// another: the next is not read before the last response has left.
#pragma once

#include "net/http_answer.hpp"
#include "net/io_thread.hpp"
#include "net/peer.hpp"
#include "net/site.hpp"
#include "net/socket.hpp"

#include <memory>
#include <string>

namespace callboard {

/// One I/O thread only.
class http_session final : public peer, public std::enable_shared_from_this<http_session> {
public:
  /// A session that refuses answers its one request with 503: the server is full.
  http_session(tcp_socket socket, io_thread& home, site& where, bool refuses);
  ~http_session() override;

  /// The session must be owned by its I/O thread already.
  void start();

  void tick(io_clock::time_point now) override;
  void drain() override;
  void abort() override;

private:
  struct reader; ///< Beast's parser and buffer, so that only one source file is built with it.

  void await_request();
  void await_first_byte(std::chrono::milliseconds within);
  void read_head();
  void on_head(error_code ec);
  void read_body();
  void refuse_or_end(error_code ec);
  void answer_request();
  bool upgrade();
  void stream(const http_answer& answer);
  void respond(http_answer answer);
  void on_written(error_code ec);
  void linger();
  void swallow();
  void end();
  void give(std::chrono::milliseconds time);

  tcp_socket socket_;
  io_thread& home_;
  site& site_;
  std::unique_ptr<reader> reader_;
  std::string head_;                        ///< Of the response that is being written.
  std::shared_ptr<const std::string> body_; ///< As above.
  io_clock::time_point deadline_;           ///< Of the step under way.
  std::size_t swallowed_ = 0;               ///< Bytes dropped while lingering.
  bool refuses_;
  bool idle_ = false; ///< Between two requests.
  bool last_ = false; ///< The response under way is the last one.
  bool ended_ = false;
};

} // namespace callboard
