// Modules come in the order of a depth-first walk, as browsers evaluate them (ECMA-262, 16.2.1.5).
#include "server/pack/bundle.hpp"

#include "server/pack/script_lines.hpp"

#include <array>
#include <map>
#include <regex>
#include <set>
#include <utility>
#include <vector>

namespace callboard::pack {

namespace {

struct wanted_name {
  std::string name;
  std::string from;
  std::size_t line = 0;
};

struct module {
  std::set<std::string> exports;
  std::vector<wanted_name> imports;
  std::vector<std::string> needs; ///< Files, in order.
  std::string text;
};

constexpr const char* good_import =
  R"(expected one line: import { a, b } from "./x.js"; or import "./x.js";)";
constexpr const char* good_export =
  "expected export directly before a function, an async function, a class or a const";

class bundler {
public:
  bundler(const read_file& read, complaints& found) : read_{read}, found_{found} {}

  void add(const std::string& file, const std::string& wanted_by, std::size_t line) {
    if (modules_.contains(file))
      return; // A circle is no trouble: the browser goes on as well.
    const auto text = read_(file);
    if (!text) {
      found_.push_back({wanted_by, line, "there is no file " + file});
      return;
    }
    auto& here = modules_[file];
    std::vector<std::size_t> places;
    for (const auto& one : lines_of(file, *text, found_))
      take(file, one, here, places);
    for (std::size_t i = 0; i < here.needs.size(); ++i)
      add(std::string{here.needs[i]}, file, places[i]);
    script_ += here.text;
  }

  /// Once all are there.
  void check_imports() {
    for (const auto& [file, one] : modules_)
      for (const auto& wish : one.imports) {
        const auto other = modules_.find(wish.from);
        if (other != modules_.end() && !other->second.exports.contains(wish.name))
          found_.push_back({file, wish.line, wish.from + " does not export " + wish.name});
      }
  }

  std::string take_script() { return std::move(script_); }

private:
  void take(const std::string& file, const script_line& one, module& here,
            std::vector<std::size_t>& places) {
    static const std::regex import_line{R"rx(^import\b.*)rx"};
    static const std::regex export_line{R"rx(^export\b.*)rx"};
    if (one.top && std::regex_match(one.text, import_line))
      take_import(file, one, here, places);
    else if (one.top && std::regex_match(one.text, export_line))
      here.text += take_export(file, one, here) + "\n";
    else {
      if (one.top)
        note_name(file, one.number, one.text);
      here.text += one.text + "\n";
    }
  }

  void take_import(const std::string& file, const script_line& one, module& here,
                   std::vector<std::size_t>& places) {
    static const std::regex form{
      R"rx(^import (?:\{ ([\w$]+(?:, [\w$]+)*),? \} from )?"\./([\w-]+\.js)";$)rx"};
    static const std::regex word{R"rx([\w$]+)rx"};
    std::smatch parts;
    if (!std::regex_match(one.text, parts, form)) {
      found_.push_back({file, one.number, good_import});
      return;
    }
    const auto from = parts[2].str();
    const auto names = parts[1].str();
    for (std::sregex_iterator at{names.begin(), names.end(), word}, end; at != end; ++at)
      here.imports.push_back({at->str(), from, one.number});
    here.needs.push_back(from);
    places.push_back(one.number);
  }

  std::string take_export(const std::string& file, const script_line& one, module& here) {
    static const std::regex form{
      R"rx(^export ((?:(?:async )?function\*? ?|class |const )([\w$]+).*)$)rx"};
    std::smatch parts;
    if (!std::regex_match(one.text, parts, form)) {
      found_.push_back({file, one.number, good_export});
      return {};
    }
    here.exports.insert(parts[2].str());
    note_name(file, one.number, parts[1].str());
    return parts[1].str();
  }

  /// Joined, all modules share one scope.
  void note_name(const std::string& file, std::size_t line, const std::string& text) {
    static const std::regex form{
      R"rx(^(?:(?:async )?function\*? ?|class |const |let |var )([\w$]+|[\[{]).*$)rx"};
    std::smatch parts;
    if (!std::regex_match(text, parts, form))
      return;
    const auto name = parts[1].str();
    if (name == "{" || name == "[") {
      found_.push_back({file, line, "outside of all brackets, declare one name at a time"});
      return;
    }
    const auto [place, fresh] = names_.emplace(name, file + ":" + std::to_string(line));
    if (!fresh)
      found_.push_back(
        {file, line,
         name + " is declared at " + place->second + " too; modules are joined, so rename one"});
  }

  const read_file& read_;
  complaints& found_;
  std::map<std::string, module> modules_;
  std::map<std::string, std::string> names_; ///< To where they are declared.
  std::string script_;
};

} // namespace

std::string bundle(const std::string& entry, const read_file& read, complaints& found) {
  bundler work{read, found};
  try {
    work.add(entry, entry, 0);
  } catch (const broken& problem) {
    found.push_back(problem.why);
    return {};
  }
  work.check_imports();
  return work.take_script();
}

} // namespace callboard::pack
