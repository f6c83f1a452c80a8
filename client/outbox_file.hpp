// The outbox on disk: an append-only file for each process, so that what was typed survives kill
// -9, and is sent by one process only: whoever holds the file's lock.
#pragma once

#include "client/post_journal.hpp"

#include <string>

namespace callboard::client {

/// Opens journals of one server in `folder`. Files of that server and author that nobody holds are
/// taken over, oldest first: their processes have ended. Damaged ones are set aside and salvaged.
[[nodiscard]] journal_opener outbox_files(std::string folder, std::string server);

} // namespace callboard::client
