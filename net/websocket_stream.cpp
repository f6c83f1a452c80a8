// Beast's defaults are far too wide for a public port (16 MiB messages, compression, its own
// timers): each is set here.
#include "net/websocket_stream.hpp"

#include "net/http_request.hpp"
#include "net/outbox_layer.hpp"

#include <boost/beast/websocket/stream.hpp>

#include <utility>

namespace callboard {

namespace websocket = boost::beast::websocket;

namespace {

constexpr std::size_t usual_read = 1536; // What Beast reads from the socket at once.

/// A close reason of at most 123 bytes (RFC 6455 section 5.5), not cut within a code point.
std::string_view fitting(std::string_view reason) {
  constexpr std::size_t longest = 123;
  if (reason.size() <= longest)
    return reason;
  auto end = longest;
  while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80U)
    --end;
  return reason.substr(0, end);
}

} // namespace

struct websocket_stream::beast_stream {
  explicit beast_stream(std::shared_ptr<outbox> box) : ws{std::move(box)} {}

  // Without deflate: a bomb cannot be inflated by code that is not there.
  websocket::stream<outbox_layer, false> ws;
};

websocket_stream::websocket_stream(std::shared_ptr<outbox> box, std::size_t message_bytes)
  : inside_{std::make_unique<beast_stream>(std::move(box))} {
  auto& ws = inside_->ws;
  ws.read_message_max(message_bytes);
  ws.write_buffer_bytes(8); // The least there is: messages are not written through Beast.
  ws.auto_fragment(false);
  ws.set_option(websocket::stream_base::timeout{websocket::stream_base::none(),
                                                websocket::stream_base::none(), false});
}

websocket_stream::~websocket_stream() = default;

void websocket_stream::accept(const std::shared_ptr<stream_events>& who,
                              const http_request& request, std::string_view subprotocol) {
  namespace http = boost::beast::http;
  auto& ws = inside_->ws;
  ws.control_callback([listener = std::weak_ptr{who}](websocket::frame_type kind, auto /*text*/) {
    if (const auto alive = listener.lock())
      alive->on_control(kind == websocket::frame_type::close);
  });
  ws.set_option(websocket::stream_base::decorator(
    [protocol = std::string{subprotocol}](websocket::response_type& response) {
      response.set(http::field::server, "callboard"); // No version banner.
      if (!protocol.empty())
        response.set(http::field::sec_websocket_protocol, protocol);
    }));
  ws.async_accept(request.message, [who](error_code ec) { who->on_accepted(ec); });
}

void websocket_stream::read_some(const std::shared_ptr<stream_events>& who, char* into,
                                 std::size_t bytes) {
  inside_->ws.async_read_some(asio::mutable_buffer{into, bytes},
                              [who](error_code ec, std::size_t came) { who->on_read(ec, came); });
}

bool websocket_stream::message_done() const {
  return inside_->ws.is_message_done();
}

bool websocket_stream::binary() const {
  return inside_->ws.got_binary();
}

std::size_t websocket_stream::read_size_hint() const {
  return inside_->ws.read_size_hint(usual_read);
}

void websocket_stream::close(const std::shared_ptr<stream_events>& who, close_code code,
                             std::string_view reason) {
  const auto cut = fitting(reason);
  const websocket::close_reason full{static_cast<websocket::close_code>(code),
                                     {cut.data(), cut.size()}};
  inside_->ws.async_close(full, [who](error_code /*the end either way*/) { who->on_closed(); });
}

} // namespace callboard
