// Order matters: the terminal goes back before the actors end, which may take a moment.
#include "client/screen/full_screen.hpp"

#include "client/screen/screen_loop.hpp"
#include "client/signals.hpp"

#include <clocale>
#include <csignal>
#include <langinfo.h>
#include <memory>
#include <pthread.h>
#include <stdexcept>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace callboard::client {

namespace {

std::string value_of(const environment& variables, std::string_view name) {
  const auto place = variables.find(name);
  return place == variables.end() ? std::string{} : place->second;
}

bool is_utf8_now() {
  return std::string_view{::nl_langinfo(CODESET)} == "UTF-8";
}

/// While it lives, threads are born that leave this signal to us: a new size wakes our poll.
class kept_signal {
public:
  explicit kept_signal(int number) {
    ::sigemptyset(&set_);
    ::sigaddset(&set_, number);
    ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  kept_signal(const kept_signal&) = delete;
  kept_signal& operator=(const kept_signal&) = delete;
  ~kept_signal() { ::pthread_sigmask(SIG_UNBLOCK, &set_, nullptr); }

private:
  sigset_t set_{};
};

std::unique_ptr<client_desk> start_actors(const endpoint& where, journal_opener journal) {
  const kept_signal size{SIGWINCH};
  return std::make_unique<client_desk>(where, std::move(journal));
}

std::int64_t wall_ms() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

} // namespace

bool can_fill_screen(const environment& variables) {
  const auto type = value_of(variables, "TERM");
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1 || type.empty() || type == "dumb")
    return false;
  std::setlocale(LC_CTYPE, "");
  // A minimal system has no other locale for it; what the terminal shows is UTF-8 nearly always.
  return is_utf8_now() || (std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr && is_utf8_now());
}

std::optional<int> run_full_screen(const invocation& what, token_store tokens,
                                   journal_opener journal, printer& out) {
  screen_printer says;
  std::unique_ptr<client_desk> actors;
  std::optional<int> code;
  std::vector<std::string> leftovers;
  try {
    const auto folder = tokens.folder();
    curses_screen terminal{what.colours};
    caught_stderr errors;
    actors = start_actors(what.server, std::move(journal));
    screen_command chat{
      what, *actors, says, std::move(tokens), {what.rooms, folder, what.notify, wall_ms}};
    code = run_screen(chat, *actors, terminal, errors);
    chat.save();
    leftovers = chat.leftovers();
  } catch (const no_terminal& problem) {
    out.talk(std::string{problem.what()} + "; going on in lines (--plain)");
    return std::nullopt;
  }
  for (const auto& line : says.take())
    out.talk(line);
  for (const auto& line : leftovers)
    out.talk(line);
  end_within(3, *code);
  return code;
}

} // namespace callboard::client
