// The files of web/, packed by callboard-pack and compiled into the server.
#pragma once

#include <span>
#include <string_view>

namespace callboard::web {

struct packed_file {
  std::string_view path;
  std::string_view type;
  bool immutable; ///< Its path changes with its bytes.
  std::string_view plain;
  std::string_view gzip;   ///< Empty: larger than plain.
  std::string_view brotli; ///< As above.
};

[[nodiscard]] std::span<const packed_file> files();

} // namespace callboard::web
