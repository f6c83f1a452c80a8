// The one file that knows zlib and brotli; only the build runs it, the server never compresses.
#include "server/pack/coding.hpp"

#include "domain/fingerprint.hpp"

#include <brotli/encode.h>
#include <cstdint>
#include <stdexcept>
#include <zlib.h>

namespace callboard::pack {

std::string gzipped(std::string_view bytes) {
  constexpr int with_gzip_head = 16;
  constexpr int most_memory = 9;
  z_stream work{};
  if (deflateInit2(&work, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + with_gzip_head, most_memory,
                   Z_DEFAULT_STRATEGY)
      != Z_OK)
    throw std::runtime_error{"zlib does not start"};
  std::string out(deflateBound(&work, bytes.size()), '\0');
  std::string in{bytes}; // zlib's interface takes bytes that it does not change as changeable.
  work.next_in = reinterpret_cast<Bytef*>(in.data());
  work.avail_in = static_cast<uInt>(in.size());
  work.next_out = reinterpret_cast<Bytef*>(out.data());
  work.avail_out = static_cast<uInt>(out.size());
  const auto ended = deflate(&work, Z_FINISH);
  out.resize(work.total_out);
  deflateEnd(&work);
  if (ended != Z_STREAM_END)
    throw std::runtime_error{"zlib does not end"};
  return out;
}

std::string brotlied(std::string_view bytes) {
  auto size = BrotliEncoderMaxCompressedSize(bytes.size());
  std::string out(size, '\0');
  if (BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_MAX_WINDOW_BITS, BROTLI_MODE_TEXT,
                            bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()),
                            &size, reinterpret_cast<std::uint8_t*>(out.data()))
      == BROTLI_FALSE)
    throw std::runtime_error{"brotli fails"};
  out.resize(size);
  return out;
}

std::string content_hash(std::string_view bytes) {
  return fingerprint(bytes);
}

} // namespace callboard::pack
