// stdin is read only while the command wants more: what it cannot take yet stays in the pipe, and
// the writer at its other end waits.
#include "client/loop.hpp"

#include "client/line_splitter.hpp"
#include "client/signals.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace callboard::client {

namespace {

using clock = std::chrono::steady_clock;

/// A whole message from stdin, or one line of it. Servers take far less.
constexpr std::size_t input_bytes_max = 1U << 20U;

class loop {
public:
  loop(command& what, client_desk& actors, stdio_printer& out)
    : what_{what}, desk_{actors}, out_{out} {}

  int run() {
    what_.begin(clock::now());
    while (!what_.result()) {
      give_lines();
      if (what_.result())
        break;
      wait();
      if (const int signal = signal_received(); signal != 0) {
        what_.tell_unfinished();
        return 128 + signal;
      }
      take_events();
      if (const auto due = what_.due(); due && clock::now() >= *due)
        what_.wake(clock::now());
      if (reader_gone_ || (out_.broken() && what_.needs_reader()))
        return end_of_output();
    }
    return out_.broken() && what_.needs_reader() ? end_of_output() : *what_.result();
  }

private:
  /// Until something happens, at most until the command's time comes.
  void wait() {
    // stdout without events: poll tells when its reader is gone, also while nothing is written.
    std::array<pollfd, 4> files{{{desk_.descriptor(), POLLIN, 0},
                                 {signal_descriptor(), POLLIN, 0},
                                 {what_.needs_reader() ? STDOUT_FILENO : -1, 0, 0},
                                 {reads_input() ? STDIN_FILENO : -1, POLLIN, 0}}};
    if (::poll(files.data(), files.size(), timeout()) <= 0)
      return; // Time, or a signal; both are looked at by the caller.
    if ((files[2].revents & POLLERR) != 0)
      reader_gone_ = true;
    if (files[3].revents != 0)
      read_input();
  }

  [[nodiscard]] int timeout() const {
    const auto due = what_.due();
    if (!due)
      return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 60000));
  }

  [[nodiscard]] bool reads_input() const { return !input_over_ && what_.wants_input(); }

  void read_input() {
    std::array<char, 16384> bytes{};
    const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count > 0)
      lines_.add({bytes.data(), static_cast<std::size_t>(count)});
    else if (count == 0)
      input_over_ = true;
    else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
      what_.fail_input("cannot read stdin: "
                       + std::error_code{errno, std::generic_category()}.message());
  }

  /// Hands over what the command can take now.
  void give_lines() {
    while (!what_.result() && what_.wants_input() && !told_end_) {
      auto line = what_.wants_whole_input() ? std::nullopt : lines_.next();
      if (line) {
        what_.take_line(std::move(*line));
      } else if (lines_.overflows()) {
        what_.fail_input("a text of more than " + std::to_string(input_bytes_max)
                         + " bytes cannot be a message");
      } else if (!input_over_) {
        return;
      } else if (what_.wants_whole_input() || !lines_.empty()) {
        what_.take_line(lines_.rest());
        tell_end();
      } else {
        tell_end();
      }
    }
  }

  void tell_end() {
    told_end_ = true;
    if (!what_.result())
      what_.end_input();
  }

  void take_events() {
    for (const auto& event : desk_.take()) {
      what_.take(event, clock::now());
      desk_.painted(weight_of(event));
      if ((out_.broken() && what_.needs_reader()) || signal_received() != 0)
        return;
    }
  }

  int end_of_output() {
    if (reader_gone_ || out_.unread())
      return exit_ok;
    out_.talk("error: cannot write to stdout");
    return exit_output;
  }

  command& what_;
  client_desk& desk_;
  stdio_printer& out_;
  line_splitter lines_{input_bytes_max};
  bool input_over_ = false;
  bool told_end_ = false;
  bool reader_gone_ = false;
};

} // namespace

int run_command(command& what, client_desk& actors, stdio_printer& out) {
  return loop{what, actors, out}.run();
}

} // namespace callboard::client
