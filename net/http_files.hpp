// The page's files in memory: which bytes a request for one gets, and what is said about them.
#pragma once

#include "net/content_coding.hpp"
#include "net/http_answer.hpp"
#include "net/server.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callboard {

/// One form of a file's bytes.
struct file_form {
  content_coding coding = content_coding::identity;
  std::shared_ptr<const std::string> bytes; ///< Shared with the writes that are under way.
  std::string etag; ///< Quoted; from these bytes: a strong tag names one form only.
};

struct served_file {
  std::string path;
  std::string type;
  bool immutable = false;
  std::vector<file_form> forms; ///< Smallest first, identity last.
};

/// The files of the settings.
[[nodiscard]] std::vector<served_file> files_of(const server_settings& settings);

/// The form that the client takes, 304 if it has that one, 406 if it takes none.
[[nodiscard]] http_answer file_answer(const served_file& file,
                                      std::optional<std::string_view> accept_encoding,
                                      std::string_view if_none_match);

/// A file that was just read: cached nowhere, since a reload must show what the editor has saved.
[[nodiscard]] http_answer fresh_answer(const static_file& file);

} // namespace callboard
