// Handlers do what POSIX allows in handlers: write, tcsetattr, read, sigaction, raise.
#include "client/screen/terminal_guard.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <termios.h>
#include <unistd.h>

namespace callboard::client {

namespace {

// Plain data: a handler may run at any moment, also while statics are destroyed.
volatile std::sig_atomic_t guarded = 0;
volatile std::sig_atomic_t has_modes = 0;
int terminal = -1;
termios modes{};
std::array<char, 512> bytes_back{};
std::size_t bytes_count = 0;
volatile std::sig_atomic_t stderr_pipe = -1;
volatile std::sig_atomic_t stderr_real = -1;

constexpr std::array<int, 6> crashes{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT};

/// A handler has no room on a stack that is full.
std::array<char, 65536> spare_stack{};

void give_handlers_a_stack() {
  stack_t now{};
  if (::sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0)
    return; // A sanitizer has brought its own.
  stack_t spare{};
  spare.ss_sp = spare_stack.data();
  spare.ss_size = spare_stack.size();
  static_cast<void>(::sigaltstack(&spare, nullptr));
}

void write_all(int file, const char* from, std::size_t count) {
  while (count > 0) {
    const auto done = ::write(file, from, count);
    if (done <= 0 && errno != EINTR)
      return;
    const auto written = static_cast<std::size_t>(std::max<ssize_t>(done, 0));
    from += written;
    count -= written;
  }
}

extern "C" void crash(int number) {
  restore_terminal();
  if (stderr_pipe >= 0) { // The last words, for instance "terminate called after …".
    std::array<char, 4096> words{};
    const auto count = ::read(static_cast<int>(stderr_pipe), words.data(), words.size());
    if (count > 0)
      write_all(static_cast<int>(stderr_real), words.data(), static_cast<std::size_t>(count));
  }
  // With the default action, so that the shell and a core dump tell what it was.
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
  ::raise(number);
}

} // namespace

void guard_terminal(int file, std::string_view bytes) {
  terminal = file;
  has_modes = ::tcgetattr(file, &modes) == 0 ? 1 : 0;
  bytes_count = std::min(bytes.size(), bytes_back.size());
  std::copy_n(bytes.begin(), bytes_count, bytes_back.begin());
  give_handlers_a_stack();
  for (const int number : crashes) {
    struct sigaction action {};
    action.sa_handler = crash;
    action.sa_flags = SA_ONSTACK;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
  }
  guarded = 1;
}

void guard_stderr(int pipe, int real) {
  stderr_real = real;
  stderr_pipe = pipe;
}

void restore_terminal() {
  if (guarded == 0)
    return;
  guarded = 0;
  const int before = errno;
  write_all(terminal, bytes_back.data(), bytes_count);
  if (has_modes != 0)
    ::tcsetattr(terminal, TCSADRAIN, &modes);
  errno = before;
}

} // namespace callboard::client
