// Help begins with what most people want: a line that they can copy.
#include "client/help_text.hpp"

#include <algorithm>

namespace callboard::client {

namespace {

std::string usage_of(const command_row& row) {
  std::string line = "callboard";
  if (!row.word.empty())
    line.append(" ").append(row.word);
  if (!row.arguments.empty())
    line.append(" ").append(row.arguments);
  return line + " [OPTIONS]";
}

std::string options_of(command_set commands) {
  raw_invocation nobody;
  std::vector<option> options;
  for (auto& row : option_rows(nobody))
    if ((row.commands & commands) != 0)
      options.push_back(std::move(row.what));
  return describe_options(options);
}

std::string exit_codes() {
  std::string text = "Exit codes:\n";
  for (const auto& row : exit_rows()) {
    auto code = std::to_string(row.code);
    code.insert(0, 5 - std::min<std::size_t>(code.size(), 5), ' ');
    text.append(code).append("  ").append(row.meaning).append("\n");
  }
  return text;
}

constexpr std::string_view precedence =
  "A flag wins over the environment, the environment over .env, .env over the default.\n"
  "stdout carries data, stderr all else.\n";

// -- roff
// -------------------------------------------------------------------------------------------

/// Text for roff: a dash stays a dash, a backslash a backslash, and no line is a request.
std::string in_roff(std::string_view text) {
  std::string roff;
  for (const char c : text) {
    if (c == '\\')
      roff += "\\e";
    else if (c == '-')
      roff += "\\-";
    else if ((c == '.' || c == '\'') && (roff.empty() || roff.back() == '\n'))
      roff.append("\\&").append(1, c);
    else
      roff += c;
  }
  return roff;
}

std::string bold(std::string_view text) {
  return "\\fB" + in_roff(text) + "\\fR";
}

std::string item(const std::string& title, std::string_view text) {
  return ".TP\n" + title + "\n" + in_roff(text) + "\n";
}

std::string roff_option(const option_row& row) {
  const auto& what = row.what;
  std::string title;
  if (what.letter != '\0')
    title = bold(std::string{"-"} + what.letter) + ", ";
  title += bold("--" + std::string{what.flag});
  if (!what.placeholder.empty())
    title += " \\fI" + in_roff(what.placeholder) + "\\fR";
  std::string text{what.meaning};
  if (!what.fallback.empty())
    text += " Default: " + what.fallback + ".";
  if (!what.name.empty())
    text += " In the environment: " + std::string{what.name} + ".";
  if (row.commands != ~command_set{0})
    text += " For: " + names_of(row.commands) + ".";
  return item(title, text);
}

} // namespace

std::string help_of_program() {
  std::string text = "Example: callboard general --name alice\n\nUsage:\n";
  std::size_t width = 0;
  for (const auto& row : command_rows())
    width = std::max(width, usage_of(row).size());
  for (const auto& row : command_rows()) {
    auto usage = usage_of(row);
    usage.append(width - usage.size() + 2, ' ');
    text.append("  ").append(usage).append(row.meaning).append("\n");
  }
  text += "\nMore examples:\n";
  for (const auto& row : command_rows())
    if (!row.word.empty())
      text.append("  ").append(row.example).append("\n");
  return text + "\n" + std::string{precedence} + "\n" + options_of(~command_set{0}) + "\n"
         + exit_codes();
}

std::string help_of(invocation::what command) {
  for (const auto& row : command_rows()) {
    if (row.command != command)
      continue;
    return "Example: " + std::string{row.example} + "\n\nUsage: " + usage_of(row) + "\n  "
           + std::string{row.meaning} + "\n\n" + options_of(set_of(command)) + "\n" + exit_codes();
  }
  return help_of_program();
}

std::string manual_page() {
  std::string page = ".TH CALLBOARD 1 \"\" \"callboard " CALLBOARD_VERSION "\" \"User commands\"\n"
                     ".SH NAME\ncallboard \\- chat from the terminal, and from scripts\n"
                     ".SH SYNOPSIS\n.nf\n";
  for (const auto& row : command_rows())
    page += in_roff(usage_of(row)) + "\n";
  page +=
    ".fi\n.SH DESCRIPTION\n"
    "Connects to a callboard server, comes back after every interruption, shows each message "
    "once and in order, and keeps what was typed until the server has stored it, also when it "
    "is killed itself.\n.PP\n"
    + in_roff(precedence) + ".SH COMMANDS\n";
  for (const auto& row : command_rows())
    page += item(bold(usage_of(row)), row.meaning);
  page += ".SH OPTIONS\n";
  raw_invocation nobody;
  for (const auto& row : option_rows(nobody))
    page += roff_option(row);
  page += item(bold("--env-file") + " \\fIFILE\\fR",
               "Reads settings from this file; it must exist, .env need not. Default: .env.");
  page += ".SH EXIT STATUS\n";
  for (const auto& row : exit_rows())
    page += item(bold(std::to_string(row.code)), row.meaning);
  page += ".SH FILES\n"
          + item(R"(\fI$XDG_STATE_HOME/callboard\fR, else \fI~/.local/state/callboard\fR)",
                 "Tokens that make us the same author next time, and outboxes: what was typed and "
                 "has no receipt yet.")
          + ".SH EXAMPLES\n.nf\n";
  for (const auto& row : command_rows())
    page += in_roff(row.example) + "\n";
  return page + ".fi\n";
}

} // namespace callboard::client
