// The transport over real sockets, against a server that the test plays on 127.0.0.1.
#define CAF_SUITE client_transport

#include "client/websocket_transport.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <caf/test/unit_test.hpp>

#include <array>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

using namespace callboard::client;
using namespace std::chrono_literals;

namespace websocket_transport_suite {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using stream = websocket::stream<tcp::socket>;

/// Gathers events and waits for them, with a bound.
class inbox {
public:
  void put(transport_event event) {
    const std::lock_guard guard{lock_};
    events_.push_back(std::move(event));
    changed_.notify_all();
  }

  /// The next event of that kind; others before it are an error.
  template <class Event>
  Event next() {
    std::unique_lock guard{lock_};
    if (!changed_.wait_for(guard, 10s, [this] { return taken_ < events_.size(); }))
      CAF_FAIL("no event within 10 s");
    const auto event = events_[taken_++];
    CAF_REQUIRE(std::holds_alternative<Event>(event));
    return std::get<Event>(event);
  }

  bool quiet_for(std::chrono::milliseconds time) {
    std::unique_lock guard{lock_};
    return !changed_.wait_for(guard, time, [this] { return taken_ < events_.size(); });
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  std::vector<transport_event> events_;
  std::size_t taken_ = 0;
};

struct fixture {
  inbox events;
  asio::io_context io;
  tcp::acceptor acceptor{io, {asio::ip::make_address("127.0.0.1"), 0}};
  std::future<void> server;
  websocket_transport aut{{500ms, 500ms, 1000}};

  fixture() {
    aut.listen([this](transport_event event) { events.put(std::move(event)); });
  }

  ~fixture() {
    aut.stop();
    boost::system::error_code ignored;
    acceptor.close(ignored);
    if (server.valid())
      server.wait();
  }

  fixture(const fixture&) = delete;
  fixture& operator=(const fixture&) = delete;

  [[nodiscard]] endpoint where() const {
    return {"127.0.0.1", std::to_string(acceptor.local_endpoint().port()), "/ws"};
  }

  /// Plays the server for one connection, in a thread of its own.
  void serve(std::function<void(tcp::socket)> play) {
    server = std::async(std::launch::async, [this, play = std::move(play)] {
      try {
        play(acceptor.accept());
      } catch (const boost::system::system_error&) {
        // The client has hung up; that is how most plays end.
      }
    });
  }

  /// The same behind a handshake.
  void serve_chat(std::function<void(stream&)> play, std::string subprotocol = "callboard.v1") {
    serve([play = std::move(play), subprotocol = std::move(subprotocol)](tcp::socket socket) {
      stream ws{std::move(socket)};
      ws.set_option(websocket::stream_base::decorator{[&](websocket::response_type& response) {
        if (!subprotocol.empty())
          response.set(beast::http::field::sec_websocket_protocol, subprotocol);
      }});
      ws.accept();
      play(ws);
    });
  }

  /// Answers the request, whatever it is, with these bytes.
  void serve_bytes(std::string bytes) {
    serve([bytes = std::move(bytes)](tcp::socket socket) {
      std::array<char, 4096> request{};
      static_cast<void>(socket.read_some(asio::buffer(request)));
      asio::write(socket, asio::buffer(bytes));
      static_cast<void>(socket.read_some(asio::buffer(request))); // Until the client hangs up.
    });
  }

  closing open_and_fail() {
    aut.open(1, where());
    return events.next<closed>().what;
  }
};

std::string read_text(stream& ws) {
  beast::flat_buffer buffer;
  ws.read(buffer);
  return beast::buffers_to_string(buffer.data());
}

void write_text(stream& ws, const std::string& text) {
  ws.text(true);
  ws.write(asio::buffer(text));
}

/// Reads until the client hangs up.
void read_out(stream& ws) {
  for (;;)
    static_cast<void>(read_text(ws));
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(transport_tests, fixture)

CAF_TEST(texts travel both ways as far as there is credit) {
  serve_chat([](stream& ws) {
    write_text(ws, read_text(ws) + " back");
    write_text(ws, "two");
    read_out(ws);
  });
  aut.open(7, where());
  CAF_CHECK_EQUAL(events.next<opened>().connection, 7U);
  aut.send("over");
  CAF_CHECK(events.quiet_for(200ms));
  aut.grant(1);
  const auto first = events.next<text_came>();
  CAF_CHECK(first.connection == 7 && first.text == "over back");
  CAF_CHECK(events.quiet_for(200ms));
  aut.grant(1);
  CAF_CHECK_EQUAL(events.next<text_came>().text, "two");
}

CAF_TEST(it asks for the target with the subprotocol) {
  serve([](tcp::socket socket) {
    beast::flat_buffer buffer;
    beast::http::request<beast::http::string_body> request;
    beast::http::read(socket, buffer, request);
    const bool right = request.target() == "/ws"
                       && request[beast::http::field::sec_websocket_protocol] == "callboard.v1";
    const std::string answer = right ? "HTTP/1.1 503 Full\r\nContent-Length: 0\r\n\r\n"
                                     : "HTTP/1.1 404 Wrong\r\nContent-Length: 0\r\n\r\n";
    asio::write(socket, asio::buffer(answer));
  });
  CAF_CHECK(open_and_fail().kind == closing::reason::lost);
}

CAF_TEST(many texts keep their order) {
  serve_chat([](stream& ws) {
    for (int i = 0; i < 500; ++i)
      write_text(ws, read_text(ws));
    read_out(ws);
  });
  aut.open(1, where());
  events.next<opened>();
  aut.grant(500);
  for (int i = 0; i < 500; ++i)
    aut.send(std::to_string(i));
  for (int i = 0; i < 500; ++i)
    CAF_REQUIRE_EQUAL(events.next<text_came>().text, std::to_string(i));
}

CAF_TEST(a close frame is told with code and reason) {
  serve_chat([](stream& ws) { ws.close({static_cast<websocket::close_code>(4502), "too many"}); });
  aut.open(1, where());
  events.next<opened>();
  aut.grant(1);
  const auto why = events.next<closed>().what;
  CAF_CHECK(why.kind == closing::reason::closed);
  CAF_CHECK_EQUAL(why.code, 4502);
  CAF_CHECK(why.why.find("too many") != std::string::npos);
}

CAF_TEST(a connection that breaks is lost) {
  serve_chat([](stream& ws) { ws.next_layer().close(); });
  aut.open(1, where());
  events.next<opened>();
  aut.grant(1);
  CAF_CHECK(events.next<closed>().what.kind == closing::reason::lost);
}

CAF_TEST(a server without the subprotocol is a mismatch) {
  serve_chat([](stream& ws) { read_out(ws); }, "");
  CAF_CHECK(open_and_fail().kind == closing::reason::mismatch);
}

CAF_TEST(another subprotocol is a mismatch) {
  serve_chat([](stream& ws) { read_out(ws); }, "callboard.v2");
  CAF_CHECK(open_and_fail().kind == closing::reason::mismatch);
}

CAF_TEST(an HTTP server is a mismatch) {
  serve_bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  CAF_CHECK(open_and_fail().kind == closing::reason::mismatch);
}

CAF_TEST(what is no HTTP is a mismatch) {
  serve_bytes("SSH-2.0-OpenSSH_9.2\r\n");
  CAF_CHECK(open_and_fail().kind == closing::reason::mismatch);
}

CAF_TEST(a proxy whose server restarts is only lost) {
  serve_bytes("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
  CAF_CHECK(open_and_fail().kind == closing::reason::lost);
}

CAF_TEST(not being allowed is told apart) {
  serve_bytes("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  CAF_CHECK(open_and_fail().kind == closing::reason::refused);
}

CAF_TEST(nobody there is lost) {
  const auto nobody = where();
  acceptor.close();
  aut.open(1, nobody);
  CAF_CHECK(events.next<closed>().what.kind == closing::reason::lost);
}

CAF_TEST(a server that does not answer is left within the bound) {
  // Accepted by the kernel, answered by nobody.
  const auto why = open_and_fail();
  CAF_CHECK(why.kind == closing::reason::lost);
  CAF_CHECK(why.why.find("does not answer") != std::string::npos);
}

CAF_TEST(a message above the bound ends the connection) {
  serve_chat([](stream& ws) {
    write_text(ws, std::string(1000, 'x'));
    write_text(ws, std::string(1001, 'x'));
    read_out(ws);
  });
  aut.open(1, where());
  events.next<opened>();
  aut.grant(5);
  CAF_CHECK_EQUAL(events.next<text_came>().text.size(), 1000U);
  events.next<closed>();
}

CAF_TEST(pings are answered and binary messages skipped) {
  serve_chat([](stream& ws) {
    std::promise<void> ponged;
    ws.control_callback([&](websocket::frame_type kind, beast::string_view) {
      if (kind == websocket::frame_type::pong)
        ponged.set_value();
    });
    ws.binary(true);
    ws.write(asio::buffer("\x01\x02", 2));
    ws.ping("x");
    static_cast<void>(read_text(ws)); // The pong comes before it.
    const bool in_time = ponged.get_future().wait_for(0s) == std::future_status::ready;
    write_text(ws, in_time ? "ponged" : "no pong");
    read_out(ws);
  });
  aut.open(1, where());
  events.next<opened>();
  aut.grant(1);
  CAF_CHECK(
    events.quiet_for(200ms)); // Long enough for ping and pong; the check below is the proof.
  aut.send("now");
  CAF_CHECK_EQUAL(events.next<text_came>().text, "ponged");
}

CAF_TEST(a goodbye is said with its code and nothing is heard after it) {
  // The server's thread may outlive this body: what both use belongs to both.
  auto heard = std::make_shared<std::promise<std::uint16_t>>();
  serve_chat([heard](stream& ws) {
    boost::system::error_code problem;
    beast::flat_buffer buffer;
    ws.read(buffer, problem);
    heard->set_value(ws.reason().code);
  });
  aut.open(1, where());
  events.next<opened>();
  aut.close(1000);
  auto code = heard->get_future();
  CAF_REQUIRE(code.wait_for(10s) == std::future_status::ready);
  CAF_CHECK_EQUAL(code.get(), 1000);
  CAF_CHECK(events.quiet_for(200ms));
}

CAF_TEST(versions that do not fit are said with what to upgrade) {
  const std::string body = "the subprotocol spoken here is callboard.v2\n";
  serve_bytes("HTTP/1.1 400 Bad Request\r\nContent-Length: " + std::to_string(body.size())
              + "\r\n\r\n" + body);
  const auto why = open_and_fail();
  CAF_CHECK(why.kind == closing::reason::mismatch);
  for (const auto* const part : {"callboard.v2", "callboard.v1", "upgrade the client"})
    CAF_CHECK(why.why.find(part) != std::string::npos);
}

CAF_TEST(a server of an older version is to be upgraded) {
  serve_chat([](stream&) {}, "callboard.v0");
  const auto why = open_and_fail();
  CAF_CHECK(why.kind == closing::reason::mismatch);
  CAF_CHECK(why.why.find("upgrade the server") != std::string::npos);
}

CAF_TEST(stopping does not wait for a server that says nothing) {
  std::promise<void> may_end;
  serve_chat([ended = may_end.get_future().share()](stream&) { ended.wait_for(20s); });
  aut.open(1, where());
  events.next<opened>();
  const auto began = std::chrono::steady_clock::now();
  aut.stop();
  CAF_CHECK(std::chrono::steady_clock::now() - began < 5s);
  may_end.set_value();
}

CAF_TEST(a link that tries again while everything ends opens nothing) {
  // As when a command gives up just when its link would have dialled: the listener, still in the
  // transport's thread, asks for a connection behind the stop. It ended with std::terminate once.
  for (int round = 0; round < 10; ++round) {
    websocket_transport ending{{500ms, 500ms, 1000}};
    std::promise<void> failed;
    std::promise<void> stopping;
    auto stopped = stopping.get_future().share();
    const endpoint nobody{"127.0.0.1", "1", "/"};
    ending.listen([&, first = true](const transport_event& event) mutable {
      if (!std::holds_alternative<closed>(event) || !std::exchange(first, false))
        return;
      failed.set_value();
      stopped.wait();
      std::this_thread::sleep_for(20ms); // So that the stop is most likely queued. Either order is
      ending.open(2, nobody);            // good; only this one has ever been wrong.
    });
    ending.open(1, nobody);
    failed.get_future().wait();
    std::thread stopper{[&] {
      stopping.set_value();
      ending.stop();
    }};
    stopper.join();
  }
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace websocket_transport_suite
