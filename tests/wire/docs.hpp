// The protocols' pages and their samples, as tests read them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace docs {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// Both pages: callboard.v1, then go-chat.
inline std::string protocol() {
  const std::filesystem::path folder{CALLBOARD_DOCS};
  return read_file(folder / "protocol.md") + read_file(folder / "go-chat-protocol.md");
}

/// Samples by name, without the line's end: those whose names begin with `prefix`.
inline std::map<std::string, std::string> samples(std::string_view prefix = "") {
  std::map<std::string, std::string> all;
  for (const auto& file :
       std::filesystem::directory_iterator{std::filesystem::path{CALLBOARD_DOCS} / "samples"}) {
    const auto name = file.path().stem().string();
    auto text = read_file(file.path());
    if (!text.empty() && text.back() == '\n')
      text.pop_back();
    if (name.starts_with(prefix))
      all.emplace(name, text);
  }
  return all;
}

/// The rows of the table below `heading`: first cell (without backquotes) to the whole line.
inline std::map<std::string, std::string> table(std::string_view heading) {
  const auto page = protocol();
  const auto section = page.find("\n" + std::string{heading} + "\n");
  std::map<std::string, std::string> rows;
  if (section == std::string::npos)
    return rows;
  const auto end = page.find("\n#", section + heading.size() + 1);
  for (auto at = page.find("\n| `", section); at < end; at = page.find("\n| `", at + 1)) {
    const auto line = page.substr(at + 1, page.find('\n', at + 1) - at - 1);
    rows.emplace(line.substr(3, line.find('`', 3) - 3), line);
  }
  return rows;
}

} // namespace docs
