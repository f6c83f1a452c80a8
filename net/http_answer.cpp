// Responses are written by hand: they are few, and no serializer can then write twice at once.
#include "net/http_answer.hpp"

#include <array>
#include <ctime>

namespace callboard {

namespace {

/// Nothing but our own files may run, load or be talked to, and nobody may frame the page.
constexpr std::string_view guard_fields =
  "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
  "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
  "frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; "
  "trusted-types 'none'\r\n"
  "X-Content-Type-Options: nosniff\r\n"
  "Referrer-Policy: no-referrer\r\n"
  "Cross-Origin-Opener-Policy: same-origin\r\n"
  "Cross-Origin-Resource-Policy: same-origin\r\n"
  "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n"
  "Server: callboard\r\n";

std::string_view reason_of(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 413:
      return "Content Too Large";
    case 426:
      return "Upgrade Required";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

/// RFC 9110 section 6.6.1. The "C" locale gives English names, and we never set another.
std::string date_now() {
  const auto now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 64> text{};
  const auto size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

} // namespace

http_answer plain_answer(unsigned status, std::string_view sentence) {
  http_answer answer;
  answer.status = status;
  answer.body = std::make_shared<const std::string>(std::string{sentence} + "\n");
  answer.fields = "Cache-Control: no-store\r\n";
  return answer;
}

http_answer last_answer(unsigned status, std::string_view sentence) {
  auto answer = plain_answer(status, sentence);
  answer.close = true;
  return answer;
}

std::string head_of(const http_answer& answer) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " ";
  head += reason_of(answer.status);
  head += "\r\nDate: " + date_now() + "\r\n";
  head += guard_fields;
  head += answer.fields;
  if (answer.status != 304) { // RFC 9110 section 15.4.5: no length of a body that is not sent.
    if (answer.body || answer.streams)
      head += "Content-Type: " + answer.type + "\r\n";
    if (!answer.streams)
      head += "Content-Length: " + std::to_string(answer.body ? answer.body->size() : 0) + "\r\n";
  }
  head += answer.close ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n";
  return head;
}

} // namespace callboard
