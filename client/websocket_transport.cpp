// Everything below runs in one thread; the public functions only post to it. An attempt lives as
// long as its operations and as it is the current one.
#include "client/websocket_transport.hpp"

#include "runtime/log.hpp"
#include "wire/frame.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <deque>
#include <exception>
#include <thread>
#include <utility>

namespace callboard::client {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;

std::string seconds_of(std::chrono::milliseconds time) {
  return std::to_string((time.count() + 999) / 1000) + " s";
}

/// "callboard.v2" in what a server says about itself; empty: nothing of the kind.
std::string_view protocol_in(std::string_view text) {
  constexpr std::string_view stem = "callboard.v";
  const auto begin = text.find(stem);
  if (begin == std::string_view::npos)
    return {};
  const auto end = text.find_first_not_of("0123456789", begin + stem.size());
  return text.substr(begin, end == std::string_view::npos ? end : end - begin);
}

/// Both versions, and which side is the older one.
closing misfit(const std::string& place, std::string_view theirs) {
  const std::string_view ours = wire::subprotocol;
  // Longer is later: v10 follows v9.
  const bool newer = theirs.size() == ours.size() ? theirs > ours : theirs.size() > ours.size();
  return {closing::reason::mismatch, 0,
          place + " speaks " + std::string{theirs} + ", this client (callboard " CALLBOARD_VERSION
            + ") speaks " + std::string{ours} + ": upgrade the " + (newer ? "client" : "server")};
}

/// What an HTTP answer other than 101 says about who answered.
closing judge(const websocket::response_type& response, const std::string& place) {
  const auto status = response.result_int();
  const auto said = place + " answered HTTP " + std::to_string(status);
  if (status == 401 || status == 403)
    return {closing::reason::refused, 0, said + ": this client is not allowed there"};
  // A proxy whose server restarts, or a full server.
  if (status == 408 || status == 425 || status == 429 || status >= 500)
    return {closing::reason::lost, 0, said};
  if (const auto theirs = protocol_in(response.body());
      !theirs.empty() && theirs != wire::subprotocol)
    return misfit(place, theirs);
  return {closing::reason::mismatch, 0, said + ": no server that speaks callboard.v1"};
}

/// One connection, from the name to the goodbye.
class attempt : public std::enable_shared_from_this<attempt> {
public:
  attempt(asio::io_context& io, connection_no connection, endpoint where,
          const websocket_limits& bounds, transport_listener listener)
    : connection_{connection},
      where_{std::move(where)},
      bounds_{bounds},
      listener_{std::move(listener)},
      resolver_{io},
      timer_{io},
      stream_{io} {}

  void start() {
    timer_.expires_after(bounds_.open_within);
    timer_.async_wait([self = shared_from_this()](error_code problem) {
      if (!problem)
        self->fail(
          {closing::reason::lost, 0,
           self->place() + " does not answer within " + seconds_of(self->bounds_.open_within)});
    });
    resolver_.async_resolve(
      where_.host, where_.port,
      [self = shared_from_this()](error_code problem, const tcp::resolver::results_type& found) {
        self->on_resolve(problem, found);
      });
  }

  void send(std::string text) {
    if (!open_)
      return;
    waiting_.push_back(std::move(text));
    if (waiting_.size() == 1)
      write();
  }

  void grant(std::uint32_t frames) {
    credit_ += frames;
    read();
  }

  /// No event after this.
  void leave(std::uint16_t code) {
    if (std::exchange(over_, true))
      return;
    if (!std::exchange(open_, false)) {
      abandon();
      return;
    }
    timer_.expires_after(bounds_.close_within);
    timer_.async_wait([self = shared_from_this()](error_code problem) {
      if (!problem)
        self->abandon();
    });
    stream_.async_close(static_cast<websocket::close_code>(code),
                        [self = shared_from_this()](error_code) { self->abandon(); });
  }

private:
  void on_resolve(error_code problem, const tcp::resolver::results_type& found) {
    if (over_)
      return;
    if (problem) {
      fail({closing::reason::lost, 0, "cannot find " + where_.host + ": " + problem.message()});
      return;
    }
    asio::async_connect(
      stream_.next_layer(), found,
      [self = shared_from_this()](error_code why, const tcp::endpoint&) { self->on_connect(why); });
  }

  void on_connect(error_code problem) {
    if (over_)
      return;
    if (problem) {
      fail({closing::reason::lost, 0, "cannot connect to " + place() + ": " + problem.message()});
      return;
    }
    error_code ignored; // Without it, only small messages are slower.
    stream_.next_layer().set_option(tcp::no_delay{true}, ignored);
    // Its own timers would close in their own words; ours is the one above.
    stream_.set_option(websocket::stream_base::timeout{websocket::stream_base::none(),
                                                       websocket::stream_base::none(), false});
    stream_.set_option(websocket::stream_base::decorator{[](websocket::request_type& request) {
      request.set(http::field::sec_websocket_protocol, wire::subprotocol);
      request.set(http::field::user_agent, "callboard");
    }});
    stream_.read_message_max(bounds_.message_bytes);
    stream_.async_handshake(
      response_, authority(where_), where_.target,
      [self = shared_from_this()](error_code why) { self->on_handshake(why); });
  }

  void on_handshake(error_code problem) {
    if (over_)
      return;
    if (problem == websocket::error::upgrade_declined) {
      fail(judge(response_, place()));
    } else if (problem == http::error::end_of_stream || problem == http::error::partial_message) {
      fail({closing::reason::lost, 0, place() + " hung up during the handshake"});
    } else if (problem && is_foreign(problem)) {
      fail({closing::reason::mismatch, 0,
            place() + " does not speak WebSocket: " + problem.message()});
    } else if (problem) {
      fail({closing::reason::lost, 0, place() + ": " + problem.message()});
    } else if (response_[http::field::sec_websocket_protocol] != wire::subprotocol) {
      const auto theirs = protocol_in(response_[http::field::sec_websocket_protocol]);
      fail(theirs.empty() ? closing{closing::reason::mismatch, 0,
                                    place() + " does not speak " + wire::subprotocol
                                      + ", which this client (callboard " CALLBOARD_VERSION
                                        ") speaks: an older server, or another program"}
                          : misfit(place(), theirs));
    } else {
      timer_.cancel();
      open_ = true;
      stream_.text(true);
      stream_.auto_fragment(false);
      listener_(opened{connection_});
      read();
    }
  }

  /// Beast's own categories: bytes came, but they were not what a WebSocket server sends.
  static bool is_foreign(const error_code& problem) {
    return problem.category() == error_code{http::error::bad_version}.category()
           || problem.category() == error_code{websocket::error::no_upgrade}.category();
  }

  void read() {
    if (!open_ || reading_ || credit_ == 0)
      return;
    --credit_;
    reading_ = true;
    stream_.async_read(buffer_, [self = shared_from_this()](error_code problem, std::size_t) {
      self->on_read(problem);
    });
  }

  void on_read(error_code problem) {
    reading_ = false;
    if (over_)
      return;
    if (problem) {
      on_end(problem);
      return;
    }
    if (stream_.got_text())
      listener_(text_came{connection_, beast::buffers_to_string(buffer_.data())});
    else
      ++credit_; // No frame of callboard.v1: ignored, and it has cost its reader nothing.
    buffer_ = beast::flat_buffer{}; // A long page must not stay for ever.
    read();
  }

  void on_end(error_code problem) {
    const auto& reason = stream_.reason();
    if (problem == websocket::error::closed) {
      const auto code = static_cast<std::uint16_t>(reason.code);
      std::string why = "the server closed the connection";
      if (code != 0)
        why += " (" + std::to_string(code) + ")";
      if (!reason.reason.empty())
        why.append(": ").append(reason.reason.data(), reason.reason.size());
      fail({closing::reason::closed, code, std::move(why)});
    } else if (problem == asio::error::eof) {
      fail({closing::reason::lost, 0, "the server hung up"});
    } else {
      fail({closing::reason::lost, 0, problem.message()});
    }
  }

  void write() {
    stream_.async_write(asio::buffer(waiting_.front()),
                        [self = shared_from_this()](error_code problem, std::size_t) {
                          self->waiting_.pop_front();
                          if (problem)
                            self->on_write_failure(problem);
                          else if (self->open_ && !self->waiting_.empty())
                            self->write();
                        });
  }

  /// A read that is under way knows better why: it has the server's close frame.
  void on_write_failure(error_code problem) {
    open_ = false;
    if (!reading_)
      on_end(problem);
  }

  void fail(closing why) {
    if (std::exchange(over_, true))
      return;
    open_ = false;
    abandon();
    listener_(closed{connection_, std::move(why)});
  }

  void abandon() {
    error_code ignored; // The connection is given up; there is nothing to do about a failure.
    timer_.cancel();
    resolver_.cancel();
    stream_.next_layer().close(ignored);
  }

  [[nodiscard]] std::string place() const { return authority(where_); }

  connection_no connection_;
  endpoint where_;
  websocket_limits bounds_;
  transport_listener listener_;
  tcp::resolver resolver_;
  asio::steady_timer timer_;
  websocket::stream<tcp::socket> stream_;
  websocket::response_type response_;
  beast::flat_buffer buffer_;
  std::deque<std::string> waiting_; ///< Bounded by what a link has under way.
  std::uint32_t credit_ = 0;
  bool open_ = false;    ///< The handshake is done and nothing has failed.
  bool over_ = false;    ///< Its last event has been told.
  bool reading_ = false; ///< One read is under way.
};

} // namespace

class websocket_transport::engine {
public:
  explicit engine(websocket_limits bounds)
    : bounds_{bounds}, guard_{asio::make_work_guard(io_)}, thread_{[this] { io_.run(); }} {}

  template <class Action>
  void post(Action action) {
    asio::post(io_, std::move(action));
  }

  void listen(transport_listener listener) { listener_ = std::move(listener); }

  void open(connection_no connection, const endpoint& where) {
    if (!listener_)
      return; // Stopped, while the link was about to try again: nobody would hear of it.
    leave(1000);
    current_ = std::make_shared<attempt>(io_, connection, where, bounds_, listener_);
    current_->start();
  }

  void send(std::string text) {
    if (current_)
      current_->send(std::move(text));
  }

  void grant(std::uint32_t frames) {
    if (current_)
      current_->grant(frames);
  }

  void leave(std::uint16_t code) {
    if (current_)
      current_->leave(code);
    current_ = nullptr;
  }

  void stop() {
    if (!thread_.joinable())
      return;
    post([this] {
      leave(1000);
      listener_ = nullptr;
    });
    guard_.reset();
    thread_.join();
  }

private:
  websocket_limits bounds_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  transport_listener listener_;
  std::shared_ptr<attempt> current_;
  std::thread thread_;
};

websocket_transport::websocket_transport(websocket_limits bounds)
  : engine_{std::make_unique<engine>(bounds)} {}

websocket_transport::~websocket_transport() {
  try {
    engine_->stop();
  } catch (const std::exception& problem) {
    log(log_level::error, std::string{"transport does not stop: why="} + problem.what());
  }
}

void websocket_transport::listen(transport_listener listener) {
  engine_->post([e = engine_.get(), listener = std::move(listener)]() mutable {
    e->listen(std::move(listener));
  });
}

void websocket_transport::open(connection_no connection, const endpoint& where) {
  engine_->post([e = engine_.get(), connection, where] { e->open(connection, where); });
}

void websocket_transport::send(std::string text) {
  engine_->post(
    [e = engine_.get(), text = std::move(text)]() mutable { e->send(std::move(text)); });
}

void websocket_transport::grant(std::uint32_t frames) {
  engine_->post([e = engine_.get(), frames] { e->grant(frames); });
}

void websocket_transport::close(std::uint16_t code) {
  engine_->post([e = engine_.get(), code] { e->leave(code); });
}

void websocket_transport::stop() {
  engine_->stop();
}

} // namespace callboard::client
