// Targets are compared whole with a list of known ones: there is no path to traverse.
#include "net/http_routes.hpp"

#include "net/list_field.hpp"
#include "net/metrics.hpp"
#include "wire/frame.hpp"

#include <algorithm>

namespace callboard {

namespace {

std::optional<http_answer> find_answer(const http_question& question, const site& where) {
  const auto path = question.target.substr(0, question.target.find('?'));
  if (path == "/healthz")
    return plain_answer(200, "ok");
  if (path == "/readyz")
    return where.status->store_ready.load() && !where.draining.load()
             ? plain_answer(200, "ready")
             : plain_answer(503, "a post would not be stored now");
  if (path == "/metrics") {
    auto answer = plain_answer(200, {});
    answer.type = "text/plain; version=0.0.4; charset=utf-8";
    answer.body =
      std::make_shared<const std::string>(metrics_text(*where.status, where.connections.load()));
    return answer;
  }
  if (path == "/stats" || path == "/stats/events")
    if (auto refusal = refuse_stats(question.who(), where.settings.admin_token))
      return refusal;
  if (path == "/stats/events") {
    http_answer stream;
    stream.type = "text/event-stream";
    // nginx would else keep events back until it has enough of them.
    stream.fields = "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n";
    stream.streams = true;
    stream.close = true;
    return stream;
  }
  if (where.settings.find_file) {
    const auto found = where.settings.find_file(path);
    return found ? std::optional{fresh_answer(*found)} : std::nullopt;
  }
  const auto file = std::find_if(where.files.begin(), where.files.end(),
                                 [path](const served_file& one) { return one.path == path; });
  if (file != where.files.end())
    return file_answer(*file, question.accept_encoding, question.if_none_match);
  return {};
}

bool origin_is_known(std::string_view origin, std::string_view host,
                     const std::vector<std::string>& allowed) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme) && origin.substr(scheme.size()) == host && !host.empty())
      return true;
  }
  return std::any_of(allowed.begin(), allowed.end(),
                     [origin](const std::string& one) { return one == "*" || one == origin; });
}

} // namespace

http_answer route(const http_question& question, const site& where) {
  // RFC 9112 section 3.2: a server that is no proxy is asked for a path.
  if (!question.target.starts_with('/') && question.target != "*")
    return last_answer(400, "the request target must be a path");
  if (question.target == "*" && question.method != "OPTIONS")
    return last_answer(400, "the request target must be a path");
  auto answer = find_answer(question, where);
  if (!answer && question.target != "*")
    return plain_answer(404, "there is nothing here");
  if (question.method == "GET" || question.method == "HEAD")
    return std::move(*answer);
  // Whatever body came with it is not looked at, so that the connection ends.
  auto refusal = last_answer(405, "only GET and HEAD are answered here");
  refusal.fields += "Allow: GET, HEAD\r\n";
  return refusal;
}

std::variant<dialect, http_answer> admit(const upgrade_question& question,
                                         const server_settings& settings) {
  const auto path = question.target.substr(0, question.target.find('?'));
  if (path != "/" && path != "/ws")
    return last_answer(404, "WebSockets are at / and /ws");
  if (question.version != "13") {
    auto refusal = last_answer(426, "WebSocket version 13 is spoken here");
    refusal.fields += "Sec-WebSocket-Version: 13\r\n";
    return refusal;
  }
  constexpr std::size_t key_size = 24; // 16 bytes in base64, RFC 6455 section 4.1
  if (question.key.size() != key_size)
    return last_answer(400, "Sec-WebSocket-Key must be 16 bytes in base64");
  if (question.origin
      && !origin_is_known(*question.origin, question.host, settings.allowed_origins))
    return last_answer(403, "pages of this origin may not connect;"
                            " the operator can list it in ALLOWED_ORIGINS");
  if (!question.protocols)
    return dialect::go_chat;
  if (lists(*question.protocols, wire::subprotocol))
    return dialect::v1;
  return last_answer(400, std::string{"the subprotocol spoken here is "} + wire::subprotocol);
}

} // namespace callboard
