// A file is written beside and renamed while the folder is locked: readers see the old one or the
// new one, and two writers merge. Losing it costs an unread line, so nothing waits for the disk.
#include "client/screen/read_marks.hpp"

#include "client/state_folder.hpp"
#include "domain/validate.hpp"

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace callboard::client {

namespace {

/// Holds the folder against other writers, if it can be had at once.
class folder_lock {
public:
  explicit folder_lock(const std::string& folder)
    : file_{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)},
      held_{file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) == 0} {}
  folder_lock(const folder_lock&) = delete;
  folder_lock& operator=(const folder_lock&) = delete;
  ~folder_lock() {
    if (file_ >= 0)
      ::close(file_);
  }

  [[nodiscard]] bool held() const { return held_; }

private:
  int file_;
  bool held_;
};

bool write_beside(const std::string& path, std::string_view text) {
  const int file =
    ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    return false;
  const auto count = ::write(file, text.data(), text.size());
  return ::close(file) == 0 && count == static_cast<ssize_t>(text.size());
}

} // namespace

read_marks::read_marks(std::string folder, std::string server, std::string_view name)
  : folder_{std::move(folder)} {
  head_ = std::move(server) + "\n" + name_key(name) + "\n";
  if (folder_.empty())
    return;
  std::error_code problem;
  std::filesystem::create_directories(folder_, problem);
  if (problem)
    return;
  path_ = folder_ + "/read-" + name_hash(head_);
  marks_ = on_disk();
}

std::optional<seq_t> read_marks::position(const std::string& room, std::string_view epoch) const {
  const auto place = marks_.find(room);
  const bool known = place != marks_.end() && place->second.epoch == epoch;
  return known ? std::optional{place->second.seq} : std::nullopt;
}

void read_marks::advance(const std::string& room, const std::string& epoch, seq_t seq) {
  auto& mark = marks_[room];
  if (mark.epoch == epoch && mark.seq >= seq)
    return;
  mark = {epoch, seq, true};
  changed_ = true;
}

void read_marks::save() {
  if (!changed_ || path_.empty())
    return;
  const folder_lock lock{folder_};
  if (!lock.held())
    return;
  auto merged = on_disk();
  for (const auto& [room, mark] : marks_) {
    auto& other = merged[room];
    if (other.epoch == mark.epoch)
      other = {mark.epoch, std::max(other.seq, mark.seq), mark.ours};
    else if (mark.ours || other.epoch.empty())
      other = mark;
  }
  std::string text = head_;
  std::size_t count = 0;
  for (const auto& [room, mark] : merged)
    if (++count <= rooms_most || mark.ours)
      text += std::to_string(mark.seq) + " " + mark.epoch + " " + room + "\n";
  const auto beside = path_ + "." + std::to_string(::getpid());
  if (!write_beside(beside, text) || ::rename(beside.c_str(), path_.c_str()) != 0) {
    ::unlink(beside.c_str());
    return;
  }
  for (auto& [room, mark] : marks_)
    mark.ours = false;
  changed_ = false;
}

/// Lines that make no sense are left out.
read_marks::marks read_marks::on_disk() const {
  std::ifstream file{path_};
  std::string server;
  std::string name;
  marks found;
  if (!std::getline(file, server) || !std::getline(file, name)
      || server + "\n" + name + "\n" != head_)
    return found;
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find(' ');
    const auto second = first == std::string::npos ? first : line.find(' ', first + 1);
    if (second == std::string::npos || second + 1 == line.size())
      continue;
    mark one{line.substr(first + 1, second - first - 1), 0, false};
    const auto* const end = line.data() + first;
    const auto [rest, problem] = std::from_chars(line.data(), end, one.seq);
    if (problem == std::errc{} && rest == end && !one.epoch.empty())
      found[line.substr(second + 1)] = std::move(one);
  }
  return found;
}

} // namespace callboard::client
