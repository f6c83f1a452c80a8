// What Tab makes of the word at the caret: names, the last speaker first, commands, rooms and
// emoji. Tab again shows the next one, Shift-Tab the one before.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::client {

/// Where words come from, best first.
struct word_sources {
  std::vector<std::string> names; ///< The last speaker first.
  std::vector<std::string> rooms;
  std::vector<std::string> commands; ///< With their slash.
};

/// One completion in progress. Pure; owned by one screen.
class completion {
public:
  /// For the word of `text` that ends at `caret`.
  completion(std::string_view text, std::size_t caret, const word_sources& sources);

  [[nodiscard]] bool empty() const { return words_.empty(); }

  /// The next word, or the one before; round and round.
  [[nodiscard]] const std::string& next();
  [[nodiscard]] const std::string& previous();

  /// The bytes of the text that the word takes the place of; the end moves with each word.
  [[nodiscard]] std::size_t begin() const { return begin_; }

  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

private:
  void gather(const std::vector<std::string>& from, std::string_view start,
              std::string_view behind);
  void gather_rooms(const std::vector<std::string>& rooms, std::string_view start);

  std::size_t begin_ = 0;
  std::vector<std::string> words_; ///< Each with what stands behind it: ": " or " ".
  std::size_t at_ = 0;
  bool begun_ = false;
};

} // namespace callboard::client
