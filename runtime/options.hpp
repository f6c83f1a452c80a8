// One table of options drives flags, environment, `.env`, `--help` and validation: they cannot
// differ. Flags win over the environment, the environment over `.env`, `.env` over defaults.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callboard {

/// sysexits.h, as far as reading options needs it.
inline constexpr int exit_usage = 64;  ///< An unknown flag or word, a flag without its value.
inline constexpr int exit_config = 78; ///< A value that cannot be used.

/// Takes a value: stores it where it belongs and answers nothing, or answers what was expected
/// ("a whole number from 1 to 65535") and stores nothing.
using option_taker = std::function<std::optional<std::string>(std::string_view value)>;

/// One option. Texts live as long as the program (literals).
struct option {
  std::string_view name; ///< In the environment and in `.env`: "SERVER_PORT". Empty: flag only.
  std::string_view flag; ///< Behind `--`: "port". Empty: no flag.
  std::string_view placeholder; ///< In `--help`: "PORT". Empty: a switch; given, it takes "true".
  std::string fallback;         ///< The default as one would write it; "" shows none.
  std::string_view meaning;     ///< One sentence, with the unit.
  option_taker take;
  bool secret = false; ///< Its value is in no message.
  char letter = '\0';  ///< `-h` for `--help`; none when zero.
};

using environment = std::map<std::string, std::string, std::less<>>;

/// A copy of the process's environment (`environ`), or of anything of its form.
[[nodiscard]] environment read_environment(const char* const* variables);

struct option_input {
  std::vector<std::string> arguments; ///< Without the program's own name.
  environment variables;
  std::string dotenv_path = ".env"; ///< Read if it exists; `--env-file FILE` names one that must.
  /// The program runs in anybody's directory: a `.env` there that cannot be read at all is a hint.
  bool dotenv_may_be_strange = false;
};

/// What was found. Values have gone to their takers; with problems, do not use them.
struct option_reading {
  std::vector<std::string> words;    ///< Arguments that are no flags, in order; all behind `--`.
  std::vector<std::string> problems; ///< Every error of this run, one line each, without "error: ".
  std::vector<std::string> hints;    ///< What is odd but does no harm.
  int exit_code = 0;                 ///< exit_usage or exit_config when there are problems.

  /// Problems and hints as they go to stderr: "error: …\n" each, then "hint: …\n" each, because
  /// what is odd is often why something is wrong.
  [[nodiscard]] std::string text() const;

  /// Adds a problem; the first one's exit code stays, but usage wins over configuration.
  void add_problem(int code, std::string what);
};

/// Reads flags (`--flag value`, `--flag=value`, `-h`), environment and `.env` in the order of
/// precedence. Only the value that counts is taken and checked. An empty value in the environment
/// or in `.env` counts as not set. `--env-file FILE` is always known. Lines of `.env` that are no
/// setting of the table's are hints at most: other programs share it. Touches nothing but the
/// `.env` file.
[[nodiscard]] option_reading read_options(const std::vector<option>& table,
                                          const option_input& input);

/// `Options:` and their paragraphs, in the table's order, `--env-file` last.
[[nodiscard]] std::string describe_options(const std::vector<option>& table);

/// For messages: in double quotes, cut to 80 bytes, control characters and bytes above 126 as \xNN
/// unless the whole is valid UTF-8.
[[nodiscard]] std::string in_quotes(std::string_view value);

// -- takers; what they refer to must outlive the reading ------------------------------------------

/// A decimal integer within bounds, nothing else around it.
[[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t least,
                                                       std::int64_t most);

/// "a whole number from `least` to `most`".
[[nodiscard]] std::string expected_number(std::int64_t least, std::int64_t most);

/// Into any integer.
template <std::integral T>
[[nodiscard]] option_taker take_number(T& into, std::int64_t least, std::int64_t most) {
  return [&into, least, most](std::string_view value) -> std::optional<std::string> {
    const auto number = whole_number(value, least, most);
    if (!number)
      return expected_number(least, most);
    into = static_cast<T>(*number);
    return std::nullopt;
  };
}

/// Into a duration of any unit; the value is a number of that unit.
template <class Rep, class Period>
[[nodiscard]] option_taker take_duration(std::chrono::duration<Rep, Period>& into,
                                         std::int64_t least, std::int64_t most) {
  return [&into, least, most](std::string_view value) -> std::optional<std::string> {
    const auto number = whole_number(value, least, most);
    if (!number)
      return expected_number(least, most);
    into = std::chrono::duration<Rep, Period>{static_cast<Rep>(*number)};
    return std::nullopt;
  };
}

/// Any text that is not empty.
[[nodiscard]] option_taker take_text(std::string& into);

/// true/false, yes/no, on/off, 1/0, in any case.
[[nodiscard]] option_taker take_switch(bool& into);

/// One of the words.
template <class T>
[[nodiscard]] option_taker take_choice(T& into,
                                       std::vector<std::pair<std::string_view, T>> choices) {
  return
    [&into, choices = std::move(choices)](std::string_view value) -> std::optional<std::string> {
      std::string expected = "one of";
      for (const auto& [word, meaning] : choices) {
        if (word == value) {
          into = meaning;
          return std::nullopt;
        }
        expected.append(expected.size() == 6 ? " " : ", ").append(word);
      }
      return expected;
    };
}

} // namespace callboard
