// A script of the page as lines without comments and indentation. Strings, templates and regular
// expressions come out byte for byte as they went in.
#pragma once

#include "server/pack/complaint.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::pack {

struct script_line {
  std::size_t number = 0; ///< In the source, from 1.
  bool top = false;       ///< Begins outside of all brackets and templates.
  std::string text;       ///< Never empty, unless it lies within a template.
};

/// Throws `broken` at what does not end: a string, a template, a regular expression, a comment.
/// Complains of `import` and `export` anywhere but at the start of a line outside all brackets.
[[nodiscard]] std::vector<script_line> lines_of(const std::string& file, std::string_view text,
                                                complaints& found);

/// A style sheet without comments and indentation. Throws `broken` as above.
[[nodiscard]] std::string squeezed_style(const std::string& file, std::string_view text);

} // namespace callboard::pack
