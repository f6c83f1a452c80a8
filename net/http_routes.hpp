// Which response a request gets. Plain functions: no socket, no Beast.
#pragma once

#include "actors/connection.hpp"
#include "net/http_answer.hpp"
#include "net/site.hpp"
#include "net/stats_access.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace callboard {

/// What of a request matters here. Views into the request.
struct http_question {
  std::string_view method;
  std::string_view target;
  std::string_view if_none_match;
  std::optional<std::string_view> accept_encoding; ///< All its lines, joined by commas.
  std::function<stats_visitor()> who;              ///< Costs a system call: asked for /stats only.
};

/// The files, `/healthz`, `/readyz`, `/metrics` and, for operators, `/stats` and its events; else
/// 404, and 405 for other methods. The answer to HEAD has the body that GET would get: whoever
/// writes it leaves that out.
[[nodiscard]] http_answer route(const http_question& question, const site& where);

/// What of an upgrade request matters.
struct upgrade_question {
  std::string_view target;
  std::string_view host;
  std::optional<std::string_view> origin;
  std::optional<std::string> protocols; ///< All `Sec-WebSocket-Protocol` lines, joined by commas.
  std::string_view version;
  std::string_view key;
};

/// The dialect to speak, or the response that refuses. A page of another origin is refused, since a
/// browser would let it connect to a server on its user's own machine.
[[nodiscard]] std::variant<dialect, http_answer> admit(const upgrade_question& question,
                                                       const server_settings& settings);

} // namespace callboard
