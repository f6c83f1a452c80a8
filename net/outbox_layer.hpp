// The stream directly below websocket::stream. It gives Beast's own writes their turn in the
// outbox, so that frames which never pass through Beast may share the socket with them.
#pragma once

#include "net/outbox.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/beast/core/async_base.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/role.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace callboard {

/// Holds a handler of any type until the outbox has an answer for it.
template <class Handler>
class stored_completion final : public completion {
public:
  explicit stored_completion(Handler handler) : handler_{std::move(handler)} {}

  // Each handler's executor is that of the one I/O thread we are called on: no hop is needed.
  void done(error_code ec, std::size_t bytes) override { std::move(handler_)(ec, bytes); }

private:
  Handler handler_;
};

template <class Handler>
std::unique_ptr<completion> store(Handler handler) {
  return std::make_unique<stored_completion<Handler>>(std::move(handler));
}

/// Counts what was read, then hands it on.
template <class Handler>
class counted_read : public boost::beast::async_base<Handler, io_executor> {
public:
  counted_read(Handler handler, const std::shared_ptr<outbox>& box)
    : boost::beast::async_base<Handler, io_executor>{std::move(handler),
                                                     box->socket().get_executor()},
      box_{box} {}

  void operator()(error_code ec, std::size_t bytes) {
    if (const auto box = box_.lock())
      box->note_received(bytes);
    this->complete_now(ec, bytes);
  }

private:
  std::weak_ptr<outbox> box_; ///< The connection may have ended meanwhile.
};

/// Meets Beast's AsyncStream requirements. It has no next_layer() on purpose: who could reach the
/// socket could write it.
class outbox_layer {
public:
  using executor_type = io_executor;

  explicit outbox_layer(std::shared_ptr<outbox> box) : box_{std::move(box)} {}

  executor_type get_executor() noexcept { return box_->socket().get_executor(); }
  [[nodiscard]] const std::shared_ptr<outbox>& box() const { return box_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
      [this](auto handler, const Buffers& into) {
        box_->socket().async_read_some(into,
                                       counted_read<decltype(handler)>{std::move(handler), box_});
      },
      token, buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
      [this](auto handler, const Buffers& from) {
        box_->write(boost::beast::buffers_to_string(from), store(std::move(handler)));
        box_->flush();
      },
      token, buffers);
  }

private:
  std::shared_ptr<outbox> box_;
};

/// Beast calls this when the close frames have been exchanged, and when it gives a connection up.
template <class Handler>
void async_teardown(boost::beast::role_type /*server*/, outbox_layer& layer, Handler&& handler) {
  layer.box()->tear_down(
    store([handler = std::forward<Handler>(handler)](error_code ec, std::size_t /*none*/) mutable {
      std::move(handler)(ec);
    }));
}

/// As above, for Beast's blocking calls, of which we make none.
inline void teardown(boost::beast::role_type /*server*/, outbox_layer& layer, error_code& ec) {
  ec = {};
  layer.box()->close();
}

/// Beast's last resort: its timeouts and cancelled operations, of which there are none.
inline void beast_close_socket(outbox_layer& layer) {
  layer.box()->close();
}

} // namespace callboard
