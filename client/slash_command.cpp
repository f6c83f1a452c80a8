// One table of words; a test walks it through read_typed.
#include "client/slash_command.hpp"

#include "runtime/nearest.hpp"
#include "runtime/options.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace callboard::client {

namespace {

struct slash {
  std::string_view word;
  typed_line (*read)(std::string_view argument);
};

template <class Line>
typed_line alone(std::string_view argument) {
  if (!argument.empty())
    return wrong_line{"this command stands alone; to say a text that begins with /, write //"};
  return Line{};
}

typed_line read_history(std::string_view argument) {
  if (argument.empty())
    return history_line{};
  const auto count = whole_number(argument, 1, 500);
  if (!count)
    return wrong_line{"/history takes " + expected_number(1, 500)};
  return history_line{static_cast<std::size_t>(*count)};
}

typed_line read_join(std::string_view argument) {
  if (argument.empty())
    return wrong_line{"/join which room?"};
  return join_line{std::string{argument}};
}

typed_line read_me(std::string_view argument) {
  if (argument.empty())
    return wrong_line{"/me does what?"};
  return me_line{std::string{argument}};
}

template <class Line>
typed_line with_rest(std::string_view argument) {
  return Line{std::string{argument}};
}

constexpr std::array<slash, 15> slashes{{
  {"quit", alone<quit_line>},
  {"exit", alone<quit_line>},
  {"help", alone<help_line>},
  {"who", alone<who_line>},
  {"rooms", with_rest<rooms_line>},
  {"join", read_join},
  {"leave", with_rest<leave_line>},
  {"history", read_history},
  {"reconnect", alone<reconnect_line>},
  {"me", read_me},
  {"search", with_rest<search_line>},
  {"notify", with_rest<notify_line>},
  {"retry", alone<retry_line>},
  {"edit", alone<edit_line>},
  {"drop", alone<drop_line>},
}};

/// What other chats have and this one has not, with the reason.
struct absent {
  std::string_view word;
  std::string_view why;
};

constexpr std::array<absent, 2> absents{{
  {"delete", "there is no /delete: a room's log only grows, what was said stays"},
  {"msg", "there is no /msg: all talk is in rooms, and everybody can read them"},
}};

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

} // namespace

typed_line read_typed(std::string_view line) {
  if (trim(line).empty())
    return nothing_line{};
  if (line.starts_with("//"))
    return say_line{std::string{line.substr(1)}};
  if (!line.starts_with('/'))
    return say_line{std::string{line}};
  const auto space = std::min(line.find(' '), line.size());
  const auto word = line.substr(1, space - 1);
  const auto* const known =
    std::find_if(slashes.begin(), slashes.end(), [word](const slash& s) { return s.word == word; });
  if (known != slashes.end())
    return known->read(trim(line.substr(space)));
  for (const auto& one : absents)
    if (one.word == word)
      return wrong_line{std::string{one.why}};
  std::vector<std::string_view> words;
  words.reserve(slashes.size());
  for (const auto& s : slashes)
    words.push_back(s.word);
  const auto meant = nearest(word, words);
  return wrong_line{
    "unknown command " + in_quotes("/" + std::string{word})
    + (meant.empty() ? "; /help lists them all." : " - did you mean /" + std::string{meant} + "?")
    + " To say it as a text, begin with //"};
}

std::string_view slash_help() {
  return "/who            who is here\n"
         "/history [N]    N older messages (50)\n"
         "/rooms [PREFIX] all rooms\n"
         "/join ROOM      enter another room; what you type goes there\n"
         "/leave [ROOM]   leave a room\n"
         "/me TEXT        say what you do: * alice waves\n"
         "/reconnect      connect anew, now\n"
         "/quit           end (Ctrl-D does the same)\n"
         "//text          says \"/text\"";
}

std::vector<std::string> slash_words() {
  std::vector<std::string> words;
  words.reserve(slashes.size());
  for (const auto& s : slashes)
    words.push_back("/" + std::string{s.word});
  return words;
}

} // namespace callboard::client
