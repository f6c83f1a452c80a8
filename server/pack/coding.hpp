// Bytes made smaller once, at the strongest setting. The same bytes give the same result.
#pragma once

#include <string>
#include <string_view>

namespace callboard::pack {

/// gzip -9 without name and time. Throws std::runtime_error if zlib fails.
[[nodiscard]] std::string gzipped(std::string_view bytes);

/// Brotli at quality 11. Throws std::runtime_error if the library fails.
[[nodiscard]] std::string brotlied(std::string_view bytes);

/// 64 bits of the bytes in hexadecimal, for URLs.
[[nodiscard]] std::string content_hash(std::string_view bytes);

} // namespace callboard::pack
