// The input as rows, and where in them the caret is: exactly there, for input methods, braille
// lines and people.
#pragma once

#include "client/screen/editor.hpp"
#include "client/screen/frame.hpp"

#include <string_view>
#include <vector>

namespace callboard::client {

struct input_area {
  std::vector<row> rows; ///< At least one, at most `most`.
  int caret_row = 0;
  int caret_column = 0;
};

/// The part of the text around the caret, behind the prompt.
[[nodiscard]] input_area painted_input(const editor& input, std::string_view prompt, int columns,
                                       int most);

} // namespace callboard::client
