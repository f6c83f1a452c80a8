// What a command says to people, kept until the screen takes it: while the screen is full, nobody
// else writes to the terminal.
#pragma once

#include "client/printer.hpp"

#include <string>
#include <utility>
#include <vector>

namespace callboard::client {

class screen_printer final : public printer {
public:
  void data(std::string_view text) override { talk(text); }
  void talk(std::string_view line) override { lines_.emplace_back(line); }
  void ask(std::string_view question) override { talk(question); }

  /// All that was said since the last call.
  [[nodiscard]] std::vector<std::string> take() { return std::exchange(lines_, {}); }

private:
  std::vector<std::string> lines_;
};

} // namespace callboard::client
