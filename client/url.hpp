// Where the server is, out of a URL. What this page lets through can be dialled and put into an
// HTTP request line as it is.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace callboard::client {

struct endpoint {
  std::string host; ///< A name or an address; IPv6 without its brackets.
  std::string port; ///< Decimal, 1 to 65535.
  std::string target = "/";

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// What was expected instead, as a phrase.
struct bad_url {
  std::string expected;
};

/// `ws://host[:port][/path][?query]`; `http://` means the same. Without a port: 80. `wss://` and
/// `https://` are refused and not silently spoken in the clear.
[[nodiscard]] std::variant<endpoint, bad_url> parse_url(std::string_view text);

/// "host:port", with brackets around IPv6: the `Host` field, and how people read it.
[[nodiscard]] std::string authority(const endpoint& where);

} // namespace callboard::client
