// From an errno to a sentence that says what to do.
#pragma once

#include "net/server.hpp"

#include <cstdint>
#include <string>

namespace callboard {

/// Why socket, bind or listen failed with `error` (an errno).
[[nodiscard]] listen_error explain_listen(int error, const std::string& host, std::uint16_t port);

/// The host is neither an IP address nor "localhost".
[[nodiscard]] listen_error explain_host(const std::string& host, std::uint16_t port);

} // namespace callboard
