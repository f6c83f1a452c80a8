// One table for all commands; a flag that the command does not know is an error and not ignored.
#include "client/invocation.hpp"

#include "client/exit_code.hpp"
#include "domain/validate.hpp"
#include "runtime/nearest.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace callboard::client {

namespace {

using what = invocation::what;

constexpr std::string_view usage_text =
  "Usage: callboard [ROOM...] [OPTIONS]              chat in rooms (general)\n"
  "       callboard send ROOM [TEXT...] [OPTIONS]    send TEXT, or all of stdin, as one message\n"
  "       callboard send ROOM --lines [OPTIONS]      send each line of stdin as a message\n"
  "       callboard tail ROOM [OPTIONS]              print the latest messages\n"
  "       callboard rooms [PREFIX] [OPTIONS]         list rooms\n"
  "       callboard who ROOM [OPTIONS]               list who is in a room\n"
  "\n"
  "Examples: callboard general --name alice\n"
  "          echo \"it works\" | callboard send general\n"
  "          callboard tail general --json --follow --since 0\n"
  "\n"
  "A flag wins over the environment, the environment over .env, .env over the default.\n"
  "stdout carries data, stderr all else.\n"
  "\n";

constexpr std::string_view codes_text =
  "\n"
  "Exit codes: 0 done; 64 wrong usage; 65 the server can never store this text; 66 no such room;\n"
  "  69 no server within --timeout; 74 stdout cannot be written; 75 not confirmed within "
  "--timeout; 76 not a callboard.v1\n"
  "  server; 77 name taken or not allowed; 78 a setting that cannot be used; 130 Ctrl-C.\n";

struct command_word {
  std::string_view word;
  what command;
};

constexpr std::array<command_word, 4> command_words{{
  {"send", what::send},
  {"tail", what::tail},
  {"rooms", what::rooms},
  {"who", what::who},
}};

/// What the takers fill.
struct raw {
  invocation result;
  bool help = false;
  bool version = false;
  std::int64_t timeout = -1;
  std::int64_t last = -1;
  std::int64_t since = -1;
};

option_taker take_url(invocation& into) {
  return [&into](std::string_view value) -> std::optional<std::string> {
    auto read = parse_url(value);
    if (const auto* const bad = std::get_if<bad_url>(&read))
      return bad->expected;
    into.server = std::get<endpoint>(std::move(read));
    into.url = value;
    return std::nullopt;
  };
}

option_taker take_name(invocation& into) {
  return [&into](std::string_view value) -> std::optional<std::string> {
    if (check_author_name(value, limits{}))
      return "1 to 50 visible characters, not starting with ~";
    into.name = value;
    into.name_given = true;
    return std::nullopt;
  };
}

std::vector<option> table_for(raw& into) {
  constexpr auto most = std::int64_t{1} << 53U;
  auto& result = into.result;
  std::vector<option> table{
    {"SERVER_URL", "server-url", "URL", "ws://127.0.0.1:8000/",
     "Where the server is: ws://host:port/ or http://host:port/.", take_url(result), false, 'u'},
    {"NAME", "name", "NAME", "",
     "Who to be. Without it, chat asks, and the other commands take the login name.",
     take_name(result)},
    {"", "timeout", "SECONDS", "30, for chat and --follow 0",
     "Seconds to wait for the server without progress; 0 waits for ever.",
     take_number(into.timeout, 0, 31536000)},
    {"", "json", "", "", "tail, rooms, who: one JSON object per line.", take_switch(result.json)},
    {"", "last", "NUMBER", "50", "tail: so many of the latest messages.",
     take_number(into.last, 0, most), false, 'n'},
    {"", "since", "SEQ", "", "tail: all messages behind the one with this number; 0 is all.",
     take_number(into.since, 0, most)},
    {"", "follow", "", "", "tail: goes on with what comes, through any restart of the server.",
     take_switch(result.follow), false, 'f'},
    {"", "lines", "", "", "send: each line of stdin is a message; stops at the first refusal.",
     take_switch(result.lines)},
    {"", "quiet", "", "", "send: does not print number and id of what was stored.",
     take_switch(result.quiet), false, 'q'},
    {"", "color", "WHEN", "auto",
     "chat: auto (where the terminal has colours, unless NO_COLOR is set), always or never.",
     take_choice<std::optional<bool>>(
       result.colours, {{"auto", std::nullopt}, {"always", true}, {"never", false}})},
    {"NOTIFY", "notify", "HOW", "bell",
     "chat: a mention while you look elsewhere: bell, osc9, osc99, osc777 or off.",
     take_choice<notification>(result.notify, {{"bell", notification::bell},
                                               {"osc9", notification::osc9},
                                               {"osc99", notification::osc99},
                                               {"osc777", notification::osc777},
                                               {"off", notification::off}})},
    {"LOG_LEVEL", "log-level", "LEVEL", "warn", "debug, info, warn, error or off; on stderr.",
     take_choice<log_level>(result.level, {{"debug", log_level::debug},
                                           {"info", log_level::info},
                                           {"warn", log_level::warn},
                                           {"error", log_level::error},
                                           {"off", log_level::off}})},
    {"", "help", "", "", "Prints this and exits.", take_switch(into.help), false, 'h'},
    {"", "version", "", "", "Prints the version and exits.", take_switch(into.version)},
  };
  return table;
}

invocation_error usage_error(std::string sentence) {
  return {exit_usage, "error: " + std::move(sentence) + "\n"};
}

std::optional<invocation_error> find_surplus_flags(const raw& from) {
  const auto& result = from.result;
  const auto only = [](std::string_view flag, std::string_view commands) {
    return usage_error(std::string{flag} + " is for " + std::string{commands});
  };
  const bool tail = result.command == what::tail;
  const bool send = result.command == what::send;
  if (result.json && (send || result.command == what::chat))
    return only("--json", "tail, rooms and who");
  if (from.last >= 0 && !tail)
    return only("--last (-n)", "tail");
  if (from.since >= 0 && !tail)
    return only("--since", "tail");
  if (result.follow && !tail)
    return only("--follow", "tail");
  if (result.lines && !send)
    return only("--lines", "send");
  if (result.quiet && !send)
    return only("--quiet", "send");
  if (from.last >= 0 && from.since >= 0)
    return usage_error("--last (-n) and --since exclude each other");
  return std::nullopt;
}

/// The words behind the flags: command, room, text.
std::optional<invocation_error> read_words(std::vector<std::string> words, raw& into) {
  auto& result = into.result;
  const auto* const known =
    words.empty() ? command_words.end()
                  : std::find_if(command_words.begin(), command_words.end(),
                                 [&](const auto& c) { return c.word == words.front(); });
  if (known != command_words.end()) {
    result.command = known->command;
    words.erase(words.begin());
  } else if (words.size() > 1) {
    // Several rooms, unless the first word looks like a slip in a command.
    const auto meant = nearest(words.front(), {"send", "tail", "rooms", "who"});
    if (!meant.empty())
      return usage_error("unknown command " + in_quotes(words.front()) + " - did you mean "
                         + std::string{meant} + "?");
  } else if (words.empty()) {
    words.emplace_back("general");
  }
  const auto word = known == command_words.end() ? std::string{} : std::string{known->word};
  if (words.empty() && result.command != what::rooms)
    return usage_error("which room? callboard " + word + " ROOM");
  if (!words.empty()) {
    result.room = words.front();
    words.erase(words.begin());
  }
  if (result.command == what::chat) {
    result.rooms = std::exchange(words, {});
    result.rooms.insert(result.rooms.begin(), result.room);
  }
  if (!words.empty() && result.command != what::send)
    return usage_error("one word too many: " + in_quotes(words.front()));
  for (const auto& piece : words)
    result.text = result.text ? *result.text + " " + piece : piece;
  auto rooms = result.rooms;
  if (result.command != what::rooms)
    rooms.push_back(result.room);
  for (const auto& room : rooms)
    if (check_room_name(room, limits{}))
      return usage_error("a room's name has 1 to 64 visible characters, not " + in_quotes(room));
  return std::nullopt;
}

std::optional<invocation_error> read_input_kind(const surroundings& around, raw& into) {
  auto& result = into.result;
  if (result.command == what::send) {
    if (result.lines && result.text)
      return usage_error("--lines reads stdin; there cannot be a text as well");
    if (!result.text && around.input_is_terminal)
      return usage_error("nothing to send: callboard send " + result.room
                         + " TEXT, or give the text through a pipe");
  }
  if (result.name_given || (result.command == what::chat && around.input_is_terminal))
    return std::nullopt;
  if (check_author_name(around.login_name, limits{}))
    return usage_error("who are you? --name NAME");
  result.name = around.login_name;
  return std::nullopt;
}

} // namespace

std::variant<invocation, invocation_answer, invocation_error>
read_invocation(std::vector<std::string> arguments, const surroundings& around) {
  raw found;
  static_cast<void>(take_url(found.result)("ws://127.0.0.1:8000/"));
  const auto table = table_for(found);
  // Hints are about names that no program knows; the server, whose file it is, gives them.
  auto reading = read_options(table, {std::move(arguments), around.variables, around.dotenv_path});
  if (found.help)
    return invocation_answer{std::string{usage_text} + describe_options(table)
                             + std::string{codes_text}};
  if (found.version)
    return invocation_answer{"callboard " CALLBOARD_VERSION "\n"};
  if (reading.exit_code != 0)
    return invocation_error{reading.exit_code, reading.text()};
  auto wrong = read_words(std::move(reading.words), found);
  if (!wrong)
    wrong = find_surplus_flags(found);
  if (!wrong)
    wrong = read_input_kind(around, found);
  if (wrong)
    return *wrong;
  if (found.timeout >= 0)
    found.result.timeout = std::chrono::seconds{found.timeout};
  if (found.last >= 0)
    found.result.last = static_cast<std::uint64_t>(found.last);
  if (found.since >= 0)
    found.result.since = static_cast<std::uint64_t>(found.since);
  return found.result;
}

} // namespace callboard::client
