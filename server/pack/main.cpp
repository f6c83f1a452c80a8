// callboard-pack WEB_DIR [OUT.cpp]: packs the page for the server that is being built; without an
// output it only checks. Nothing is written when anything is wrong.
#include "server/pack/site.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace callboard::pack;

/// The budgets of a first visit; ux.md, 2.3 and goal 5.3.2.
const std::vector<page_plan>& plans() {
  static const std::vector<page_plan> all{{"index.html", "/", 30720, 4},
                                          {"stats.html", "/stats", 8192, 4}};
  return all;
}

/// In octal, since a hexadecimal escape has no end of its own.
std::string literal(std::string_view bytes) {
  constexpr std::size_t line = 100;
  std::string text = "std::string_view{\n\"";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (i > 0 && i % line == 0)
      text += "\"\n\"";
    text += '\\';
    for (const auto shift : {6U, 3U, 0U})
      text += static_cast<char>('0' + ((byte >> shift) & 7U));
  }
  return text + "\", " + std::to_string(bytes.size()) + "}";
}

std::string source_of(const packed_site& site) {
  std::string text = "// Made by callboard-pack from web/.\n#include \"server/page.hpp\"\n"
                     "#include <array>\nnamespace callboard::web {\nnamespace {\n"
                     "constexpr std::array<packed_file, "
                     + std::to_string(site.files.size()) + "> all{{\n";
  for (const auto& file : site.files)
    text += "{" + literal(file.path) + ", " + literal(file.type) + ", "
            + (file.immutable ? "true" : "false") + ", " + literal(file.plain) + ", "
            + literal(file.gzip) + ", " + literal(file.brotli) + "},\n";
  return text + "}};\n}\nstd::span<const packed_file> files() { return all; }\n}\n";
}

std::optional<std::string> contents(const std::filesystem::path& path) {
  std::ifstream stream{path, std::ios::binary};
  if (!stream || !std::filesystem::is_regular_file(path))
    return {};
  return std::string{std::istreambuf_iterator<char>{stream}, {}};
}

int run(const std::string& folder, const std::string& target) {
  const auto site = pack_site(
    plans(), [&folder](const std::string& name) { return contents(folder + "/" + name); });
  for (const auto& problem : site.found)
    (void)std::fprintf(stderr, "%s/%s\n", folder.c_str(), problem.text().c_str());
  if (!site.found.empty())
    return 1;
  for (const auto& weight : site.weights)
    for (const auto& plan : plans())
      if (plan.path == weight.path)
        (void)std::printf("%s\n", weight_text(plan, weight).c_str());
  if (target.empty())
    return 0;
  std::ofstream out{target, std::ios::binary};
  out << source_of(site);
  out.close();
  if (!out)
    throw std::runtime_error{"cannot write " + target};
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv, argv + argc);
    if (argc < 2 || argc > 3) {
      (void)std::fputs("usage: callboard-pack WEB_DIR [OUT.cpp]\n", stderr);
      return 64;
    }
    return run(arguments[1], argc == 3 ? arguments[2] : std::string{});
  } catch (const std::exception& problem) {
    (void)std::fprintf(stderr, "error: %s\n", problem.what());
    return 70;
  }
}
