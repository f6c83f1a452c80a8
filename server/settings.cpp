// The server's table of options. Everything that a setting is stands in its row; nothing is checked
// later.
#include "server/settings.hpp"

#include "server/limit_settings.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace callboard {

namespace {

constexpr std::string_view own_usage =
  "Usage: callboard-server [OPTIONS]\n"
  "       callboard-server renew-epochs [OPTIONS]\n"
  "\n"
  "Serves the chat: a page at /, WebSocket clients at / and /ws, until SIGTERM or Ctrl-C.\n"
  "renew-epochs: after restoring a backup, makes every client read its rooms anew.\n"
  "\n"
  "A flag wins over the environment, the environment over .env, .env over the default.\n"
  "Flags are visible to other users of this machine: passwords belong into .env.\n"
  "\n";

/// Names are not looked up: the answer could differ between the check and the start.
[[nodiscard]] option_taker take_address(std::string& into) {
  return [&into](std::string_view value) -> std::optional<std::string> {
    const std::string text{value == "localhost" ? std::string_view{"127.0.0.1"} : value};
    in6_addr ignored{};
    if (::inet_pton(AF_INET, text.c_str(), &ignored) != 1
        && ::inet_pton(AF_INET6, text.c_str(), &ignored) != 1)
      return "an IP address of this machine (0.0.0.0 for all of them)";
    into = text;
    return std::nullopt;
  };
}

[[nodiscard]] option_taker take_database(std::string& into) {
  return [&into](std::string_view value) -> std::optional<std::string> {
    constexpr std::string_view sqlite = "sqlite:";
    const bool known = value.starts_with("postgres://") || value.starts_with("postgresql://")
                       || (value.starts_with(sqlite) && value.size() > sqlite.size());
    if (!known)
      return "postgres://user:password@host:5432/database or sqlite:/path/callboard.db";
    into = value;
    return std::nullopt;
  };
}

/// An origin is compared byte for byte with what a browser sends (RFC 6454 section 6.1), so what no
/// browser would send is refused here and not silently never matched.
[[nodiscard]] bool is_origin(std::string_view text) {
  const auto scheme = text.starts_with("https://")  ? std::string_view{"https://"}
                      : text.starts_with("http://") ? std::string_view{"http://"}
                                                    : std::string_view{};
  if (scheme.empty() || text.size() == scheme.size())
    return false;
  const auto rest = text.substr(scheme.size());
  return std::all_of(rest.begin(), rest.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7F && std::isupper(byte) == 0 && c != '/' && c != '?' && c != '#'
           && c != '@';
  });
}

[[nodiscard]] option_taker take_origins(std::vector<std::string>& into) {
  return [&into](std::string_view value) -> std::optional<std::string> {
    std::vector<std::string> origins;
    while (!value.empty()) {
      const auto end = value.find_first_of(", ");
      const auto origin = value.substr(0, end);
      value = end == std::string_view::npos ? std::string_view{} : value.substr(end + 1);
      if (origin.empty())
        continue;
      if (origin != "*" && !is_origin(origin))
        return "origins as browsers send them, separated by commas:"
               " https://chat.example.org,http://localhost:3000 (no path, lower case)";
      origins.emplace_back(origin);
    }
    into = std::move(origins);
    return std::nullopt;
  };
}

/// Short ones could be guessed; others than visible ASCII would not survive a header.
[[nodiscard]] option_taker take_secret(std::string& into) {
  return [&into](std::string_view value) -> std::optional<std::string> {
    const bool visible = std::all_of(value.begin(), value.end(), [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte > 0x20 && byte < 0x7F;
    });
    if (value.size() < 16 || value.size() > 200 || !visible)
      return "16 to 200 visible ASCII characters, for example from: openssl rand -base64 24";
    into = value;
    return std::nullopt;
  };
}

/// TLS is refused and not ignored: somebody would believe that passwords travel encrypted.
[[nodiscard]] option_taker refuse_tls() {
  return [](std::string_view value) -> std::optional<std::string> {
    bool wanted = false;
    if (auto expected = take_switch(wanted)(value))
      return expected;
    if (wanted)
      return "false: TLS is not built in yet; put a TLS proxy (nginx, Caddy) in front";
    return std::nullopt;
  };
}

void add_network(std::vector<option>& table, settings& into) {
  table.push_back({"SERVER_HOST", "host", "ADDRESS", "127.0.0.1",
                   "IP address to listen on; 0.0.0.0 is every IPv4 one of this machine.",
                   take_address(into.host)});
  table.push_back({"SERVER_PORT", "port", "PORT", "8000",
                   "TCP port to listen on; 0 takes any free one.",
                   take_number(into.port, 0, 65535)});
  table.push_back({"ALLOWED_ORIGINS", "allowed-origins", "LIST", "",
                   "Origins of pages elsewhere that may connect, separated by commas; none but the"
                   " server's own without it, * for all.",
                   take_origins(into.allowed_origins)});
  table.push_back({"ADMIN_TOKEN", "admin-token", "SECRET", "",
                   "Secret (16 to 200 visible ASCII characters) that opens /stats from anywhere;"
                   " this machine only without it.",
                   take_secret(into.admin_token), true});
  table.push_back({"WEB_DIR", "web-dir", "DIRECTORY", "",
                   "Directory that the page is read from at each request, to work on it; the"
                   " built-in page without it.",
                   take_text(into.web_dir)});
  table.push_back({"IS_TLS", "", "true|false", "false",
                   "Of the Go program; true is refused, because TLS is not built in yet.",
                   refuse_tls()});
  table.push_back({"READY_FD", "ready-fd", "NUMBER", "",
                   "File descriptor that gets one line once the server listens, then is closed.",
                   take_number(into.ready_fd, 1, 1048576)});
}

void add_store(std::vector<option>& table, settings& into) {
  table.push_back({"DATABASE_URL", "database-url", "URL", "sqlite:callboard.db",
                   "postgres://user:password@host:5432/database or sqlite:/path/callboard.db.",
                   take_database(into.database_url), true});
  table.push_back({"HISTORY_READERS", "history-readers", "NUMBER", "2",
                   "Database connections that read old messages, beside the one that writes.",
                   take_number(into.history_readers, 1, 64)});
}

void add_process(std::vector<option>& table, settings& into, bool& help, bool& version) {
  table.push_back({"WORKER_THREADS", "worker-threads", "NUMBER", "0",
                   "Threads that run actors; 0: the one of the sockets does, which is fastest on"
                   " few cores.",
                   take_number(into.worker_threads, 0, 1024)});
  table.push_back({"LOG_LEVEL", "log-level", "LEVEL", "info",
                   "The least that is logged: debug, info, warn, error or off. The client reads it"
                   " too; its default is warn.",
                   take_choice<log_level>(into.level, {{"debug", log_level::debug},
                                                       {"info", log_level::info},
                                                       {"warn", log_level::warn},
                                                       {"error", log_level::error},
                                                       {"off", log_level::off}})});
  table.push_back({"", "check", "", "", "Checks the settings and exits: 0, or 64 or 78.",
                   take_switch(into.check_only)});
  table.push_back({"", "help", "", "", "Shows this text.", take_switch(help), false, 'h'});
  table.push_back({"", "version", "", "", "Shows the version.", take_switch(version), false, 'V'});
}

/// The one word that the server understands.
void take_words(option_reading& reading, settings& into) {
  for (const auto& word : reading.words) {
    if (word == "renew-epochs" && into.command.empty())
      into.command = word;
    else
      reading.add_problem(exit_usage,
                          "unknown word " + in_quotes(word) + "; the only command is renew-epochs");
  }
}

} // namespace

std::string server_version() {
  return CALLBOARD_VERSION;
}

std::vector<option> server_options(settings& into, bool& help, bool& version) {
  std::vector<option> table;
  add_network(table, into);
  add_store(table, into);
  add_limits(table, into.bounds);
  add_socket_limits(table, into.sockets);
  add_process(table, into, help, version);
  return table;
}

std::variant<settings, settings_answer, settings_error>
parse_settings(int argc, const char* const* argv, const environment& variables,
               const std::string& dotenv_path) {
  settings result;
  bool help = false;
  bool version = false;
  const auto table = server_options(result, help, version);
  option_input input{{}, variables, dotenv_path};
  if (argc > 1)
    input.arguments.assign(argv + 1, argv + argc);

  auto reading = read_options(table, input);
  if (help)
    return settings_answer{std::string{own_usage} + describe_options(table)};
  if (version)
    return settings_answer{"callboard-server " + server_version() + "\n"};
  take_words(reading, result);
  if (reading.problems.empty())
    for (auto& problem : contradictions(result.bounds))
      reading.add_problem(exit_config, std::move(problem));
  if (!reading.problems.empty())
    return settings_error{reading.exit_code, reading.text()};
  result.hints = std::move(reading.hints);
  return result;
}

} // namespace callboard
