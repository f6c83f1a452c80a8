// `callboard`, the client. Everything that it does is in the commands; here it learns who and where
// it is.
#include "client/chat_command.hpp"
#include "client/list_command.hpp"
#include "client/loop.hpp"
#include "client/outbox_file.hpp"
#include "client/screen/full_screen.hpp"
#include "client/send_command.hpp"
#include "client/signals.hpp"
#include "client/state_folder.hpp"
#include "client/tail_command.hpp"

#include <exception>
#include <memory>
#include <pwd.h>
#include <unistd.h>

namespace {

using namespace callboard;
using namespace callboard::client;

std::string login_name(const environment& variables) {
  for (const auto* const name : {"USER", "LOGNAME"}) {
    const auto it = variables.find(name);
    if (it != variables.end() && !it->second.empty())
      return it->second;
  }
  const auto* const entry = ::getpwuid(::getuid());
  return entry == nullptr ? std::string{} : entry->pw_name;
}

std::unique_ptr<command> make_command(const invocation& what, desk& actors, printer& out,
                                      token_store tokens, bool echoes) {
  switch (what.command) {
    case invocation::what::send:
      return std::make_unique<send_command>(what, actors, out, std::move(tokens));
    case invocation::what::tail:
    case invocation::what::archive:
      return std::make_unique<tail_command>(what, actors, out, std::move(tokens));
    case invocation::what::rooms:
      return std::make_unique<rooms_command>(what, actors, out, std::move(tokens));
    case invocation::what::who:
      return std::make_unique<who_command>(what, actors, out, std::move(tokens));
    case invocation::what::chat:
    case invocation::what::completion: // These two were answered before.
    case invocation::what::manual:
      break;
  }
  return std::make_unique<chat_command>(what, actors, out, std::move(tokens), echoes);
}

int run(const invocation& what, const surroundings& around, stdio_printer& out) {
  set_log_level(what.level);
  catch_signals();
  const bool posts =
    what.command == invocation::what::chat || what.command == invocation::what::send;
  const auto journal =
    posts ? outbox_files(state_folder(around.variables), authority(what.server)) : journal_opener{};
  if (what.command == invocation::what::chat && !what.plain && can_fill_screen(around.variables)) {
    const auto code =
      run_full_screen(what, token_store{around.variables, authority(what.server)}, journal, out);
    if (code)
      return *code;
  }
  client_desk actors{what.server, journal};
  const auto command =
    make_command(what, actors, out, token_store{around.variables, authority(what.server)},
                 around.input_is_terminal);
  const int code = run_command(*command, actors, out);
  end_within(3, code);
  return code;
}

} // namespace

int main(int argc, char** argv) {
  stdio_printer out;
  try {
    surroundings around;
    around.variables = read_environment(environ);
    around.login_name = login_name(around.variables);
    around.input_is_terminal = ::isatty(STDIN_FILENO) == 1;
    around.output_is_terminal = ::isatty(STDOUT_FILENO) == 1;
    auto read = read_invocation({argv + (argc > 0 ? 1 : 0), argv + argc}, around);
    if (const auto* const answer = std::get_if<invocation_answer>(&read)) {
      out.data(answer->text);
      return exit_ok;
    }
    if (const auto* const problem = std::get_if<invocation_error>(&read)) {
      auto text = problem->text;
      if (text.ends_with('\n'))
        text.pop_back();
      out.talk(text);
      return problem->exit_code;
    }
    return run(std::get<invocation>(read), around, out);
  } catch (const std::exception& problem) {
    out.talk(std::string{"error: "} + problem.what());
    return exit_try_again;
  }
}
