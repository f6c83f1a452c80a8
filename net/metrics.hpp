// The server's figures in Prometheus' text format.
#pragma once

#include "actors/status.hpp"

#include <cstddef>
#include <string>

namespace callboard {

/// Exposition format 0.0.4: HELP and TYPE before each figure.
[[nodiscard]] std::string metrics_text(const server_status& status, std::size_t connections);

} // namespace callboard
