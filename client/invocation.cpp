// A flag that the command does not know is an error and not ignored.
#include "client/invocation.hpp"

#include "client/exit_code.hpp"
#include "client/help_text.hpp"
#include "client/option_table.hpp"
#include "domain/validate.hpp"
#include "domain/widest_names.hpp"
#include "runtime/nearest.hpp"

#include <algorithm>
#include <utility>

namespace callboard::client {

namespace {

using what = invocation::what;

invocation_error usage_error(std::string sentence) {
  return {exit_usage, "error: " + std::move(sentence) + "\n"};
}

std::optional<invocation_error> find_surplus_flags(const raw_invocation& from,
                                                   const std::vector<option_row>& rows) {
  for (const auto& row : rows) {
    const bool given =
      std::find(from.given.begin(), from.given.end(), row.what.flag) != from.given.end();
    if (given && row.what.name.empty() && (row.commands & set_of(from.result.command)) == 0)
      return usage_error("--" + std::string{row.what.flag} + " is for " + names_of(row.commands));
  }
  if (from.last >= 0 && (from.result.since || from.result.since_ms))
    return usage_error("--last (-n) and --since exclude each other");
  return std::nullopt;
}

/// The first word, when it is a command's.
const command_row* find_command(const std::vector<std::string>& words) {
  if (words.empty() || words.front().empty())
    return nullptr;
  const auto& rows = command_rows();
  const auto* const known = std::find_if(
    rows.begin(), rows.end(), [&](const auto& row) { return row.word == words.front(); });
  return known == rows.end() ? nullptr : known;
}

/// A slip in a command's word, or nothing: a room.
std::optional<invocation_error> find_slip(const std::string& word) {
  std::vector<std::string_view> known;
  for (const auto& row : command_rows())
    if (!row.word.empty())
      known.push_back(row.word);
  const auto meant = nearest(word, known);
  if (meant.empty())
    return std::nullopt;
  return usage_error("unknown command " + in_quotes(word) + " - did you mean " + std::string{meant}
                     + "?");
}

std::optional<invocation_error> check_rooms(const invocation& result) {
  auto rooms = result.rooms;
  const bool has_room = result.command != what::manual && result.command != what::rooms
                        && result.command != what::completion;
  if (has_room)
    rooms.push_back(result.room);
  for (const auto& room : rooms)
    if (check_room_name(room, widest_names()))
      return usage_error(
        "a room's name has 1 to 250 visible characters (the server may allow fewer),"
        " not "
        + in_quotes(room));
  return std::nullopt;
}

/// The words behind the flags: command, room, text.
std::optional<invocation_error> read_words(std::vector<std::string> words, raw_invocation& into) {
  auto& result = into.result;
  const auto* const known = find_command(words);
  if (known != nullptr) {
    result.command = known->command;
    words.erase(words.begin());
  } else if (words.size() > 1) {
    if (auto slip = find_slip(words.front())) // Else they are several rooms.
      return slip;
  } else if (words.empty()) {
    words.emplace_back("general");
  }
  const bool alone = result.command == what::manual;
  if (words.empty() && !alone && result.command != what::rooms)
    return usage_error(result.command == what::completion
                         ? std::string{"for which shell? callboard completion bash, zsh or fish"}
                         : "which room? callboard " + std::string{known->word} + " ROOM");
  if (!words.empty() && !alone) {
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
  return check_rooms(result);
}

std::optional<invocation_error> read_input_kind(const surroundings& around, raw_invocation& into) {
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
  if (check_author_name(around.login_name, widest_names()))
    return usage_error("who are you? --name NAME");
  result.name = around.login_name;
  return std::nullopt;
}

/// True when the variable is set, and not to "nothing" or "no".
bool is_set(const environment& variables, std::string_view name) {
  const auto it = variables.find(name);
  return it != variables.end() && !it->second.empty() && it->second != "0";
}

/// Lines or a screen, and colours (https://no-color.org: any value that is not empty counts).
void read_look(const surroundings& around, raw_invocation& into) {
  const auto term = around.variables.find("TERM");
  const bool dumb = term != around.variables.end() && term->second == "dumb";
  into.result.plain = into.plain || dumb || is_set(around.variables, "ACCESSIBLE");
  const auto no_colour = around.variables.find("NO_COLOR");
  const bool unwanted = no_colour != around.variables.end() && !no_colour->second.empty();
  using colour = raw_invocation::colour;
  into.result.colours = into.colours == colour::always
                        || (into.colours == colour::automatic && around.output_is_terminal
                            && !unwanted && !into.result.plain);
}

/// What is answered without a server.
std::optional<std::variant<invocation, invocation_answer, invocation_error>>
answer_at_once(const raw_invocation& found) {
  if (found.result.command == what::manual)
    return invocation_answer{manual_page()};
  if (found.result.command != what::completion)
    return std::nullopt;
  if (auto script = completion_for(found.result.room))
    return invocation_answer{*std::move(script)};
  return usage_error("there is completion for bash, zsh and fish, not for "
                     + in_quotes(found.result.room));
}

} // namespace

std::variant<invocation, invocation_answer, invocation_error>
read_invocation(std::vector<std::string> arguments, const surroundings& around) {
  raw_invocation found;
  const auto rows = option_rows(found);
  std::vector<option> table;
  table.reserve(rows.size());
  for (const auto& row : rows)
    table.push_back(row.what);
  static_cast<void>(rows.front().what.take("ws://127.0.0.1:8000/")); // The server's default.
  found.given.clear();
  // Hints are about names that no program knows; the server, whose file it is, gives them.
  auto reading =
    read_options(table, {std::move(arguments), around.variables, around.dotenv_path, true});
  if (found.help) {
    const auto* const known = find_command(reading.words);
    return invocation_answer{known == nullptr ? help_of_program() : help_of(known->command)};
  }
  if (found.version)
    return invocation_answer{"callboard " CALLBOARD_VERSION "\n"};
  if (reading.exit_code != 0)
    return invocation_error{reading.exit_code, reading.text()};
  auto wrong = read_words(std::move(reading.words), found);
  if (!wrong)
    wrong = find_surplus_flags(found, rows);
  if (wrong)
    return *wrong;
  if (auto answer = answer_at_once(found))
    return *std::move(answer);
  if ((wrong = read_input_kind(around, found)))
    return *wrong;
  read_look(around, found);
  if (found.timeout >= 0)
    found.result.timeout = std::chrono::seconds{found.timeout};
  if (found.last >= 0)
    found.result.last = static_cast<std::uint64_t>(found.last);
  if (found.result.command == what::archive) {
    found.result.json = true;
    if (!found.result.since_ms)
      found.result.since = found.result.since.value_or(0);
  }
  return found.result;
}

} // namespace callboard::client
