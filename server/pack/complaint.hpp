// What is wrong with a file of web/, and where: as compilers write it, so that editors jump there.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace callboard::pack {

struct complaint {
  std::string file;
  std::size_t line = 0; ///< From 1; 0: the file as a whole.
  std::string what;

  /// "main.js:12: error: …"
  [[nodiscard]] std::string text() const {
    return file + (line == 0 ? std::string{} : ":" + std::to_string(line)) + ": error: " + what;
  }
};

using complaints = std::vector<complaint>;

/// Reading further is worth nothing.
struct broken {
  complaint why;
};

} // namespace callboard::pack
