// A closed pipe ends us quietly, any other failed write with an error: `tail > /full/disk` must not
// look like success.
#include "client/printer.hpp"

#include "client/signals.hpp"

#include <cerrno>
#include <poll.h>
#include <string>
#include <unistd.h>

namespace callboard::client {

namespace {

/// 0, or why it cannot be written. Ctrl-C ends the wait for a reader that does not read.
int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(file, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd ready{file, POLLOUT, 0};
      static_cast<void>(::poll(&ready, 1, 1000));
    } else if (errno != EINTR) {
      return errno;
    }
    if (signal_received() != 0)
      return 0;
  }
  return 0;
}

} // namespace

void stdio_printer::data(std::string_view text) {
  if (broken_)
    return;
  if (const int problem = write_all(STDOUT_FILENO, text); problem != 0) {
    broken_ = true;
    unread_ = problem == EPIPE;
  }
}

void stdio_printer::talk(std::string_view line) {
  // Nobody could be told that stderr does not take it.
  static_cast<void>(write_all(STDERR_FILENO, std::string{line} + "\n"));
}

void stdio_printer::ask(std::string_view question) {
  static_cast<void>(write_all(STDERR_FILENO, question));
}

} // namespace callboard::client
