// openat() with a name that has no slash, and O_NOFOLLOW: the kernel itself cannot leave the
// directory.
#include "server/web_dir.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace callboard {

namespace {

constexpr std::size_t largest_file = 4 << 20;

struct kind {
  std::string_view ending;
  std::string_view type;
};
constexpr auto kinds = std::to_array<kind>({
  {".html", "text/html; charset=utf-8"},
  {".js", "text/javascript; charset=utf-8"},
  {".css", "text/css; charset=utf-8"},
  {".svg", "image/svg+xml"},
  {".png", "image/png"},
});

/// A name as files of the page have: it cannot be "..", nor start with a dot.
bool is_plain(std::string_view name) {
  return !name.empty() && name.size() <= 100 && name.front() != '.'
         && std::all_of(name.begin(), name.end(), [](char c) {
              return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-'
                     || c == '_';
            });
}

std::string name_of(std::string_view path) {
  constexpr std::string_view assets = "/assets/";
  if (path == "/")
    return "index.html";
  if (path == "/stats")
    return "stats.html";
  return std::string{path.starts_with(assets) ? path.substr(assets.size()) : std::string_view{}};
}

std::string system_text() {
  return std::generic_category().message(errno);
}

/// The bytes of a regular file, or nothing.
std::optional<std::string> read_regular(int file) {
  struct stat about {};
  if (::fstat(file, &about) != 0 || !S_ISREG(about.st_mode))
    return {};
  std::string bytes;
  std::array<char, 65536> part{};
  for (;;) {
    const auto came = ::read(file, part.data(), part.size());
    if (came == 0)
      return bytes;
    if (came < 0 && errno == EINTR)
      continue;
    if (came < 0 || bytes.size() + static_cast<std::size_t>(came) > largest_file)
      return {};
    bytes.append(part.data(), static_cast<std::size_t>(came));
  }
}

} // namespace

std::variant<web_dir, web_dir_error> web_dir::open(const std::string& path) {
  const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0)
    return web_dir_error{"cannot serve the page from \"" + path + "\"", system_text()};
  web_dir opened{directory};
  if (!opened.find("/"))
    return web_dir_error{"cannot serve the page from \"" + path + "\"",
                         "it has no index.html that can be read"};
  return opened;
}

web_dir::web_dir(web_dir&& other) noexcept : directory_{std::exchange(other.directory_, -1)} {}

web_dir::~web_dir() {
  if (directory_ >= 0)
    ::close(directory_);
}

std::optional<static_file> web_dir::find(std::string_view path) const {
  const auto name = name_of(path);
  const auto* const known = std::find_if(kinds.begin(), kinds.end(), [&name](const kind& one) {
    return std::string_view{name}.ends_with(one.ending);
  });
  if (!is_plain(name) || known == kinds.end())
    return {};
  // Without O_NONBLOCK, a pipe of that name would hold the server up.
  const int file =
    ::openat(directory_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0)
    return {};
  auto bytes = read_regular(file);
  ::close(file);
  if (!bytes)
    return {};
  return static_file{std::string{path}, std::string{known->type}, std::move(*bytes)};
}

} // namespace callboard
