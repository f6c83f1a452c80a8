// Goal 5.2.10 where no test from outside reaches: exceptions and crashes of a program that has
// taken its terminal. A child does the deed on a pseudo terminal; modes and bytes are looked at.
#define CAF_SUITE terminal_guard

#include "client/screen/caught_stderr.hpp"
#include "client/screen/curses_screen.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <pty.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <termios.h>
#include <thread>
#include <unistd.h>
#include <utmp.h>

using namespace callboard::client;

namespace guard_suite {

namespace {

struct ending {
  int status = 0;
  std::string bytes; ///< All that the terminal was sent.
  bool modes_changed = false;
  bool modes_restored = false;
};

bool same(const termios& a, const termios& b) {
  return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_cflag == b.c_cflag
         && a.c_lflag == b.c_lflag;
}

/// Uses up its stack.
// NOLINTNEXTLINE(misc-no-recursion): that is the point.
int sink(int depth) {
  std::array<volatile char, 4096> room{};
  room.at(0) = static_cast<char>(depth);
  return depth < 0 ? 0 : sink(depth + 1) + room.at(0);
}

/// The child: takes the terminal, tells us, waits for our word, and does the deed.
[[noreturn]] void play(const std::function<void()>& deed) {
  ::setenv("TERM", "xterm-256color", 1);
  std::setlocale(LC_CTYPE, "C.UTF-8");
  try {
    curses_screen terminal{true};
    const caught_stderr errors;
    terminal.send("ready");
    std::array<char, 1> go{};
    while (::read(STDIN_FILENO, go.data(), 1) != 1) {
    }
    deed();
  } catch (const std::exception&) {
    std::_Exit(75);
  }
  std::_Exit(0);
}

/// Reads until `wanted` came, or to the end.
void read_until(int file, std::string_view wanted, std::string& into) {
  std::array<char, 4096> part{};
  while (wanted.empty() || into.find(wanted) == std::string::npos) {
    const auto count = ::read(file, part.data(), part.size());
    if (count <= 0)
      return;
    into.append(part.data(), static_cast<std::size_t>(count));
  }
}

ending watch(const std::function<void()>& deed) {
  ending seen;
  int near = -1;
  int far = -1;
  CAF_REQUIRE(::openpty(&near, &far, nullptr, nullptr, nullptr) == 0);
  termios before{};
  termios during{};
  termios after{};
  ::tcgetattr(far, &before);
  const auto child = ::fork();
  if (child == 0) {
    ::login_tty(far);
    ::close(near);
    play(deed);
  }
  read_until(near, "ready", seen.bytes);
  ::tcgetattr(far, &during);
  CAF_REQUIRE(::write(near, "!", 1) == 1);
  ::waitpid(child, &seen.status, 0);
  ::tcgetattr(far, &after);
  ::close(far); // Now the end of what was sent is an end.
  read_until(near, {}, seen.bytes);
  ::close(near);
  seen.modes_changed = !same(before, during);
  seen.modes_restored = same(before, after);
  return seen;
}

/// True when the last word about a mode is that it is off.
bool is_off(const std::string& bytes, const std::string& mode) {
  const auto on = bytes.rfind("\033[?" + mode + "h");
  const auto off = bytes.rfind("\033[?" + mode + "l");
  return on != std::string::npos && off != std::string::npos && off > on;
}

void check_restored(const ending& seen) {
  CAF_CHECK(seen.modes_changed);
  CAF_CHECK(seen.modes_restored);
  for (const auto* const mode : {"2004", "1004", "1049"}) {
    CAF_MESSAGE("mode " << mode);
    CAF_CHECK(is_off(seen.bytes, mode));
  }
  CAF_CHECK(seen.bytes.find("\033[?1000h") == std::string::npos); // No mouse was ever asked for.
}

struct fixture {};

} // namespace

CAF_TEST_FIXTURE_SCOPE(guard_tests, fixture)

CAF_TEST(an exception that is caught gives the terminal back) {
  const auto seen = watch([] { throw std::runtime_error{"of all things"}; });
  CAF_CHECK(WIFEXITED(seen.status) && WEXITSTATUS(seen.status) == 75);
  check_restored(seen);
}

CAF_TEST(an exception that nobody catches gives the terminal back and has its say) {
  const auto seen = watch([] {
    std::thread other{[] { throw std::runtime_error{"of all things"}; }};
    other.join();
  });
  CAF_CHECK(WIFSIGNALED(seen.status) && WTERMSIG(seen.status) == SIGABRT);
  check_restored(seen);
  CAF_CHECK(seen.bytes.rfind("of all things") > seen.bytes.rfind("\033[?1049l"));
}

CAF_TEST(each kind of crash gives the terminal back and stays that crash) {
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT}) {
    const auto seen = watch([number] { ::raise(number); });
    CAF_CHECK(WIFSIGNALED(seen.status) && WTERMSIG(seen.status) == number);
    check_restored(seen);
  }
}

CAF_TEST(a stack that is full gives the terminal back) {
  const auto seen = watch([] { static_cast<void>(sink(0)); });
  CAF_CHECK(WIFSIGNALED(seen.status) && WTERMSIG(seen.status) == SIGSEGV);
  check_restored(seen);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace guard_suite
