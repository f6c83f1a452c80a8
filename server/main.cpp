// callboard-server: reads its settings and serves.
#include "server/serve.hpp"

#include <cstdio>
#include <exception>
#include <unistd.h>

namespace {

int start(int argc, char** argv) {
  using namespace callboard;
  const auto parsed = parse_settings(argc, argv, read_environment(environ), ".env");
  if (const auto* wrong = std::get_if<settings_error>(&parsed)) {
    (void)std::fputs(wrong->text.c_str(), stderr);
    return wrong->exit_code;
  }
  if (const auto* asked = std::get_if<settings_answer>(&parsed)) {
    (void)std::fputs(asked->text.c_str(), stdout);
    return 0;
  }
  const auto& options = std::get<settings>(parsed);
  set_log_level(options.level);
  for (const auto& hint : options.hints)
    log(log_level::warn, hint);
  if (options.check_only) {
    (void)std::fputs("the settings are fine\n", stdout);
    return 0;
  }
  return options.command == "renew-epochs" ? renew_epochs(options) : serve(options);
}

} // namespace

int main(int argc, char** argv) {
  try {
    return start(argc, argv);
  } catch (const std::exception& problem) {
    (void)std::fprintf(stderr,
                       "error: callboard-server cannot go on\ncause: %s\n"
                       "hint: check the machine's limits (memory, threads, open files: ulimit -a); "
                       "if they suffice, please report this\n",
                       problem.what());
    return 70; // EX_SOFTWARE
  }
}
