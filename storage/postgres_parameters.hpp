// What the statements that append are given: a batch as arrays, one value for each draft.
#pragma once

#include "storage/numbering.hpp"

#include <array>
#include <span>
#include <string>

namespace callboard {

/// The parameters of append_entries().
[[nodiscard]] std::array<std::string, 8> encode(std::span<const draft_ptr> batch);

/// The parameters of append_numbered().
[[nodiscard]] std::array<std::string, 10> encode(const numbered_batch& batch);

} // namespace callboard
