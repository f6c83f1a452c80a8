// The file that carries the input history from one process to the next. Readable by its owner only;
// without a folder, or with a full disk, the history lives as long as the process.
#pragma once

#include "client/screen/input_history.hpp"

#include <string>

namespace callboard::client {

class history_file {
public:
  /// `folder` may be empty: nothing is kept then.
  explicit history_file(const std::string& folder);

  /// Everything that earlier processes kept, at most `input_history::most` lines.
  void load(input_history& into) const;

  /// One line more, written at once: whole or not at all beside those of other processes.
  void append(const std::string& line) const;

private:
  std::string path_; ///< Empty: none.
};

} // namespace callboard::client
