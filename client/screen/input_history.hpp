// What was typed before, to be found again: also by the next process. A line that may hold a secret
// is not kept: one that begins with a space, and a command that nobody knows (`/identify …`).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::client {

/// Pure; owned by one screen.
class input_history {
public:
  static constexpr std::size_t most = 1000;

  /// Walking starts anew. False when the line is not to be kept.
  bool add(std::string_view line);

  /// The line before the one shown now; `typed` is kept for the way back. Nothing at the end.
  [[nodiscard]] std::optional<std::string> older(std::string_view typed);
  [[nodiscard]] std::optional<std::string> newer();

  /// Walking ends, because another text takes the place of the one shown: what is to be kept of
  /// it. Of a line of the history that was only looked at, what was typed before.
  [[nodiscard]] std::string end_walk(const std::string& shown);
  /// The same while walking goes on.
  [[nodiscard]] std::string kept_of(const std::string& shown) const;

  /// True for what is never written to disk.
  [[nodiscard]] static bool may_be_secret(std::string_view line);

  /// The newest line in front of line `before` with `what` in it, case ignored; its number.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view what, std::size_t before) const;

  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

  /// A line as it stands in the file, and back: line ends and backslashes are escaped.
  [[nodiscard]] static std::string escaped(std::string_view line);
  [[nodiscard]] static std::string unescaped(std::string_view line);

private:
  std::vector<std::string> lines_; ///< The oldest first.
  std::optional<std::size_t> at_;  ///< Which one is shown now.
  std::string typed_;              ///< What was there before walking began.
};

} // namespace callboard::client
