// Where the client keeps what it must not forget, and how it names files after servers and people
// whose names are no file names.
#pragma once

#include "runtime/options.hpp"

#include <string>
#include <string_view>

namespace callboard::client {

/// $XDG_STATE_HOME/callboard, else $HOME/.local/state/callboard; empty when neither is an absolute
/// path.
[[nodiscard]] std::string state_folder(const environment& variables);

/// 16 hexadecimal digits. For names of files: no secret depends on it, and a file says inside whose
/// it is.
[[nodiscard]] std::string name_hash(std::string_view text);

} // namespace callboard::client
