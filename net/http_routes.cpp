// Targets are compared whole with a list of known ones: there is no path to traverse.
#include "net/http_routes.hpp"

#include "net/metrics.hpp"
#include "wire/frame.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace callboard {

namespace {

/// FNV-1a: a name for the bytes, not a proof of them.
std::string etag_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const auto byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 0x100000001b3U;
  }
  std::array<char, 16> digits{};
  auto* const end = std::to_chars(digits.data(), digits.data() + digits.size(), hash, 16).ptr;
  return '"' + std::string{digits.data(), end} + '"';
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// True if `list`, separated by commas, has `wanted`.
bool lists(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (trimmed(list.substr(0, comma)) == wanted)
      return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

http_answer file_answer(const served_file& file, std::string_view if_none_match) {
  http_answer answer;
  answer.fields = "ETag: " + file.etag + "\r\nCache-Control: no-cache\r\n";
  answer.type = file.type;
  if (trimmed(if_none_match) == "*" || lists(if_none_match, file.etag)
      || lists(if_none_match, "W/" + file.etag)) // A proxy that compresses makes it weak.
    answer.status = 304;
  else
    answer.body = file.bytes;
  return answer;
}

/// A reload must show what the editor has just saved.
http_answer fresh_answer(const static_file& file) {
  http_answer answer;
  answer.fields = "Cache-Control: no-store\r\n";
  answer.type = file.type;
  answer.body = std::make_shared<const std::string>(file.bytes);
  return answer;
}

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
  if (where.settings.find_file) {
    const auto found = where.settings.find_file(path);
    return found ? std::optional{fresh_answer(*found)} : std::nullopt;
  }
  const auto file = std::find_if(where.files.begin(), where.files.end(),
                                 [path](const served_file& one) { return one.path == path; });
  if (file != where.files.end())
    return file_answer(*file, question.if_none_match);
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

std::vector<served_file> files_of(const server_settings& settings) {
  std::vector<served_file> files;
  const auto add = [&files](std::string path, std::string type, const std::string& bytes) {
    files.push_back({std::move(path), std::move(type), std::make_shared<const std::string>(bytes),
                     etag_of(bytes)});
  };
  add("/", "text/html; charset=utf-8", settings.page);
  for (const auto& asset : settings.assets)
    add(asset.path, asset.type, asset.bytes);
  return files;
}

} // namespace callboard
