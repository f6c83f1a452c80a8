// A line that repeats the one before is not kept twice.
#include "client/screen/input_history.hpp"

#include "client/screen/text_width.hpp"
#include "client/slash_command.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace callboard::client {

bool input_history::may_be_secret(std::string_view line) {
  return line.starts_with(' ') || std::holds_alternative<wrong_line>(read_typed(line));
}

bool input_history::add(std::string_view line) {
  at_.reset();
  typed_.clear();
  if (line.empty() || may_be_secret(line) || (!lines_.empty() && lines_.back() == line))
    return false;
  lines_.emplace_back(line);
  if (lines_.size() > most)
    lines_.erase(lines_.begin());
  return true;
}

std::optional<std::string> input_history::older(std::string_view typed) {
  const auto at = at_.value_or(lines_.size());
  if (at == 0)
    return std::nullopt;
  if (!at_)
    typed_ = typed;
  at_ = at - 1;
  return lines_[*at_];
}

std::optional<std::string> input_history::newer() {
  if (!at_)
    return std::nullopt;
  if (++*at_ < lines_.size())
    return lines_[*at_];
  at_.reset();
  return typed_;
}

std::string input_history::end_walk(const std::string& shown) {
  auto kept = kept_of(shown);
  at_.reset();
  typed_.clear();
  return kept;
}

std::string input_history::kept_of(const std::string& shown) const {
  const bool only_looked = at_ && lines_[*at_] == shown;
  return only_looked ? typed_ : shown;
}

std::optional<std::size_t> input_history::find(std::string_view what, std::size_t before) const {
  const auto wanted = folded(what);
  for (auto at = std::min(before, lines_.size()); at > 0; --at)
    if (folded(lines_[at - 1]).find(wanted) != std::string::npos)
      return at - 1;
  return std::nullopt;
}

std::string input_history::escaped(std::string_view line) {
  std::string out;
  for (const char c : line) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\\')
      out += "\\\\";
    else
      out += c;
  }
  return out;
}

std::string input_history::unescaped(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool escape = line[i] == '\\' && i + 1 < line.size();
    if (escape)
      ++i;
    out += escape && line[i] == 'n' ? '\n' : line[i];
  }
  return out;
}

} // namespace callboard::client
