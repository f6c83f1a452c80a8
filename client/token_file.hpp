// Where a client keeps what makes it the same author next time, the token and until there is one
// the claim: one file of each for each server and name, readable by its owner only.
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

  /// Why the token of that name is there and cannot be read; nothing when it can, or is not there.
  [[nodiscard]] std::optional<std::string> trouble(std::string_view name) const;

  /// Nothing, or why it could not be kept.
  [[nodiscard]] std::optional<std::string> save(std::string_view name,
                                                std::string_view token) const;

  /// The secret that goes with a hello by that name: made at the first call, then always the same.
  /// Should the answer to a hello be lost on the way, also with this process, the next one with the
  /// same secret is the same author. Where nothing can be kept, a new one each time.
  [[nodiscard]] std::string claim(std::string_view name) const;

  /// Where this user's files of the client are; empty: nowhere.
  [[nodiscard]] const std::string& folder() const { return folder_; }

private:
  [[nodiscard]] std::string path_of(std::string_view kind, std::string_view name) const;
  [[nodiscard]] std::optional<std::string> read(std::string_view kind, std::string_view name) const;
  [[nodiscard]] std::optional<std::string> write(std::string_view kind, std::string_view name,
                                                 std::string_view secret, bool replace) const;

  std::string folder_; ///< Empty: none.
  std::string server_;
};

} // namespace callboard::client
