// Every reference must name a file that is there: a page with a hole in it is refused here, not
// found by a reader.
#include "server/pack/site.hpp"

#include "server/pack/coding.hpp"
#include "server/pack/script_lines.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace callboard::pack {

namespace {

constexpr std::string_view assets = "/assets/";

std::string_view type_of(std::string_view name) {
  if (name.ends_with(".html"))
    return "text/html; charset=utf-8";
  if (name.ends_with(".js"))
    return "text/javascript; charset=utf-8";
  if (name.ends_with(".css"))
    return "text/css; charset=utf-8";
  if (name.ends_with(".svg"))
    return "image/svg+xml";
  if (name.ends_with(".png"))
    return "image/png";
  return {};
}

std::size_t line_of(std::string_view text, std::size_t at) {
  const auto part = text.substr(0, at);
  return 1 + static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
}

class packer {
public:
  packer(const read_file& read, packed_site& out) : read_{read}, out_{out} {}

  void add(const page_plan& plan, bool needed) {
    auto html = read_(plan.file);
    if (!html) {
      if (needed)
        out_.found.push_back({plan.file, 0, "there is no such file"});
      return;
    }
    std::set<std::string> used;
    auto text = linked(plan.file, *html, used);
    place(plan.path, plan.file, std::move(text), false);
    page_weight weight{plan.path, 0, 1 + used.size()};
    for (const auto& file : out_.files)
      if (file.path == plan.path || used.contains(file.path))
        weight.bytes += best_size(file);
    check(plan, weight);
    out_.weights.push_back(std::move(weight));
  }

private:
  static std::size_t best_size(const packed& file) {
    return file.brotli.empty() ? file.plain.size() : file.brotli.size();
  }

  void check(const page_plan& plan, const page_weight& weight) {
    if (weight.bytes > plan.bytes || weight.requests > plan.requests)
      out_.found.push_back({plan.file, 0, "over its budget: " + weight_text(plan, weight)});
  }

  /// The page with hashed paths; each is put into `used`.
  std::string linked(const std::string& file, const std::string& html,
                     std::set<std::string>& used) {
    std::string text;
    std::size_t from = 0;
    for (;;) {
      const auto at = html.find(assets, from);
      if (at == std::string::npos)
        break;
      const auto start = at + assets.size();
      const auto end = html.find_first_not_of(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", start);
      const auto name = html.substr(start, end - start);
      text += html.substr(from, at - from);
      from = std::min(end, html.size());
      if (const auto path = asset(name, file, line_of(html, at))) {
        used.insert(*path);
        text += *path;
      }
    }
    return text + html.substr(from);
  }

  /// The hashed path of an asset, or nothing after a complaint.
  std::optional<std::string> asset(const std::string& name, const std::string& wanted_by,
                                   std::size_t line) {
    if (const auto known = paths_.find(name); known != paths_.end())
      return known->second;
    auto bytes = read_(name);
    if (!bytes || type_of(name).empty() || name.ends_with(".html")) {
      out_.found.push_back(
        {wanted_by, line, "there is no script, style sheet or picture \"" + name + "\""});
      return {};
    }
    if (name.ends_with(".js"))
      bytes = bundle(name, read_, out_.found);
    else if (name.ends_with(".css"))
      bytes = style(name, *bytes);
    const auto dot = name.rfind('.');
    auto path =
      std::string{assets} + name.substr(0, dot) + "." + content_hash(*bytes) + name.substr(dot);
    place(path, name, std::move(*bytes), true);
    paths_[name] = path;
    return path;
  }

  std::string style(const std::string& name, const std::string& text) {
    if (const auto at = text.find("url("); at != std::string::npos)
      out_.found.push_back(
        {name, line_of(text, at), "url() would be a request more, and its target is not packed"});
    try {
      return squeezed_style(name, text);
    } catch (const broken& problem) {
      out_.found.push_back(problem.why);
      return {};
    }
  }

  void place(std::string path, const std::string& name, std::string bytes, bool immutable) {
    auto gzip = gzipped(bytes);
    auto brotli = brotlied(bytes);
    if (gzip.size() >= bytes.size())
      gzip.clear();
    if (brotli.size() >= bytes.size())
      brotli.clear();
    out_.files.push_back({std::move(path), std::string{type_of(name)}, immutable, std::move(bytes),
                          std::move(gzip), std::move(brotli)});
  }

  const read_file& read_;
  packed_site& out_;
  std::map<std::string, std::string> paths_; ///< Name to hashed path.
};

} // namespace

packed_site pack_site(const std::vector<page_plan>& pages, const read_file& read) {
  packed_site out;
  packer work{read, out};
  for (const auto& plan : pages)
    work.add(plan, &plan == &pages.front());
  return out;
}

std::string weight_text(const page_plan& plan, const page_weight& weight) {
  return "page " + weight.path + ": " + std::to_string(weight.bytes) + " of "
         + std::to_string(plan.bytes) + " bytes in brotli, " + std::to_string(weight.requests)
         + " of " + std::to_string(plan.requests) + " requests";
}

} // namespace callboard::pack
