// Without a token, a loopback address is not enough: a page elsewhere can make a browser here ask
// under a name that leads to 127.0.0.1, and a proxy on the same machine asks for everybody.
#include "net/stats_access.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace callboard {

namespace {

/// Takes as long whatever is right about `shown`; only its length shows.
bool same_secret(std::string_view shown, std::string_view secret) {
  if (shown.size() != secret.size())
    return false;
  unsigned different = 0;
  for (std::size_t i = 0; i < secret.size(); ++i)
    different |= static_cast<unsigned>(static_cast<unsigned char>(shown[i])
                                       ^ static_cast<unsigned char>(secret[i]));
  return different == 0;
}

/// 0 to 63, or 64 for what is no digit of base64.
unsigned digit_of(char c) {
  constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return static_cast<unsigned>(std::min(digits.find(c), digits.size()));
}

/// The bytes up to the padding; nothing if it is not base64 (RFC 4648 section 4).
std::optional<std::string> from_base64(std::string_view text) {
  while (!text.empty() && text.back() == '=')
    text.remove_suffix(1);
  std::string bytes;
  unsigned bits = 0;
  unsigned held = 0;
  for (const auto c : text) {
    const auto digit = digit_of(c);
    if (digit > 63)
      return {};
    held = ((held << 6U) | digit) & 0xFFFFU;
    bits += 6;
    if (bits < 8)
      continue;
    bits -= 8;
    bytes += static_cast<char>((held >> bits) & 0xFFU);
  }
  return bytes;
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() > word.size()
         && std::equal(
           word.begin(), word.end(), text.begin(),
           [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); })
         && text[word.size()] == ' ';
}

bool shows(std::string_view authorization, std::string_view token) {
  constexpr std::string_view bearer = "bearer";
  constexpr std::string_view basic = "basic";
  if (starts_with_word(authorization, bearer))
    return same_secret(authorization.substr(bearer.size() + 1), token);
  if (!starts_with_word(authorization, basic))
    return false;
  const auto pair = from_base64(authorization.substr(basic.size() + 1));
  const auto colon = pair ? pair->find(':') : std::string::npos;
  return colon != std::string::npos && same_secret(pair->substr(colon + 1), token);
}

bool is_number(std::string_view text, int most) {
  int number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return !text.empty() && error == std::errc{} && stopped == end && number >= 0 && number <= most;
}

/// Four decimal numbers, the first of which is 127.
bool is_loopback_v4(std::string_view host) {
  if (!host.starts_with("127."))
    return false;
  int parts = 0;
  for (;;) {
    const auto dot = host.find('.');
    if (!is_number(host.substr(0, dot), 255))
      return false;
    ++parts;
    if (dot == std::string_view::npos)
      return parts == 4;
    host.remove_prefix(dot + 1);
  }
}

/// "localhost", an address of 127.0.0.0/8 or "[::1]", with or without a port.
bool names_loopback(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && is_number(host.substr(colon + 1), 65535))
    host = host.substr(0, colon);
  return host == "localhost" || host == "[::1]" || is_loopback_v4(host);
}

} // namespace

std::optional<http_answer> refuse_stats(const stats_visitor& who, std::string_view admin_token) {
  if (!admin_token.empty()) {
    if (who.authorization && shows(*who.authorization, admin_token))
      return {};
    auto refusal =
      plain_answer(401, "figures need the server's ADMIN_TOKEN: as the password with any"
                        " name, or as Authorization: Bearer TOKEN");
    refusal.fields += "WWW-Authenticate: Basic realm=\"callboard figures\", charset=\"UTF-8\"\r\n";
    return refusal;
  }
  if (who.local && !who.passed && names_loopback(who.host))
    return {};
  return plain_answer(403, "figures are shown on the server's own machine only, at"
                           " http://127.0.0.1; from elsewhere they need ADMIN_TOKEN to be set");
}

} // namespace callboard
