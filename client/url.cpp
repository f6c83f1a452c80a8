// RFC 3986 as far as a WebSocket client needs it; everything else is refused, not guessed.
#include "client/url.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace callboard::client {

namespace {

constexpr std::string_view expected_form = "a URL like ws://127.0.0.1:8000/";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool take_scheme(std::string_view& text, std::string_view scheme) {
  const bool same = text.size() >= scheme.size()
                    && std::equal(scheme.begin(), scheme.end(), text.begin(),
                                  [](char wanted, char given) { return wanted == lower(given); });
  if (same)
    text.remove_prefix(scheme.size());
  return same;
}

/// Without this, a line end in SERVER_URL would write further header fields into the request.
bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

bool is_port(std::string_view text) {
  std::uint32_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  return failure == std::errc{} && rest == end && number >= 1 && number <= 65535;
}

/// `host`, `host:port` or `[v6]:port`.
std::optional<endpoint> read_authority(std::string_view text) {
  endpoint where;
  where.port = "80";
  std::string_view behind;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos)
      return std::nullopt;
    where.host = text.substr(1, end - 1);
    behind = text.substr(end + 1);
    const bool address =
      where.host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string::npos;
    if (!address)
      return std::nullopt;
  } else {
    const auto colon = text.find(':');
    where.host = text.substr(0, colon);
    behind = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
  }
  if (behind.starts_with(':')) {
    if (!is_port(behind.substr(1)))
      return std::nullopt;
    where.port = behind.substr(1);
  } else if (!behind.empty()) {
    return std::nullopt;
  }
  if (where.host.empty())
    return std::nullopt;
  return where;
}

} // namespace

std::variant<endpoint, bad_url> parse_url(std::string_view text) {
  if (!is_visible_ascii(text))
    return bad_url{std::string{expected_form} + " without spaces or control characters"};
  if (take_scheme(text, "wss://") || take_scheme(text, "https://"))
    return bad_url{"ws:// or http://: TLS is not built in yet (use a tunnel, such as ssh -L)"};
  if (!take_scheme(text, "ws://") && !take_scheme(text, "http://"))
    return bad_url{std::string{expected_form}};
  if (text.find('#') != std::string_view::npos)
    return bad_url{std::string{expected_form} + " without #"};
  const auto slash = text.find_first_of("/?");
  const auto authority = text.substr(0, slash);
  if (authority.find('@') != std::string_view::npos)
    return bad_url{std::string{expected_form} + " without user and password"};
  auto where = read_authority(authority);
  if (!where)
    return bad_url{std::string{expected_form}};
  if (slash != std::string_view::npos) {
    where->target = text.substr(slash);
    if (where->target.front() == '?')
      where->target.insert(0, "/");
  }
  return *where;
}

std::string authority(const endpoint& where) {
  const bool v6 = where.host.find(':') != std::string::npos;
  return (v6 ? "[" + where.host + "]" : where.host) + ":" + where.port;
}

} // namespace callboard::client
