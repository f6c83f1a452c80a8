// Keys are looked at between any two portions of events: a flood of messages never holds up typing.
#include "client/screen/screen_loop.hpp"

#include "client/signals.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <poll.h>
#include <unistd.h>

namespace callboard::client {

namespace {

using clock = screen_clock;

/// 60 pictures a second.
constexpr std::chrono::milliseconds between_pictures{16};

/// So long at a stretch for what arrives, and for keys (one that is held down on a slow machine);
/// then the other is looked at, and the picture is painted.
constexpr std::chrono::milliseconds for_events{4};
constexpr std::chrono::milliseconds for_keys{16};

class loop {
public:
  loop(screen_command& what, client_desk& actors, curses_screen& terminal, caught_stderr& errors)
    : what_{what}, desk_{actors}, terminal_{terminal}, errors_{errors} {}

  int run() {
    paint();
    what_.begin(clock::now());
    changed_ = true;
    while (!what_.result()) {
      paint_if_due();
      wait();
      if (const int signal = signal_received(); signal != 0)
        return 128 + signal;
      if (hung_up_ && !has_input_)
        return exit_ok;
      take_keys();
      if (hung_up_
          && keys_.empty()) // Readable for ever, and nothing to read: the terminal is gone.
        return exit_ok;
      take_events();
      if (const auto due = what_.due(); due && clock::now() >= *due)
        what_.wake(clock::now());
      if (const auto due = what_.chores_due(); due && clock::now() >= *due)
        what_.do_chores(clock::now());
    }
    return *what_.result();
  }

private:
  void wait() {
    std::array<pollfd, 4> files{{{STDIN_FILENO, POLLIN, 0},
                                 {desk_.descriptor(), POLLIN, 0},
                                 {signal_descriptor(), POLLIN, 0},
                                 {errors_.descriptor(), POLLIN, 0}}};
    static_cast<void>(::poll(files.data(), files.size(), timeout()));
    // EINTR as well: a new size is told by a signal, and ncurses has it among the keys.
    hung_up_ = (files[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
    has_input_ = (files[0].revents & POLLIN) != 0;
    if (files[3].revents != 0) {
      what_.overhear(errors_.take());
      changed_ = true;
    }
  }

  [[nodiscard]] int timeout() const {
    const auto now = clock::now();
    auto next = what_.due();
    const auto want = [&next](std::optional<clock::time_point> at) {
      if (at)
        next = next ? std::min(*next, *at) : *at;
    };
    want(what_.next_picture(now));
    want(what_.chores_due());
    if (next_event_ < events_.size() || next_key_ < keys_.size())
      return 0;
    if (changed_)
      want(painted_at_ + between_pictures);
    if (!next)
      return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - now).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 60000));
  }

  void take_keys() {
    if (next_key_ == keys_.size()) {
      keys_ = terminal_.take_keys();
      next_key_ = 0;
    }
    auto now = clock::now();
    for (const auto until = now + for_keys; next_key_ < keys_.size() && now < until;
         now = clock::now()) {
      what_.press(keys_[next_key_++], now);
      changed_ = true;
    }
    if (what_.wants_redraw())
      terminal_.forget();
    if (what_.wants_suspend())
      terminal_.suspend();
  }

  void take_events() {
    if (next_event_ == events_.size()) {
      events_ = desk_.take();
      next_event_ = 0;
    }
    std::size_t weight = 0;
    auto now = clock::now();
    for (const auto until = now + for_events; next_event_ < events_.size() && now < until;
         now = clock::now()) {
      const auto& event = events_[next_event_++];
      what_.take(event, now);
      what_.note(event, now);
      weight += weight_of(event);
    }
    if (weight > 0) {
      desk_.painted(weight);
      changed_ = true;
    }
    if (const auto bytes = what_.take_bytes(); !bytes.empty())
      terminal_.send(bytes);
  }

  void paint_if_due() {
    const auto now = clock::now();
    const auto next = what_.next_picture(painted_at_);
    if (changed_ ? now - painted_at_ >= between_pictures : next && *next <= now)
      paint();
  }

  void paint() {
    painted_at_ = clock::now();
    changed_ = false;
    what_.resize(terminal_.rows(), terminal_.columns());
    terminal_.draw(what_.picture(painted_at_));
  }

  screen_command& what_;
  client_desk& desk_;
  curses_screen& terminal_;
  caught_stderr& errors_;
  std::vector<screen_event> events_; ///< Taken from the desk; handled up to `next_event_`.
  std::size_t next_event_ = 0;
  std::vector<key> keys_; ///< Likewise, from the terminal.
  std::size_t next_key_ = 0;
  clock::time_point painted_at_{};
  bool changed_ = false;
  bool hung_up_ = false;
  bool has_input_ = false;
};

} // namespace

int run_screen(screen_command& what, client_desk& actors, curses_screen& terminal,
               caught_stderr& errors) {
  return loop{what, actors, terminal, errors}.run();
}

} // namespace callboard::client
