// While the screen is full, what libraries and the log write to stderr would tear it. It goes into
// a pipe instead and is shown among the messages; nothing of it is lost.
#pragma once

#include <string>
#include <vector>

namespace callboard::client {

class caught_stderr {
public:
  /// Only catches a stderr that is a terminal. Throws std::system_error without descriptors.
  caught_stderr();
  caught_stderr(const caught_stderr&) = delete;
  caught_stderr& operator=(const caught_stderr&) = delete;

  /// Gives stderr back, and to it what was not taken.
  ~caught_stderr();

  /// Readable while something waits; -1: nothing is caught.
  [[nodiscard]] int descriptor() const { return pipe_; }

  /// The lines that came.
  [[nodiscard]] std::vector<std::string> take();

private:
  int pipe_ = -1;
  int real_ = -1;
  std::string begun_; ///< A line without its end.
};

} // namespace callboard::client
