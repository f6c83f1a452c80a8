// Samples as the JSON of docs/stats.md.
#pragma once

#include "net/stats_feed.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callboard {

/// The object of a `history` event.
[[nodiscard]] std::string history_text(std::string_view server,
                                       const std::deque<stats_sample>& samples);

/// The object of a `sample` event.
[[nodiscard]] std::string
sample_text(const stats_sample& sample,
            const std::vector<std::pair<std::string, std::size_t>>& mailboxes,
            const std::vector<std::pair<std::string, double>>& busiest);

} // namespace callboard
