// Only as much of a scanner as comments need: where strings, templates and regular expressions are.
// Whether a slash divides is told by what stands before it; the few cases in which that is wrong
// end in an error or in an unchanged text, never in a changed one.
#include "server/pack/script_lines.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace callboard::pack {

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'
         || static_cast<unsigned char>(c) >= 0x80;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/// After these, a slash begins a regular expression although a word stands before it.
bool awaits_value(std::string_view word) {
  constexpr auto words =
    std::to_array<std::string_view>({"return", "typeof", "case", "in", "of", "delete", "void",
                                     "throw", "new", "else", "do", "await", "yield", "instanceof"});
  return std::find(words.begin(), words.end(), word) != words.end();
}

class scanner {
public:
  scanner(const std::string& file, std::string_view text, complaints& found)
    : file_{file}, text_{text}, found_{found} {}

  std::vector<script_line> run() {
    begin_line();
    while (at_ < text_.size())
      step();
    if (!templates_.empty() || depth_ != 0)
      fail(opened_, "a bracket or template that begins here does not end");
    end_line();
    return std::move(lines_);
  }

private:
  [[noreturn]] void fail(std::size_t line, std::string what) const {
    throw broken{{file_, line, std::move(what)}};
  }

  [[nodiscard]] char peek(std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void begin_line() {
    line_ = {number_, depth_ == 0 && templates_.empty(), {}};
    within_ = in_template_;
  }

  void end_line() {
    if (!in_template_)
      while (!line_.text.empty() && is_space(line_.text.back()))
        line_.text.pop_back();
    if (!line_.text.empty() || within_ || in_template_)
      lines_.push_back(std::move(line_));
  }

  void new_line() {
    end_line();
    ++number_;
    begin_line();
  }

  void take(std::size_t count) {
    line_.text += text_.substr(at_, count);
    at_ += count;
  }

  void step() {
    const auto c = text_[at_];
    if (c == '\n') {
      ++at_;
      new_line();
    } else if (in_template_) {
      step_in_template(c);
    } else if (is_space(c)) {
      at_ += 1;
      if (!line_.text.empty())
        line_.text += ' ';
    } else if (c == '/' && peek(1) == '/') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '/' && peek(1) == '*') {
      skip_comment();
    } else if (is_word(c)) {
      take_word();
    } else if (c == '"' || c == '\'') {
      take_string(c);
    } else if (c == '/' && regex_may_follow()) {
      take_regex();
    } else {
      take_sign(c);
    }
  }

  void step_in_template(char c) {
    if (c == '\\' && peek(1) != '\n' && at_ + 1 < text_.size()) {
      take(2);
    } else if (c == '$' && peek(1) == '{') {
      take(2);
      templates_.push_back(depth_);
      in_template_ = false;
      before_ = '{';
    } else {
      take(1);
      if (c == '`') {
        in_template_ = false;
        before_ = ')'; // A value.
      }
    }
  }

  void skip_comment() {
    const auto from = number_;
    const auto end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos)
      fail(from, "this comment does not end");
    if (!line_.text.empty())
      line_.text += ' '; // Or two words would become one.
    const auto breaks = std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                   text_.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    at_ = end + 2;
    if (breaks == 0)
      return;
    end_line(); // A line break in a comment may end a statement.
    number_ += static_cast<std::size_t>(breaks);
    begin_line();
  }

  void take_word() {
    auto end = at_;
    while (end < text_.size() && is_word(text_[end]))
      ++end;
    word_ = text_.substr(at_, end - at_);
    const auto starts_line = line_.text.empty() && line_.top;
    if ((word_ == "import" || word_ == "export") && before_ != '.' && !starts_line)
      found_.push_back(
        {file_, number_, std::string{word_} + " may only begin a line outside of all brackets"});
    take(end - at_);
    before_ = 'w';
  }

  void take_string(char quote) {
    auto end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n')
      end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size() || text_[end] != quote)
      fail(number_, "this string does not end on its line");
    take(end + 1 - at_);
    before_ = ')';
  }

  [[nodiscard]] bool regex_may_follow() const {
    if (before_ == 'w')
      return awaits_value(word_);
    return before_ != ')' && before_ != ']';
  }

  void take_regex() {
    bool in_class = false;
    auto end = at_ + 1;
    for (; end < text_.size() && text_[end] != '\n'; ++end) {
      const auto c = text_[end];
      if (c == '\\')
        ++end;
      else if (c == '[')
        in_class = true;
      else if (c == ']')
        in_class = false;
      else if (c == '/' && !in_class)
        break;
    }
    if (end >= text_.size() || text_[end] != '/')
      fail(number_, "this regular expression does not end on its line");
    take(end + 1 - at_);
    before_ = ')';
  }

  void take_sign(char c) {
    if (c == '{' || c == '(' || c == '[') {
      if (depth_++ == 0)
        opened_ = number_;
    } else if (c == '}' && !templates_.empty() && templates_.back() == depth_) {
      templates_.pop_back();
      in_template_ = true;
    } else if (c == '}' || c == ')' || c == ']') {
      if (depth_-- == 0)
        fail(number_, "this bracket was not opened");
    } else if (c == '`') {
      in_template_ = true;
      if (depth_ == 0)
        opened_ = number_;
    }
    take(1);
    before_ = c;
  }

  const std::string& file_;
  std::string_view text_;
  complaints& found_;
  std::vector<script_line> lines_;
  script_line line_;
  std::string_view word_;              ///< The last one.
  std::vector<std::size_t> templates_; ///< The depth at each `${` that has not ended.
  std::size_t at_ = 0;
  std::size_t number_ = 1;
  std::size_t depth_ = 0;
  std::size_t opened_ = 0; ///< The line of the last bracket that was opened at depth 0.
  char before_ = ';';      ///< The last sign; 'w' for a word, ')' for a value.
  bool in_template_ = false;
  bool within_ = false; ///< The line began within a template.
};

/// One for as many as there are.
void add_blank(std::string& out, char blank) {
  if (!out.empty() && out.back() != '\n' && out.back() != ' ')
    out += blank == '\n' ? '\n' : ' ';
}

/// Where the comment that begins at `at` has ended.
std::size_t end_of_style_comment(const std::string& file, std::string_view text, std::size_t at) {
  const auto end = text.find("*/", at + 2);
  if (end != std::string_view::npos)
    return end + 2;
  const auto before = text.substr(0, at);
  const auto line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  throw broken{{file, line, "this comment does not end"}};
}

} // namespace

std::vector<script_line> lines_of(const std::string& file, std::string_view text,
                                  complaints& found) {
  return scanner{file, text, found}.run();
}

std::string squeezed_style(const std::string& file, std::string_view text) {
  std::string out;
  char quote = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = text[at];
    if (quote != '\0') {
      out += c;
      if (c == quote)
        quote = '\0';
    } else if (text.substr(at, 2) == "/*") {
      at = end_of_style_comment(file, text, at) - 1;
    } else if (is_space(c) || c == '\n') {
      add_blank(out, c);
    } else {
      out += c;
      if (c == '"' || c == '\'')
        quote = c;
    }
  }
  return out;
}

} // namespace callboard::pack
