// The rows of the server's table that set a bound: one for each of domain/limits.hpp and
// domain/socket_limits.hpp, whose values at that time are the defaults shown.
#pragma once

#include "domain/limits.hpp"
#include "domain/socket_limits.hpp"
#include "runtime/options.hpp"

#include <string>
#include <vector>

namespace callboard {

/// Both write into bounds that outlive the table.
void add_limits(std::vector<option>& table, limits& into);
void add_socket_limits(std::vector<option>& table, socket_limits& into);

/// What no row can see alone: a sentence for each pair of bounds that cannot both hold.
[[nodiscard]] std::vector<std::string> contradictions(const limits& bounds);

} // namespace callboard
