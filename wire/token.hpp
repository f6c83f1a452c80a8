// A token proves who an author is, across connections, servers and crashes. Signed with a secret
// that the store keeps; nothing about it is stored.
#pragma once

#include "domain/entry.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callboard {

/// A fresh secret for token_signer, in the form that `meta` keeps.
[[nodiscard]] std::string random_secret();

/// Immutable and thread-safe.
class token_signer {
public:
  struct claims {
    author who;
    std::int64_t issued_s = 0; ///< Seconds since 1970.
    friend bool operator==(const claims&, const claims&) = default;
  };

  /// `secret`: from random_secret(). `life`: how long tokens hold.
  token_signer(std::string_view secret, std::chrono::seconds life);

  [[nodiscard]] std::string sign(const author& who, std::int64_t now_s) const;

  /// The author id of whoever says hello with this name (its key) and this claim: always the same,
  /// known to nobody who has not both and `secret`.
  [[nodiscard]] std::string author_id(std::string_view name_key, std::string_view claim) const;

  /// The claims of a token that this secret signed and that has not expired at `now_s`, or nothing.
  /// Compares in constant time; total for any input.
  [[nodiscard]] std::optional<claims> verify(std::string_view token, std::int64_t now_s) const;

private:
  std::string key_;
  std::chrono::seconds life_;
};

} // namespace callboard
