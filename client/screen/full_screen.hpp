// The client on a full screen, from the terminal's taking over to its giving back.
#pragma once

#include "client/invocation.hpp"
#include "client/post_journal.hpp"
#include "client/printer.hpp"
#include "client/token_file.hpp"

#include <optional>

namespace callboard::client {

/// True when stdin and stdout are a terminal that can be addressed, and LC_CTYPE could be set to
/// UTF-8, which this does.
[[nodiscard]] bool can_fill_screen(const environment& variables);

/// Runs `callboard ROOM…` and returns its exit code; the process is to end now. Nothing, and why on
/// `out`, when the terminal cannot be used: then the line mode can.
[[nodiscard]] std::optional<int> run_full_screen(const invocation& what, token_store tokens,
                                                 journal_opener journal, printer& out);

} // namespace callboard::client
