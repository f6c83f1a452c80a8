// From characters to keys: Esc, Alt, pastes, and what terminals send that nobody asked for. Nothing
// of a CSI or SS3 sequence ever lands in the text, also when the line breaks it in two.
#pragma once

#include "client/screen/key.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace callboard::client {

/// Pure. Sequences that the terminal's description names come as a known key, all else as
/// characters.
class key_reader {
public:
  /// More is no paste but a mistake.
  static constexpr std::size_t paste_most = std::size_t{1} << 20U;

  void take(char32_t code, std::vector<key>& into);
  void take(key_code known, std::vector<key>& into);

  void begin_paste();
  void end_paste(std::vector<key>& into);

  /// Nothing more has come for now: an Esc alone was the key.
  void pause(std::vector<key>& into);

private:
  enum class place : unsigned char { plain, escaped, sequence, single, paste };

  void take_escaped(char32_t code, std::vector<key>& into);
  void take_sequence(char32_t code, std::vector<key>& into);
  void take_paste(char32_t code, std::vector<key>& into);

  place where_ = place::plain;
  std::string sequence_;   ///< Behind "ESC [".
  std::string paste_;      ///< So far.
  std::size_t ending_ = 0; ///< So many characters of a paste's end have come.
};

} // namespace callboard::client
