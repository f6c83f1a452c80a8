// The page from a directory, for whoever works on it. Only plain names of known kinds directly
// inside that directory are ever opened: a request cannot lead anywhere else.
#pragma once

#include "net/server.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace callboard {

/// Why a directory cannot serve the page, in words for the operator.
struct web_dir_error {
  std::string what;
  std::string cause;
};

/// A directory that holds index.html. Thread-safe; keeps one descriptor open.
class web_dir {
public:
  /// Opens the directory, or says why not.
  [[nodiscard]] static std::variant<web_dir, web_dir_error> open(const std::string& path);

  web_dir(web_dir&& other) noexcept;
  web_dir(const web_dir&) = delete;
  web_dir& operator=(const web_dir&) = delete;
  ~web_dir();

  /// `/` is index.html, `/stats` stats.html, `/assets/NAME` NAME; read anew each time. Nothing if
  /// there is no such regular file (links included), its name is not plain or it is above 4 MiB.
  [[nodiscard]] std::optional<static_file> find(std::string_view path) const;

private:
  explicit web_dir(int directory) : directory_{directory} {}

  int directory_;
};

} // namespace callboard
