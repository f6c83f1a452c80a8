// What people read about `callboard` without running it: help, completion scripts and the man page.
// All of it is made from client/option_table.hpp.
#pragma once

#include "client/option_table.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace callboard::client {

/// Of the whole program; or of one command, whose example comes first.
[[nodiscard]] std::string help_of_program();
[[nodiscard]] std::string help_of(invocation::what command);

/// For bash, zsh or fish; nothing for another.
[[nodiscard]] std::optional<std::string> completion_for(std::string_view shell);

/// callboard(1), as roff.
[[nodiscard]] std::string manual_page();

} // namespace callboard::client
