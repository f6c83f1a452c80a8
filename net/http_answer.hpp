// One HTTP response as plain data, and its head as bytes.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace callboard {

struct http_answer {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::shared_ptr<const std::string> body; ///< Null: none.
  std::string fields;                      ///< Further header lines, each with its "\r\n".
  bool close = false;                      ///< The connection ends with this response.
  bool streams = false; ///< Its body comes in time and ends with the connection: no length.
};

/// An answer that says one sentence.
[[nodiscard]] http_answer plain_answer(unsigned status, std::string_view sentence);

/// As plain_answer(), ending the connection.
[[nodiscard]] http_answer last_answer(unsigned status, std::string_view sentence);

/// Status line and header, the empty line included. Every response carries the headers that keep a
/// browser from doing more with it than is meant.
[[nodiscard]] std::string head_of(const http_answer& answer);

} // namespace callboard
