// The files of an SQLite database: see the header.
#include "storage/sqlite_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace callboard {

namespace {

/// A file descriptor that closes itself.
class descriptor {
public:
  explicit descriptor(int number) : number_{number} {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number_ >= 0)
      close(number_);
  }
  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }

private:
  int number_;
};

/// "/var/lib/callboard (owner 0, group 0, mode 755)".
std::string shown(const std::string& path) {
  struct stat seen = {};
  if (stat(path.c_str(), &seen) != 0)
    return path + " (" + std::generic_category().message(errno) + ')';
  std::array<char, 8> mode{};
  std::snprintf(mode.data(), mode.size(), "%o", static_cast<unsigned>(seen.st_mode & 07777U));
  return path + " (owner " + std::to_string(seen.st_uid) + ", group " + std::to_string(seen.st_gid)
         + ", mode " + mode.data() + ')';
}

/// Why `path`, or another file beside the database, cannot be opened for writing.
unusable explain(const std::string& path, int error) {
  const auto folder = std::filesystem::path{path}.parent_path().string();
  struct stat seen = {};
  const bool is_there = stat(path.c_str(), &seen) == 0;
  unusable why{74, "The database file " + path + " cannot be used",
               std::generic_category().message(error), ""};
  why.cause += ": " + shown(is_there ? path : folder) + ", and this process runs as user "
               + std::to_string(geteuid()) + ", group " + std::to_string(getegid());
  if (error == ENOENT || error == ENOTDIR) {
    why.exit_code = 73;
    why.hint = "Create the directory: mkdir -p " + folder + '.';
  } else if (error == EACCES || error == EPERM || error == EROFS) {
    why.exit_code = 77;
    why.hint = "Give this user the file and its directory (SQLite writes beside the file): chown "
               + std::to_string(geteuid()) + ' ' + folder
               + ", or name another file with DATABASE_URL=sqlite:/path.";
  } else if (error == EISDIR) {
    why.exit_code = 78;
    why.hint = "Name a file, not a directory, for example sqlite:" + path + "/callboard.db.";
  } else {
    why.hint = "Check the disk, its space, and the limits of this process.";
  }
  return why;
}

descriptor open_or_throw(const std::string& path, int flags) {
  const int number = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (number < 0)
    throw explain(path, errno);
  return descriptor{number};
}

/// The process id that a lock file's holder wrote; "unknown" while it writes.
std::string holder_of(int lock) {
  std::array<char, 32> text{};
  const auto size = pread(lock, text.data(), text.size(), 0);
  const std::string read{text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  const auto digits = read.substr(0, read.find_first_not_of("0123456789"));
  return digits.empty() ? "unknown" : digits;
}

void write_all(int file, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      throw explain(path, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

} // namespace

sqlite_file::sqlite_file(std::string path) : path_{std::move(path)} {
  const auto lock_path = path_ + ".lock";
  auto lock = open_or_throw(lock_path, O_RDWR | O_CREAT);
  // flock, not fcntl: its locks belong to this one descriptor, also within a process.
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      throw explain(lock_path, errno);
    const auto pid = holder_of(lock.get());
    throw unusable{69, "The database file " + path_ + " is in use",
                   "another callboard-server (process " + pid + ") has it open",
                   "Stop that one (kill " + pid
                     + "), or give this one a file of its own with DATABASE_URL."};
  }
  if (ftruncate(lock.get(), 0) != 0)
    throw explain(lock_path, errno);
  write_all(lock.get(), lock_path, std::to_string(getpid()) + '\n');
  // Only after the lock: closing any descriptor of the file drops the locks that SQLite, in this
  // very process, may have on it (fcntl(2)).
  const auto file = open_or_throw(path_, O_RDWR | O_CREAT);
  struct stat seen = {};
  if (fstat(file.get(), &seen) != 0)
    throw explain(path_, errno);
  device_ = seen.st_dev;
  inode_ = seen.st_ino;
  lock_ = lock.release();
}

sqlite_file::~sqlite_file() {
  close(lock_);
}

bool sqlite_file::is_in_place() const {
  struct stat seen = {};
  return stat(path_.c_str(), &seen) == 0 && seen.st_dev == device_ && seen.st_ino == inode_;
}

std::string sqlite_file::identity() const {
  std::ifstream file{path_ + ".id"};
  std::string id;
  std::getline(file, id);
  return id;
}

void sqlite_file::set_identity(const std::string& id) const {
  const auto path = path_ + ".id";
  const auto fresh = path + ".new";
  {
    const auto file = open_or_throw(fresh, O_WRONLY | O_CREAT | O_TRUNC);
    write_all(file.get(), fresh, id + '\n');
    if (fsync(file.get()) != 0)
      throw explain(fresh, errno);
  }
  if (rename(fresh.c_str(), path.c_str()) != 0)
    throw explain(path, errno);
  const auto folder =
    open_or_throw(std::filesystem::path{path}.parent_path().string(), O_RDONLY | O_DIRECTORY);
  if (fsync(folder.get()) != 0)
    throw explain(path, errno);
}

} // namespace callboard
