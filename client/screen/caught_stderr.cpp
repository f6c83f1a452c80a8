// The pipe never blocks its writers: a log that nobody could read must not stop the program.
#include "client/screen/caught_stderr.hpp"

#include "client/screen/terminal_guard.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace callboard::client {

caught_stderr::caught_stderr() {
  if (::isatty(STDERR_FILENO) != 1)
    return;
  std::array<int, 2> ends{-1, -1};
  real_ = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (real_ < 0 || ::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe2"};
  ::dup2(ends[1], STDERR_FILENO);
  ::close(ends[1]);
  pipe_ = ends[0];
  guard_stderr(pipe_, real_);
}

caught_stderr::~caught_stderr() {
  if (pipe_ < 0)
    return;
  guard_stderr(-1, -1);
  std::string rest;
  for (const auto& line : take())
    rest += line + "\n";
  rest += begun_;
  ::dup2(real_, STDERR_FILENO);
  // Nobody could be told that stderr does not take it.
  static_cast<void>(!::write(STDERR_FILENO, rest.data(), rest.size()));
  ::close(real_);
  ::close(pipe_);
}

std::vector<std::string> caught_stderr::take() {
  std::array<char, 4096> bytes{};
  while (pipe_ >= 0) {
    const auto count = ::read(pipe_, bytes.data(), bytes.size());
    if (count <= 0)
      break;
    begun_.append(bytes.data(), static_cast<std::size_t>(count));
  }
  std::vector<std::string> lines;
  for (auto end = begun_.find('\n'); end != std::string::npos; end = begun_.find('\n')) {
    lines.push_back(begun_.substr(0, end));
    begun_.erase(0, end + 1);
  }
  return lines;
}

} // namespace callboard::client
