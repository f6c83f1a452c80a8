// Where a client keeps the token that makes it the same author next time: one file for each server
// and name, readable by its owner only.
#pragma once

#include "runtime/options.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace callboard::client {

/// The tokens of one server. Other processes of the same user may write at the same time.
class token_store {
public:
  /// $XDG_STATE_HOME/callboard, else $HOME/.local/state/callboard; neither: keeps nothing.
  token_store(const environment& variables, std::string server);

  /// The token of that name, or nothing.
  [[nodiscard]] std::optional<std::string> load(std::string_view name) const;

  /// Nothing, or why it could not be kept.
  [[nodiscard]] std::optional<std::string> save(std::string_view name,
                                                std::string_view token) const;

  /// Where this user's files of the client are; empty: nowhere.
  [[nodiscard]] const std::string& folder() const { return folder_; }

private:
  [[nodiscard]] std::string path_of(std::string_view name) const;

  std::string folder_; ///< Empty: none.
  std::string server_;
};

} // namespace callboard::client
