// One pass over the settings. Values are never repeated in a problem: any of them may be a
// password.
#include "runtime/dotenv.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <system_error>
#include <utility>

namespace callboard {

namespace {

constexpr std::size_t file_bytes_max = 65536; // Far above any real file; /dev/zero ends here.

[[nodiscard]] bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

[[nodiscard]] std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

[[nodiscard]] bool is_name(std::string_view text) {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9'))
    return false;
  return text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
         == std::string_view::npos;
}

/// The value of one name, or why it has none.
struct reading {
  std::string value;
  std::string problem;
};

/// Behind a closing quote only a comment may follow; anything else was probably meant to be inside.
[[nodiscard]] std::string check_rest(std::string_view rest) {
  rest = trimmed(rest);
  if (rest.empty() || rest.front() == '#')
    return {};
  return "there is text behind the closing quote; put a backslash before quotes inside a value";
}

[[nodiscard]] std::string refuse_expansion(std::string_view value) {
  // The Go program's library expands these; passing them on literally would only fail later.
  if (value.find("${") == std::string_view::npos)
    return {};
  return "${...} is not expanded here; write the value out, or put it in single quotes";
}

[[nodiscard]] reading read_single(std::string_view text) {
  const auto end = text.find('\'', 1);
  if (end == std::string_view::npos)
    return {{}, "the single quote is never closed"};
  return {std::string{text.substr(1, end - 1)}, check_rest(text.substr(end + 1))};
}

[[nodiscard]] char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

[[nodiscard]] reading read_double(std::string_view text) {
  reading result;
  std::size_t i = 1;
  for (; i < text.size() && text[i] != '"'; ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size();
    result.value += escape ? unescaped(text[++i]) : text[i];
  }
  if (i >= text.size())
    return {{}, "the double quote is never closed"};
  result.problem = refuse_expansion(text.substr(1, i - 1));
  if (result.problem.empty())
    result.problem = check_rest(text.substr(i + 1));
  return result;
}

[[nodiscard]] reading read_bare(std::string_view text) {
  // As in a shell, `#` begins a comment only at the start of a word: colours and URLs hold one too.
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '#' && (i == 0 || is_blank(text[i - 1]))) {
      text = text.substr(0, i);
      break;
    }
  }
  text = trimmed(text);
  return {std::string{text}, refuse_expansion(text)};
}

[[nodiscard]] reading read_value(std::string_view text) {
  if (text.starts_with('\''))
    return read_single(text);
  if (text.starts_with('"'))
    return read_double(text);
  return read_bare(text);
}

/// Where the quote that opens `text` is closed, or npos.
[[nodiscard]] std::size_t closing_quote(std::string_view text) {
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote)
      return i;
    if (text[i] == '\\' && quote == '"')
      ++i;
  }
  return std::string_view::npos;
}

/// The end of the setting at the start of `text`: of its line, or of the line at whose end its
/// quote is closed. One that never is takes no further line; nor does one that seems to be where
/// the next setting's value begins.
[[nodiscard]] std::size_t setting_end(std::string_view text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  const auto equals = line.find('=');
  const auto name = trimmed(line.substr(0, equals));
  if (equals == std::string_view::npos || name.starts_with('#'))
    return end;
  const auto value = line.find_first_not_of(" \t", equals + 1);
  if (value == std::string_view::npos || (line[value] != '"' && line[value] != '\''))
    return end;
  const auto closed = closing_quote(text.substr(value));
  if (closed == std::string_view::npos || value + closed < end)
    return end;
  const auto last = std::min(text.find('\n', value + closed), text.size());
  const auto behind = trimmed(text.substr(value + closed + 1, last - value - closed - 1));
  return behind.empty() || behind.front() == '#' ? last : end;
}

void read_setting(std::string_view text, int number, std::string_view file, dotenv_file& into) {
  text = trimmed(text);
  if (text.empty() || text.front() == '#')
    return;
  if (text.starts_with("export ") || text.starts_with("export\t"))
    text = trimmed(text.substr(7));
  const auto place = std::string{file} + ":" + std::to_string(number) + ": ";
  const auto equals = text.find('=');
  const auto name = trimmed(text.substr(0, equals));
  if (equals == std::string_view::npos || !is_name(name)) {
    into.problems.push_back(place + "expected NAME=value, or a comment behind #");
    return;
  }
  auto [value, problem] = read_value(trimmed(text.substr(equals + 1)));
  if (!problem.empty())
    value.clear();
  into.lines.push_back({std::string{name}, std::move(value), number, std::move(problem)});
}

} // namespace

dotenv_file parse_dotenv(std::string_view text, std::string_view file) {
  dotenv_file result;
  if (text.starts_with("\xEF\xBB\xBF"))
    text.remove_prefix(3);
  // Windows' PowerShell writes UTF-16 by default; each of its characters would read as an error.
  if (text.find('\0') != std::string_view::npos) {
    result.unreadable = "is not text in UTF-8 (UTF-16, perhaps); save it as UTF-8";
    return result;
  }
  std::string unix_text{text};
  for (auto at = unix_text.find("\r\n"); at != std::string::npos; at = unix_text.find("\r\n", at))
    unix_text.erase(at, 1);
  text = unix_text;
  for (int number = 1; !text.empty();) {
    const auto setting = text.substr(0, setting_end(text));
    read_setting(setting, number, file, result);
    number += 1 + static_cast<int>(std::count(setting.begin(), setting.end(), '\n'));
    text.remove_prefix(std::min(setting.size() + 1, text.size()));
  }
  return result;
}

dotenv_file read_dotenv(const std::string& path, bool must_exist) {
  const auto problem = [](std::string what) { return dotenv_file{{}, {}, std::move(what)}; };
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status) || std::filesystem::is_directory(status)) {
    // A folder that may not be searched also lands here, with the reason in `failure`.
    const bool absent = status.type() != std::filesystem::file_type::none;
    if (absent && !must_exist)
      return {};
    return problem(absent ? std::string{"there is no such file"} : failure.message());
  }
  std::ifstream stream{path, std::ios::binary};
  if (!stream)
    return problem("cannot be read; check its owner and mode, or name another one by --env-file");
  std::string text(file_bytes_max + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad())
    return problem("reading it failed");
  if (text.size() > file_bytes_max)
    return problem("is larger than 65536 bytes, which no settings file is");
  return parse_dotenv(text, path);
}

} // namespace callboard
