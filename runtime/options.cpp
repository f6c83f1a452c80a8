// Three sources are gathered first and judged afterwards, so that only the value that counts is
// checked and all errors of one run are told together.
#include "runtime/options.hpp"

#include "domain/validate.hpp"
#include "runtime/dotenv.hpp"
#include "runtime/nearest.hpp"
#include "runtime/setting_names.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace callboard {

namespace {

constexpr std::string_view env_file_flag = "env-file";
constexpr std::size_t quoted_bytes_max = 80;

/// A value and where it stands, as a message names it.
struct finding {
  std::string value;
  std::string place;
};

using findings = std::map<const option*, finding>;

/// Walks the arguments once.
class flag_reader {
public:
  flag_reader(const std::vector<option>& table, const std::vector<std::string>& arguments,
              option_reading& reading)
    : table_(table), arguments_(arguments), reading_(reading) {}

  void run() {
    bool only_words = false;
    while (next_ < arguments_.size()) {
      const std::string_view argument = arguments_[next_++];
      if (only_words || argument.size() < 2 || argument.front() != '-')
        reading_.words.emplace_back(argument);
      else if (argument == "--")
        only_words = true;
      else if (argument.starts_with("--"))
        read_long(argument.substr(2));
      else
        read_letter(argument);
    }
  }

  findings found;
  std::optional<std::string> env_file;

private:
  void read_long(std::string_view text) {
    const auto equals = text.find('=');
    const auto flag = text.substr(0, equals);
    const bool attached = equals != std::string_view::npos;
    const auto it = std::find_if(table_.begin(), table_.end(),
                                 [flag](const option& o) { return o.flag == flag; });
    if (flag == env_file_flag) {
      if (auto value = value_of(flag, attached, text.substr(equals + 1)))
        env_file = std::move(*value);
    } else if (flag.empty() || it == table_.end()) {
      refuse("--" + std::string{flag}, attached);
    } else if (!it->placeholder.empty()) {
      if (auto value = value_of(flag, attached, text.substr(equals + 1)))
        found[&*it] = {std::move(*value), "--" + std::string{flag}};
    } else {
      found[&*it] = {attached ? std::string{text.substr(equals + 1)} : "true",
                     "--" + std::string{flag}};
    }
  }

  void read_letter(std::string_view text) {
    const auto it = std::find_if(table_.begin(), table_.end(), [text](const option& o) {
      return o.letter != '\0' && text.size() == 2 && text[1] == o.letter;
    });
    if (it == table_.end())
      refuse(std::string{text}, false);
    else if (it->placeholder.empty())
      found[&*it] = {"true", std::string{text}};
    else if (auto value = value_of(it->flag, false, {}))
      found[&*it] = {std::move(*value), std::string{text}};
  }

  /// The text behind `=`, else the next argument, which may begin with a dash only behind `=`:
  /// `--name --json` is more often a forgotten value than a name.
  std::optional<std::string> value_of(std::string_view flag, bool attached, std::string_view text) {
    if (attached)
      return std::string{text};
    if (value_follows())
      return arguments_[next_++];
    reading_.add_problem(exit_usage, "--" + std::string{flag} + " needs a value: --"
                                       + std::string{flag} + "=VALUE");
    return std::nullopt;
  }

  void refuse(const std::string& argument, bool attached) {
    std::vector<std::string_view> known{env_file_flag};
    for (const auto& o : table_) {
      if (!o.flag.empty())
        known.push_back(o.flag);
    }
    // Only the flag's own text is repeated, not what stands behind `=`: it may be a password.
    const auto start = std::min(argument.find_first_not_of('-'), argument.size());
    const auto meant = nearest(std::string_view{argument}.substr(start), known);
    if (meant.empty()) {
      reading_.add_problem(exit_usage,
                           "unknown option " + in_quotes(argument) + "; --help lists them all");
      return;
    }
    reading_.add_problem(exit_usage, "unknown option " + in_quotes(argument) + " - did you mean --"
                                       + std::string{meant} + "?");
    // Its value goes with it: as a word of its own it would only be a second, puzzling error.
    const bool takes_value = std::any_of(table_.begin(), table_.end(), [meant](const option& o) {
      return o.flag == meant && !o.placeholder.empty();
    });
    if (takes_value && !attached && value_follows())
      ++next_;
  }

  [[nodiscard]] bool value_follows() const {
    return next_ < arguments_.size()
           && (!arguments_[next_].starts_with("-") || arguments_[next_] == "-");
  }

  const std::vector<option>& table_;
  const std::vector<std::string>& arguments_;
  option_reading& reading_;
  std::size_t next_ = 0;
};

/// What cannot be understood is an error in a file that was asked for.
void judge_dotenv(const dotenv_file& file, const std::string& path, bool asked_for,
                  bool may_be_strange, option_reading& reading) {
  if (!file.unreadable.empty() && (asked_for || !may_be_strange))
    reading.add_problem(exit_config, path + ": " + file.unreadable);
  else if (!file.unreadable.empty())
    reading.hints.push_back(path + ": " + file.unreadable);
  for (const auto& problem : file.problems) {
    if (asked_for)
      reading.add_problem(exit_config, problem);
    else
      reading.hints.push_back(problem);
  }
}

/// Hints at a name that is nobody's, and finds this program's.
void gather_dotenv(const std::vector<option>& table, const dotenv_file& file,
                   const std::string& path, findings& found, option_reading& reading) {
  std::vector<std::string_view> known{setting_names.begin(), setting_names.end()};
  for (const auto& o : table) {
    if (!o.name.empty())
      known.push_back(o.name);
  }
  for (const auto& line : file.lines) {
    const auto place = path + ":" + std::to_string(line.line) + ": ";
    const auto it = std::find_if(table.begin(), table.end(),
                                 [&line](const option& o) { return o.name == line.name; });
    if (it != table.end()) {
      if (!line.problem.empty())
        reading.add_problem(exit_config, place + line.name + ": " + line.problem);
      else if (line.value.empty())
        found.erase(&*it); // The last line counts, also when it takes an earlier one back.
      else
        found[&*it] = {line.value, place + line.name};
    } else if (std::find(known.begin(), known.end(), line.name) == known.end()) {
      const auto meant = nearest(line.name, known);
      reading.hints.push_back(
        place + "unknown setting " + in_quotes(line.name)
        + (meant.empty() ? std::string{} : " - did you mean " + std::string{meant} + "?"));
    }
  }
}

/// At most `most` bytes of the text, not ending within a character.
[[nodiscard]] std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most)
    return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U)
    --most;
  return text.substr(0, most);
}

} // namespace

environment read_environment(const char* const* variables) {
  environment result;
  for (; variables != nullptr && *variables != nullptr; ++variables) {
    const std::string_view entry{*variables};
    const auto equals = entry.find('=');
    if (equals != std::string_view::npos)
      result.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return result;
}

std::string option_reading::text() const {
  std::string result;
  for (const auto& problem : problems)
    result.append("error: ").append(problem).append("\n");
  for (const auto& hint : hints)
    result.append("hint: ").append(hint).append("\n");
  return result;
}

void option_reading::add_problem(int code, std::string what) {
  problems.push_back(std::move(what));
  if (exit_code == 0 || code == exit_usage)
    exit_code = code;
}

option_reading read_options(const std::vector<option>& table, const option_input& input) {
  option_reading reading;
  flag_reader flags{table, input.arguments, reading};
  flags.run();

  const auto& path = flags.env_file ? *flags.env_file : input.dotenv_path;
  findings found;
  const bool asked_for = flags.env_file.has_value();
  const auto file = read_dotenv(path, asked_for);
  judge_dotenv(file, path, asked_for, input.dotenv_may_be_strange, reading);
  gather_dotenv(table, file, path, found, reading);
  for (const auto& o : table) {
    const auto it = o.name.empty() ? input.variables.end() : input.variables.find(o.name);
    if (it != input.variables.end() && !it->second.empty())
      found[&o] = {it->second, "environment: " + std::string{o.name}};
  }
  for (auto& [o, flag] : flags.found)
    found[o] = std::move(flag);

  for (const auto& o : table) {
    const auto it = found.find(&o);
    if (it == found.end())
      continue;
    if (const auto expected = o.take(it->second.value)) {
      const auto shown =
        o.secret ? std::string{" (its value is not shown)"} : " = " + in_quotes(it->second.value);
      reading.add_problem(exit_config, it->second.place + shown + ": expected " + *expected);
    }
  }
  return reading;
}

std::string describe_options(const std::vector<option>& table) {
  std::string result = "Options:\n";
  const auto paragraph = [&result](const option& o) {
    result.append("  ");
    if (o.letter != '\0')
      result.append("-").append(1, o.letter).append(", ");
    result.append("--").append(o.flag);
    if (!o.placeholder.empty())
      result.append(" ").append(o.placeholder);
    result.append("\n      ").append(o.meaning);
    std::string facts{o.name};
    if (!o.fallback.empty())
      facts.append(facts.empty() ? "default " : ", default ").append(o.fallback);
    if (!facts.empty())
      result.append(" [").append(facts).append("]");
    result.append("\n");
  };
  for (const auto& o : table) {
    if (!o.flag.empty())
      paragraph(o);
  }
  paragraph({"", env_file_flag, "FILE", ".env",
             "Reads settings from this file; it must exist, .env need not.", nullptr});
  return result;
}

std::string in_quotes(std::string_view value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const bool readable = is_utf8(value);
  const auto shown = cut(value, quoted_bytes_max);
  std::string result = "\"";
  for (const char c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || (byte > 0x7F && !readable))
      result.append("\\x").append(1, digits[byte >> 4U]).append(1, digits[byte & 0x0FU]);
    else
      result += c;
  }
  return result + (shown.size() < value.size() ? "\"..." : "\"");
}

std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t least,
                                         std::int64_t most) {
  std::int64_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc{} || rest != end || number < least || number > most)
    return std::nullopt;
  return number;
}

std::string expected_number(std::int64_t least, std::int64_t most) {
  return "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
}

option_taker take_text(std::string& into) {
  return [&into](std::string_view value) -> std::optional<std::string> {
    if (value.empty())
      return "a value that is not empty";
    into = value;
    return std::nullopt;
  };
}

option_taker take_switch(bool& into) {
  return [&into](std::string_view value) -> std::optional<std::string> {
    std::string lower{value};
    for (char& c : lower)
      c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool yes = lower == "true" || lower == "yes" || lower == "on" || lower == "1";
    const bool no = lower == "false" || lower == "no" || lower == "off" || lower == "0";
    if (!yes && !no)
      return "true or false";
    into = yes;
    return std::nullopt;
  };
}

} // namespace callboard
