// Handlers do what is allowed in handlers: set a flag, write to a pipe, _exit.
#include "client/signals.hpp"

#include "client/screen/terminal_guard.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace callboard::client {

namespace {

volatile std::sig_atomic_t noted = 0;
volatile std::sig_atomic_t last_code = 0;
std::array<int, 2> pipe_ends{-1, -1};

extern "C" void note(int number) {
  if (noted == SIGINT && number == SIGINT) {
    restore_terminal();
    ::_exit(128 + SIGINT);
  }
  noted = number;
  const int before = errno;
  const char byte = 0;
  static_cast<void>(!::write(pipe_ends[1], &byte, 1));
  errno = before;
}

extern "C" void give_up(int /*number*/) {
  restore_terminal();
  ::_exit(static_cast<int>(last_code));
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler; // No SA_RESTART: a write that blocks must notice.
  ::sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
}

} // namespace

void catch_signals() {
  if (::pipe2(pipe_ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe2"};
  handle(SIGINT, note);
  handle(SIGTERM, note);
  handle(SIGHUP, note);
  handle(SIGPIPE, SIG_IGN);
}

int signal_received() {
  return static_cast<int>(noted);
}

int signal_descriptor() {
  return pipe_ends[0];
}

void end_within(int seconds, int code) {
  last_code = code;
  handle(SIGALRM, give_up);
  ::alarm(static_cast<unsigned>(seconds));
}

} // namespace callboard::client
