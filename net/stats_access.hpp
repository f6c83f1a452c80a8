// Who may see figures: an operator with the token, or, where there is none, who sits at the
// machine.
#pragma once

#include "net/http_answer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace callboard {

/// What of a request tells who asks. Views into the request.
struct stats_visitor {
  bool local = false;  ///< The socket's peer has a loopback address.
  bool passed = false; ///< A proxy says that it passed the request on.
  std::string_view host;
  std::optional<std::string_view> authorization;
};

/// Nothing for whoever may look; else 401 or 403 with what to do. An empty `admin_token`: there is
/// none.
[[nodiscard]] std::optional<http_answer> refuse_stats(const stats_visitor& who,
                                                      std::string_view admin_token);

} // namespace callboard
