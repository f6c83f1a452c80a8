// The pages of web/ with all that they need, ready to be compiled into the server.
#pragma once

#include "server/pack/bundle.hpp"
#include "server/pack/complaint.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace callboard::pack {

struct packed {
  std::string path; ///< "/assets/main.0123456789abcdef.js"
  std::string type;
  bool immutable = false; ///< Its path changes with its bytes.
  std::string plain;
  std::string gzip;
  std::string brotli;
};

/// A page and what its budget is: bytes of brotli and requests of a first visit, all files counted.
struct page_plan {
  std::string file; ///< "index.html"
  std::string path; ///< "/"
  std::size_t bytes = 0;
  std::size_t requests = 0;
};

struct page_weight {
  std::string path;
  std::size_t bytes = 0;
  std::size_t requests = 0;
};

struct packed_site {
  std::vector<packed> files; ///< Each once, however many pages need it.
  std::vector<page_weight> weights;
  complaints found; ///< With any, the rest is worth nothing.
};

/// Puts a hash into each `"/assets/NAME"` of the pages; scripts are bundled, style sheets squeezed.
/// A page whose file is missing is left out; the first page must be there.
[[nodiscard]] packed_site pack_site(const std::vector<page_plan>& pages, const read_file& read);

/// "page / 23,456 of 30,720 bytes in brotli, 3 of 4 requests"
[[nodiscard]] std::string weight_text(const page_plan& plan, const page_weight& weight);

} // namespace callboard::pack
