// Lines are only ever appended; a file that has grown to twice what is read is cut when it is read.
#include "client/screen/history_file.hpp"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace callboard::client {

namespace {

/// True when all of it was written.
bool write_whole(const std::string& path, int flags, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
  if (file < 0)
    return false;
  const auto count = ::write(file, text.data(), text.size());
  return ::close(file) == 0 && count == static_cast<ssize_t>(text.size());
}

} // namespace

history_file::history_file(const std::string& folder) {
  if (folder.empty())
    return;
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (!problem)
    path_ = folder + "/history";
}

void history_file::load(input_history& into) const {
  std::ifstream file{path_};
  std::string line;
  std::size_t count = 0;
  for (; std::getline(file, line); ++count)
    static_cast<void>(into.add(input_history::unescaped(line)));
  if (count <= 2 * input_history::most)
    return;
  std::string kept;
  for (const auto& one : into.lines())
    kept += input_history::escaped(one) + "\n";
  const auto beside = path_ + "." + std::to_string(::getpid());
  if (write_whole(beside, O_TRUNC, kept))
    ::rename(beside.c_str(), path_.c_str());
}

void history_file::append(const std::string& line) const {
  // History is a comfort: that it cannot be kept must not disturb a conversation.
  if (!path_.empty())
    static_cast<void>(write_whole(path_, O_APPEND, input_history::escaped(line) + "\n"));
}

} // namespace callboard::client
