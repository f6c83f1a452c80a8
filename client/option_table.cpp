// A row for each command, option and exit code; a test walks help, completion and man page through
// them.
#include "client/option_table.hpp"

#include "client/exit_code.hpp"
#include "client/since.hpp"
#include "domain/validate.hpp"
#include "domain/widest_names.hpp"

#include <chrono>
#include <iterator>
#include <utility>

namespace callboard::client {

namespace {

using what = invocation::what;

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
    if (check_author_name(value, widest_names()))
      return "1 to 250 visible characters (the server may allow fewer), not starting with ~";
    into.name = value;
    into.name_given = true;
    return std::nullopt;
  };
}

option_taker take_since(invocation& into) {
  return [&into](std::string_view value) -> std::optional<std::string> {
    const auto age = std::chrono::system_clock::now().time_since_epoch();
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(age).count();
    const auto read = read_since(value, now);
    if (!read)
      return expected_since;
    into.since = read->seq;
    into.since_ms = read->at_ms;
    return std::nullopt;
  };
}

/// The same, and notes that the flag was given.
option_taker noting(raw_invocation& into, std::string_view flag, option_taker take) {
  return [&into, flag, take = std::move(take)](std::string_view value) {
    into.given.push_back(flag);
    return take(value);
  };
}

constexpr command_set chat = set_of(what::chat);
constexpr command_set send = set_of(what::send);
constexpr command_set tail = set_of(what::tail);
constexpr command_set archive = set_of(what::archive);
constexpr command_set rooms = set_of(what::rooms);
constexpr command_set who = set_of(what::who);
constexpr command_set connects = chat | send | tail | archive | rooms | who;
constexpr command_set all = ~command_set{0};

std::vector<option_row> rows_to_connect(raw_invocation& into) {
  auto& result = into.result;
  using colour = raw_invocation::colour;
  return {
    {{"SERVER_URL", "server-url", "URL", "ws://127.0.0.1:8000/",
      "Where the server is: ws://host:port/ or http://host:port/.", take_url(result), false, 'u'},
     connects},
    {{"CALLBOARD_NAME", "name", "NAME", "",
      "Who to be. Without it, chat asks, and the other commands take the login name.",
      take_name(result)},
     connects},
    {{"", "timeout", "SECONDS", "30, for chat and --follow 0",
      "Seconds to wait for the server without progress; 0 waits for ever.",
      take_number(into.timeout, 0, 31536000)},
     connects},
    {{"", "plain", "", "",
      "Lines only: no cursor is moved, each message is printed once. Also with ACCESSIBLE=1 and "
      "TERM=dumb.",
      take_switch(into.plain)},
     chat},
    {{"", "color", "WHEN", "auto",
      "auto, always or never. auto: at a terminal, without NO_COLOR, and not with --plain.",
      take_choice<colour>(
        into.colours,
        {{"auto", colour::automatic}, {"always", colour::always}, {"never", colour::never}})},
     chat | tail,
     {"auto", "always", "never"}},
    {{"NOTIFY", "notify", "HOW", "bell",
      "A mention while you look elsewhere: bell, osc9, osc99, osc777 or off.",
      take_choice<notification>(result.notify, {{"bell", notification::bell},
                                                {"osc9", notification::osc9},
                                                {"osc99", notification::osc99},
                                                {"osc777", notification::osc777},
                                                {"off", notification::off}})},
     chat,
     {"bell", "osc9", "osc99", "osc777", "off"}},
  };
}

std::vector<option_row> rows_for(raw_invocation& into) {
  constexpr auto most = std::int64_t{1} << 53U;
  auto& result = into.result;
  auto all_rows = rows_to_connect(into);
  std::vector<option_row> more{
    {{"", "json", "", "", "One JSON object per line.", take_switch(result.json)},
     tail | rooms | who},
    {{"", "last", "NUMBER", "50", "So many of the latest messages.",
      take_number(into.last, 0, most), false, 'n'},
     tail},
    {{"", "since", "SEQ|TIME", "",
      "All messages behind the one with this number (0 is all), or from this time on: 2026-11-23, "
      "2026-11-23T17:02:26Z (UTC), or 90s, 15m, 2h, 3d ago.",
      take_since(result)},
     tail | archive},
    {{"", "follow", "", "", "Goes on with what comes, through any restart of the server.",
      take_switch(result.follow), false, 'f'},
     tail},
    {{"", "lines", "", "", "Each line of stdin is a message; stops at the first refusal.",
      take_switch(result.lines)},
     send},
    {{"", "quiet", "", "", "Does not print number and id of what was stored.",
      take_switch(result.quiet), false, 'q'},
     send},
    {{"LOG_LEVEL", "log-level", "LEVEL", "warn", "debug, info, warn, error or off; on stderr.",
      take_choice<log_level>(result.level, {{"debug", log_level::debug},
                                            {"info", log_level::info},
                                            {"warn", log_level::warn},
                                            {"error", log_level::error},
                                            {"off", log_level::off}})},
     connects,
     {"debug", "info", "warn", "error", "off"}},
    {{"", "help", "", "", "Prints help and exits; behind a command, that command's.",
      take_switch(into.help), false, 'h'},
     all},
    {{"", "version", "", "", "Prints the version and exits.", take_switch(into.version)}, all},
  };
  all_rows.insert(all_rows.end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
  return all_rows;
}

} // namespace

const std::array<command_row, command_count>& command_rows() {
  static constexpr std::array<command_row, command_count> rows{{
    {what::chat, "", "[ROOM...]", "callboard general --name alice",
     "chats in rooms; in general without any."},
    {what::send, "send", "ROOM [TEXT...]", "echo \"it works\" | callboard send general",
     "sends TEXT, or all of stdin, as one message, and ends when it is stored."},
    {what::tail, "tail", "ROOM", "callboard tail general --json --follow --since 0",
     "prints the latest messages."},
    {what::archive, "export", "ROOM", "callboard export general > general.jsonl",
     "prints all messages, one JSON object per line."},
    {what::rooms, "rooms", "[PREFIX]", "callboard rooms",
     "lists rooms: name, number of messages, people present."},
    {what::who, "who", "ROOM", "callboard who general", "lists who is in a room."},
    {what::completion, "completion", "SHELL", "source <(callboard completion bash)",
     "prints the completion script for bash, zsh or fish."},
    {what::manual, "manual", "", "callboard manual | man -l -", "prints the man page."},
  }};
  return rows;
}

const std::vector<exit_row>& exit_rows() {
  static const std::vector<exit_row> rows{
    {exit_ok, "done; also when nobody reads stdout any more"},
    {exit_usage_error, "wrong usage"},
    {exit_bad_data, "the server can never store this text, or stdin cannot be read"},
    {exit_no_room, "no such room"},
    {exit_unreachable, "no server within --timeout"},
    {exit_output, "stdout cannot be written"},
    {exit_try_again,
     "not confirmed within --timeout: what was to be sent is in the outbox, and the "
     "next send or chat sends it; or too many connections"},
    {exit_protocol, "whoever answered does not speak callboard.v1"},
    {exit_not_allowed, "the name is taken, or this client is not allowed there"},
    {exit_bad_config, "a setting that cannot be used"},
    {exit_interrupted, "Ctrl-C"},
    {exit_terminated, "SIGTERM"},
  };
  return rows;
}

std::vector<option_row> option_rows(raw_invocation& into) {
  auto rows = rows_for(into);
  for (auto& row : rows)
    row.what.take = noting(into, row.what.flag, std::move(row.what.take));
  return rows;
}

std::string names_of(command_set commands) {
  std::string names;
  for (const auto& row : command_rows()) {
    if ((commands & set_of(row.command)) != 0)
      names.append(names.empty() ? "" : ", ").append(row.word.empty() ? "chat" : row.word);
  }
  return names;
}

} // namespace callboard::client
