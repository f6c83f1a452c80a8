// A name may have gone to another file between open and lock: only the file that still has it
// counts.
#include "client/locked_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace callboard::client {

locked_file::locked_file(locked_file&& other) noexcept
  : descriptor_{std::exchange(other.descriptor_, -1)}, path_{std::move(other.path_)} {}

locked_file& locked_file::operator=(locked_file&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

locked_file::~locked_file() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

locked_file locked_file::open(const std::string& path, int more_flags) {
  locked_file file;
  file.path_ = path;
  file.descriptor_ =
    ::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | more_flags, 0600);
  if (file.descriptor_ < 0)
    return {};
  struct stat ours {};
  struct stat named {};
  const bool held = ::flock(file.descriptor_, LOCK_EX | LOCK_NB) == 0
                    && ::fstat(file.descriptor_, &ours) == 0 && ::stat(path.c_str(), &named) == 0
                    && ours.st_ino == named.st_ino;
  errno = 0;
  return held ? std::move(file) : locked_file{};
}

locked_file locked_file::create(const std::string& folder, const std::string& stem) {
  struct timespec now {};
  ::clock_gettime(CLOCK_REALTIME, &now);
  auto stamp = std::to_string(now.tv_sec * 1000000 + now.tv_nsec / 1000);
  stamp.insert(0, 20 - std::min<std::size_t>(stamp.size(), 20), '0');
  return open(folder + "/" + stem + stamp + "-" + std::to_string(::getpid()), O_CREAT | O_EXCL);
}

/// Names with a dot are of files that take another's place, or were set aside.
std::vector<std::string> locked_file::paths(const std::string& folder, const std::string& stem) {
  std::vector<std::string> found;
  std::error_code problem;
  for (std::filesystem::directory_iterator at{folder, problem}, end; !problem && at != end;
       at.increment(problem)) {
    const auto name = at->path().filename().string();
    if (name.starts_with(stem) && name.find('.') == std::string::npos)
      found.push_back(at->path().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::optional<std::string> locked_file::read() const {
  std::string text;
  std::array<char, 65536> bytes{};
  for (off_t at = 0;; at = static_cast<off_t>(text.size())) {
    const auto count = ::pread(descriptor_, bytes.data(), bytes.size(), at);
    if (count == 0)
      return text;
    if (count < 0 && errno != EINTR)
      return std::nullopt;
    if (count > 0)
      text.append(bytes.data(), static_cast<std::size_t>(count));
  }
}

int locked_file::append(std::string_view text) const {
  const auto before = ::lseek(descriptor_, 0, SEEK_END);
  while (!text.empty()) {
    const auto count = ::write(descriptor_, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      const int problem = errno;
      static_cast<void>(!::ftruncate(descriptor_, before));
      return problem;
    }
  }
  return 0;
}

int locked_file::sync() const {
  return ::fdatasync(descriptor_) == 0 ? 0 : errno;
}

void locked_file::remove() const {
  ::unlink(path_.c_str());
}

bool locked_file::replace(const locked_file& other) {
  if (::rename(path_.c_str(), other.path_.c_str()) != 0)
    return false;
  path_ = other.path_;
  return true;
}

} // namespace callboard::client
