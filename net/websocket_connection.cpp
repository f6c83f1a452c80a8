// Orders in, messages out, and the end. What the clock decides is in websocket_watch.cpp.
#include "net/websocket_connection.hpp"

#include "wire/frame.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <netinet/tcp.h>
#include <utility>

namespace callboard {

namespace {

template <int Level, int Name>
using int_option = asio::detail::socket_option::integer<Level, Name>;

void set_options(tcp_socket& socket, dialect speaks, int unsent_bytes) {
  error_code ignored; // Each of these only makes a working socket better.
  socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
  socket.set_option(int_option<IPPROTO_TCP, TCP_NOTSENT_LOWAT>{unsent_bytes}, ignored);
  if (speaks == dialect::v1)
    return;
  // The Go program's client reads nothing until its user has typed a name, so that it cannot be
  // pinged; its kernel can.
  socket.set_option(tcp_socket::keep_alive{true}, ignored);
  socket.set_option(int_option<IPPROTO_TCP, TCP_KEEPIDLE>{60}, ignored);
  socket.set_option(int_option<IPPROTO_TCP, TCP_KEEPINTVL>{15}, ignored);
  socket.set_option(int_option<IPPROTO_TCP, TCP_KEEPCNT>{4}, ignored);
}

} // namespace

websocket_connection::websocket_connection(tcp_socket socket, io_thread& home, site& where,
                                           dialect speaks)
  : out_{home.out()},
    home_{home},
    site_{where},
    speaks_{speaks},
    box_{std::make_shared<outbox>(std::move(socket))},
    ws_{std::make_unique<websocket_stream>(box_, where.settings.bounds.frame_bytes)},
    credit_{speaks == dialect::v1 ? where.settings.bounds.requests_under_way : 1},
    heard_at_{io_clock::now()},
    moved_at_{heard_at_} {
  set_options(box_->socket(), speaks, where.settings.sockets.unsent_bytes);
  box_->listener(this);
}

websocket_connection::~websocket_connection() = default;

void websocket_connection::accept(const http_request& request) {
  if (ended_)
    return; // The server stopped meanwhile.
  ws_->accept(shared_from_this(), request, speaks_ == dialect::v1 ? wire::subprotocol : "");
}

void websocket_connection::on_accepted(error_code ec) {
  if (ended_)
    return;
  if (ec) {
    end();
    return;
  }
  ending_from_.reset();
  port_ = site_.door->open(weak_from_this(), speaks_);
  if (site_.draining)
    drain(); // The upgrade was under way when the server was told to stop.
  read();
}

// -- from the session's thread --------------------------------------------------------------------

void websocket_connection::send(slice frames, std::uint32_t credit) {
  waiting_.fetch_add(frames.bytes.size());
  out_->push(shared_from_this(), send_order{std::move(frames), credit});
}

void websocket_connection::grant(std::uint32_t credit) {
  out_->push(shared_from_this(), grant_order{credit});
}

std::size_t websocket_connection::waiting() const {
  return waiting_.load();
}

void websocket_connection::tell_when_low(std::size_t low) {
  out_->push(shared_from_this(), low_order{low});
}

void websocket_connection::close(close_code code, std::string reason) {
  out_->push(shared_from_this(), close_order{code, std::move(reason)});
}

// -- orders, on the I/O thread --------------------------------------------------------------------

void websocket_connection::take(order what) {
  std::visit([this](auto& is) { carry_out(std::move(is)); }, what);
}

void websocket_connection::flush() {
  if (!ended_)
    box_->flush();
}

void websocket_connection::carry_out(send_order&& sending) {
  const auto bytes = sending.frames.bytes.size();
  if (ended_ || closing_ || !box_->enqueue(std::move(sending.frames), sending.credit))
    waiting_.fetch_sub(bytes);
}

void websocket_connection::carry_out(grant_order granting) {
  credit_ += granting.credit;
  read();
}

void websocket_connection::carry_out(low_order lowering) {
  low_ = lowering.low;
  tell_if_low();
}

void websocket_connection::carry_out(close_order&& closing) {
  begin_close(closing.code, closing.reason);
}

void websocket_connection::tell_if_low() {
  if (!low_ || !port_ || waiting_.load() > *low_)
    return;
  low_.reset();
  port_->outbox_low();
}

void websocket_connection::on_sent(std::size_t bytes, std::uint32_t credit) {
  waiting_.fetch_sub(bytes);
  credit_ += credit;
  tell_if_low();
  read();
}

// -- reading --------------------------------------------------------------------------------------

void websocket_connection::read() {
  if (reading_ || closing_ || ended_ || !port_ || credit_ == 0)
    return;
  reading_ = true;
  if (text_.empty()) {
    ws_->read_some(shared_from_this(), first_.data(), first_.size());
    return;
  }
  // At most as much again as has come: a frame's head may announce what is never sent.
  const auto had = text_.size();
  const auto room = std::min(std::max(had, std::size_t{1024}), ws_->read_size_hint());
  text_.resize(had + room);
  ws_->read_some(shared_from_this(), text_.data() + had, room);
  pending_ = room;
}

void websocket_connection::on_read(error_code ec, std::size_t bytes) {
  reading_ = false;
  if (ended_ || closing_)
    return; // on_closed() comes.
  if (ec) {
    end();
    return;
  }
  if (ws_->binary()) {
    begin_close(close_code::unsupported_data, "only text is understood");
    return;
  }
  if (pending_ > 0)
    text_.resize(text_.size() - std::exchange(pending_, 0) + bytes);
  else
    text_.assign(first_.data(), bytes);
  if (ws_->message_done())
    hand_over();
  read();
}

void websocket_connection::hand_over() {
  --credit_;
  unproductive_ = 0;
  port_->frame(std::exchange(text_, {}));
}

void websocket_connection::on_received(std::size_t bytes) {
  // A message of `frame_bytes` in tiny fragments costs seven bytes for one, and empty fragments
  // never end. So much is allowed that no sane client notices.
  unproductive_ += bytes;
  const auto allowed = 2 * site_.settings.bounds.frame_bytes + 16384;
  if (unproductive_ <= allowed || closing_ || ended_)
    return;
  closing_soon(close_code::policy, "too many fragments");
}

void websocket_connection::on_control(bool closes) {
  if (closes) {
    release_port(); // Beast answers it; nobody reads what a session would still say.
    return;
  }
  if (++controls_ > site_.settings.sockets.control_frames)
    closing_soon(close_code::abuse, "too many control frames");
}

// -- the end --------------------------------------------------------------------------------------

void websocket_connection::closing_soon(close_code code, std::string_view reason) {
  // Not now: Beast is in the middle of the read that brought us here.
  asio::post(home_.context(),
             [self = shared_from_this(), code, reason] { self->begin_close(code, reason); });
}

void websocket_connection::begin_close(close_code code, std::string_view reason) {
  if (closing_ || ended_)
    return;
  closing_ = true;
  // The frames that wait leave first, since Beast's close frame queues up behind them. If the peer
  // began to close, or broke the protocol, Beast has sent its own already, and this only waits.
  ws_->close(shared_from_this(), code, reason);
}

void websocket_connection::on_closed() {
  end();
}

void websocket_connection::on_tear_down() {
  release_port();
}

void websocket_connection::on_broken() {
  end();
}

void websocket_connection::drain() {
  if (port_ && !std::exchange(drained_, true))
    port_->drain();
}

void websocket_connection::abort() {
  end();
}

void websocket_connection::release_port() {
  if (const auto port = std::exchange(port_, nullptr))
    port->closed();
}

void websocket_connection::end() {
  if (std::exchange(ended_, true))
    return;
  const auto self = shared_from_this();
  box_->listener(nullptr);
  box_->close();
  release_port();
  // Not now: one of Beast's operations may be our caller. And not with us: the last handle may be
  // a session's, on its own thread.
  asio::post(home_.context(), [ws = std::move(ws_), box = std::move(box_)] {});
  home_.remove(*this);
}

} // namespace callboard
