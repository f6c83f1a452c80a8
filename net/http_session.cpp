// The total time of a request is bounded, not that of each read; and after a refusal the rest of
// the input is swallowed, since closing over unread bytes sends a reset that can destroy the
// answer.
#include "net/http_session.hpp"

#include "net/event_stream.hpp"
#include "net/http_request.hpp"
#include "net/http_routes.hpp"
#include "net/websocket_connection.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <array>
#include <optional>
#include <utility>

namespace callboard {

namespace http = boost::beast::http;

namespace {

/// Beast's string_view is Boost's.
std::string_view plain(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

std::string_view field(const http::fields& fields, http::field name) {
  return plain(fields[name]);
}

/// All lines of a list field as one list (RFC 9110 section 5.3).
std::optional<std::string> joined(const http::fields& fields, http::field name) {
  const auto [first, last] = fields.equal_range(name);
  if (first == last)
    return {};
  std::string all;
  for (auto line = first; line != last; ++line) {
    all += all.empty() ? "" : ",";
    all += plain(line->value());
  }
  return all;
}

/// Who asks, as far as /stats cares.
stats_visitor visitor_of(const http::fields& fields, const tcp_socket& socket) {
  stats_visitor who;
  error_code gone; // Then nobody is left to see the answer.
  const auto address = socket.remote_endpoint(gone).address();
  who.local = !gone
              && (address.is_v6() && address.to_v6().is_v4_mapped()
                    ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback()
                    : address.is_loopback());
  for (const auto* name : {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"})
    who.passed = who.passed || fields.count(name) > 0;
  who.host = field(fields, http::field::host);
  if (fields.count(http::field::authorization) > 0)
    who.authorization = field(fields, http::field::authorization);
  return who;
}

/// What makes a request unsafe to answer, or nothing. Beast 1.81 lets requests pass whose length
/// two servers would read differently (robustness.md, 6.2): none of ours needs such a body.
std::optional<http_answer> refuse(const http::request_header<>& head) {
  const bool is_old = head.version() == 10; // Load balancers' health checks, and nginx unless told.
  const auto hosts = head.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && !is_old))
    return last_answer(400, "a request needs one Host");
  if (head.count(http::field::transfer_encoding) > 0)
    return last_answer(head.count(http::field::content_length) > 0 ? 400 : 501,
                       "a request with a transfer encoding is not read");
  if (head.count(http::field::content_length) > 1)
    return last_answer(400, "a request has one Content-Length");
  return {};
}

/// False if the peer or the network ended the connection: nobody waits for an answer.
bool is_parse_error(error_code ec) {
  return ec.category() == error_code{http::error::end_of_stream}.category()
         && ec != http::error::end_of_stream && ec != http::error::partial_message;
}

http_answer explain(error_code ec) {
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow)
    return last_answer(431, "the request's header is too long");
  if (ec == http::error::body_limit)
    return last_answer(413, "the request's body is too long");
  return last_answer(400, "this is not an HTTP/1.1 request");
}

} // namespace

struct http_session::reader {
  explicit reader(const socket_limits& sockets) : limits{sockets}, buffer{sockets.http_head_bytes} {
    renew();
  }

  void renew() {
    parser.emplace();
    parser->header_limit(static_cast<std::uint32_t>(limits.http_head_bytes));
    parser->body_limit(limits.http_body_bytes);
  }

  const socket_limits& limits;
  boost::beast::flat_buffer buffer; ///< Holds what was pipelined behind a request, too.
  std::optional<http::request_parser<http::string_body>> parser;
};

http_session::http_session(tcp_socket socket, io_thread& home, site& where, bool refuses)
  : socket_{std::move(socket)},
    home_{home},
    site_{where},
    reader_{std::make_unique<reader>(where.settings.sockets)},
    refuses_{refuses} {
  error_code ignored; // Only makes a working socket better.
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
}

http_session::~http_session() = default;

void http_session::start() {
  if (!ended_)
    await_first_byte(site_.settings.sockets.http_within);
}

void http_session::await_request() {
  if (site_.draining) {
    linger();
    return;
  }
  reader_->renew();
  if (reader_->buffer.size() > 0) {
    read_head();
    return;
  }
  await_first_byte(site_.settings.sockets.http_idle);
}

void http_session::await_first_byte(std::chrono::milliseconds within) {
  idle_ = true;
  give(within);
  socket_.async_wait(tcp_socket::wait_read, [self = shared_from_this()](error_code ec) {
    self->idle_ = false;
    if (ec)
      self->end();
    else
      self->read_head();
  });
}

void http_session::read_head() {
  give(site_.settings.sockets.http_within);
  http::async_read_header(
    socket_, reader_->buffer, *reader_->parser,
    [self = shared_from_this()](error_code ec, std::size_t /*bytes*/) { self->on_head(ec); });
}

void http_session::on_head(error_code ec) {
  if (ended_)
    return;
  if (ec) {
    refuse_or_end(ec);
    return;
  }
  auto refusal = refuse(reader_->parser->get());
  if (refuses_)
    refusal = last_answer(503, "the server has as many connections as it can serve");
  if (refusal)
    respond(std::move(*refusal));
  else if (!upgrade())
    read_body();
}

void http_session::read_body() {
  if (reader_->parser->is_done()) {
    answer_request();
    return;
  }
  http::async_read(socket_, reader_->buffer, *reader_->parser,
                   [self = shared_from_this()](error_code ec, std::size_t /*bytes*/) {
                     if (self->ended_)
                       return;
                     if (ec)
                       self->refuse_or_end(ec);
                     else
                       self->answer_request();
                   });
}

void http_session::refuse_or_end(error_code ec) {
  if (is_parse_error(ec))
    respond(explain(ec));
  else
    end();
}

void http_session::answer_request() {
  const auto& request = reader_->parser->get();
  const auto codings = joined(request, http::field::accept_encoding);
  auto answer = route({plain(request.method_string()), plain(request.target()),
                       joined(request, http::field::if_none_match).value_or(""), codings,
                       [&] { return visitor_of(request, socket_); }},
                      site_);
  if (answer.streams && request.method() == http::verb::get) {
    stream(answer);
    return;
  }
  answer.close = answer.close || !request.keep_alive() || request.version() == 10 || site_.draining;
  respond(std::move(answer));
}

bool http_session::upgrade() {
  const auto& head = reader_->parser->get();
  if (!boost::beast::websocket::is_upgrade(head))
    return false;
  std::optional<std::string_view> origin;
  if (head.count(http::field::origin) > 0)
    origin = field(head, http::field::origin);
  auto decision = admit({plain(head.target()), field(head, http::field::host), origin,
                         joined(head, http::field::sec_websocket_protocol),
                         field(head, http::field::sec_websocket_version),
                         field(head, http::field::sec_websocket_key)},
                        site_.settings);
  if (auto* const refusal = std::get_if<http_answer>(&decision)) {
    respond(std::move(*refusal));
    return true;
  }
  // Beast would lose what is already here (robustness.md, 6.4), and no client may send before the
  // answer (RFC 6455 section 4.1).
  if (!reader_->parser->is_done() || reader_->buffer.size() > 0) {
    respond(last_answer(400, "an upgrade request ends with its header"));
    return true;
  }
  if (site_.draining) {
    respond(last_answer(503, "the server stops"));
    return true;
  }
  ended_ = true; // As an HTTP session; the socket lives on.
  const http_request request{reader_->parser->release()};
  const auto next = std::make_shared<websocket_connection>(std::move(socket_), home_, site_,
                                                           std::get<dialect>(decision));
  site_.connections.fetch_add(1); // remove() takes one off, for the session that we were.
  home_.add(next);
  home_.remove(*this);
  next->accept(request);
  return true;
}

void http_session::stream(const http_answer& answer) {
  if (site_.draining || !site_.feed->enter(site_.settings.sockets.stats_streams, io_clock::now())) {
    respond(last_answer(503, "as many streams of figures are open as there may be"));
    return;
  }
  ended_ = true; // As in upgrade().
  const auto next =
    std::make_shared<event_stream>(std::move(socket_), home_, site_, head_of(answer));
  site_.connections.fetch_add(1);
  home_.add(next);
  home_.remove(*this);
  next->start();
}

void http_session::respond(http_answer answer) {
  last_ = answer.close;
  head_ = head_of(answer);
  const auto head_only = reader_->parser->get().method() == http::verb::head;
  body_ = head_only ? nullptr : std::move(answer.body);
  static const std::string none;
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head_),
                                                  asio::buffer(body_ ? *body_ : none)};
  give(site_.settings.sockets.http_idle);
  asio::async_write(
    socket_, buffers,
    [self = shared_from_this()](error_code ec, std::size_t /*bytes*/) { self->on_written(ec); });
}

void http_session::on_written(error_code ec) {
  if (ended_)
    return;
  body_.reset();
  if (ec)
    end();
  else if (last_)
    linger();
  else
    await_request();
}

void http_session::linger() {
  last_ = true;
  give(site_.settings.sockets.close_within);
  error_code ignored; // The peer may be gone: the read tells.
  socket_.shutdown(tcp_socket::shutdown_send, ignored);
  swallow();
}

void http_session::swallow() {
  reader_->buffer.clear();
  socket_.async_read_some(
    reader_->buffer.prepare(4096), [self = shared_from_this()](error_code ec, std::size_t bytes) {
      self->swallowed_ += bytes;
      if (ec || self->swallowed_ > self->site_.settings.sockets.unwanted_bytes)
        self->end();
      else
        self->swallow();
    });
}

void http_session::give(std::chrono::milliseconds time) {
  deadline_ = io_clock::now() + time;
}

void http_session::tick(io_clock::time_point now) {
  if (now >= deadline_)
    end();
}

void http_session::drain() {
  if (idle_ && !ended_)
    end(); // A client sees the same when its connection has idled too long.
}

void http_session::abort() {
  end();
}

void http_session::end() {
  if (std::exchange(ended_, true))
    return;
  error_code ignored; // The descriptor is gone either way.
  socket_.close(ignored);
  if (refuses_)
    site_.refused.fetch_sub(1); // Before remove(): see listener::admit().
  home_.remove(*this);
}

} // namespace callboard
