// What looks like a command is one or is not sent.
#define CAF_SUITE client_slash_command

#include "client/slash_command.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard::client;

namespace slash_command_suite {

namespace {

template <class Line>
bool is(std::string_view text) {
  return std::holds_alternative<Line>(read_typed(text));
}

/// A copy: the checks keep references longer than a temporary lives.
template <class Line>
Line as(std::string_view text) {
  return std::get<Line>(read_typed(text));
}

std::string said(std::string_view text) {
  const auto line = read_typed(text);
  const auto* const say = std::get_if<say_line>(&line);
  return say == nullptr ? "<not said>" : say->text;
}

} // namespace

CAF_TEST(ordinary lines are said as they are) {
  CAF_CHECK_EQUAL(said("hello /who"), "hello /who");
  CAF_CHECK_EQUAL(said("  indented "), "  indented ");
}

CAF_TEST(two slashes say one) {
  CAF_CHECK_EQUAL(said("//who"), "/who");
  CAF_CHECK_EQUAL(said("//"), "/");
}

CAF_TEST(every command is understood) {
  CAF_CHECK(is<quit_line>("/quit"));
  CAF_CHECK(is<quit_line>("/exit"));
  CAF_CHECK(is<help_line>("/help"));
  CAF_CHECK(is<who_line>("/who "));
  CAF_CHECK(is<rooms_line>("/rooms"));
  CAF_CHECK(as<rooms_line>("/rooms ge").prefix == "ge");
  CAF_CHECK(as<join_line>("/join the tea room ").room == "the tea room");
  CAF_CHECK(as<leave_line>("/leave").room == "");
  CAF_CHECK(as<leave_line>("/leave x").room == "x");
  CAF_CHECK(as<history_line>("/history").count == 50U);
  CAF_CHECK(as<history_line>("/history 7").count == 7U);
  CAF_CHECK(is<reconnect_line>("/reconnect"));
  CAF_CHECK(as<me_line>("/me waves at all ").text == "waves at all");
  CAF_CHECK(as<search_line>("/search a b").text == "a b");
  CAF_CHECK(as<notify_line>("/notify bell").how == "bell");
}

CAF_TEST(a slip is not sent but explained) {
  for (const auto* const text : {"/whoo", "/", "/ who", "/quit now", "/join", "/history 0", "/me",
                                 "/reconnect now", "/history 501", "/history x", "/Quit"})
    CAF_CHECK(is<wrong_line>(text));
  CAF_CHECK(std::get<wrong_line>(read_typed("/histroy")).hint.find("/history")
            != std::string::npos);
}

CAF_TEST(what does not exist is told to be missing on purpose) {
  for (const auto* const text : {"/delete", "/delete 7", "/msg bob hello"})
    CAF_CHECK(std::get<wrong_line>(read_typed(text)).hint.find("there is no") == 0);
}

CAF_TEST(white space is nothing) {
  CAF_CHECK(is<nothing_line>(""));
  CAF_CHECK(is<nothing_line>(" \t "));
}

CAF_TEST(help names every command) {
  for (const auto* const word : {"/who", "/history", "/rooms", "/join", "/leave", "/quit", "//"})
    CAF_CHECK(slash_help().find(word) != std::string_view::npos);
}

} // namespace slash_command_suite
