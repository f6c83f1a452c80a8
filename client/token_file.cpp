// A file is written beside and renamed, so that nobody ever reads half a token; its three lines are
// server, name and token, so that a collision of file names does no harm.
#include "client/token_file.hpp"

#include "client/state_folder.hpp"
#include "domain/random_id.hpp"
#include "domain/validate.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace callboard::client {

namespace {

constexpr std::size_t file_bytes_max = 8192;

std::string reason(int number) {
  return std::error_code{number, std::generic_category()}.message();
}

/// Writes all of `text` or says why not.
std::optional<std::string> write_file(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    return path + ": " + reason(errno);
  std::optional<std::string> problem;
  while (!text.empty() && !problem) {
    const auto count = ::write(file, text.data(), text.size());
    if (count >= 0)
      text.remove_prefix(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      problem = path + ": " + reason(errno);
  }
  if (::close(file) != 0 && !problem)
    problem = path + ": " + reason(errno);
  return problem;
}

} // namespace

token_store::token_store(const environment& variables, std::string server)
  : folder_{state_folder(variables)}, server_{std::move(server)} {}

std::string token_store::path_of(std::string_view kind, std::string_view name) const {
  return folder_ + "/" + std::string{kind} + "-" + name_hash(server_ + "\n" + name_key(name));
}

std::optional<std::string> token_store::read(std::string_view kind, std::string_view name) const {
  if (folder_.empty())
    return std::nullopt;
  std::ifstream file{path_of(kind, name)};
  std::string server;
  std::string owner;
  std::string secret;
  if (!std::getline(file, server) || !std::getline(file, owner) || !std::getline(file, secret))
    return std::nullopt;
  const bool ours = server == server_ && owner == name_key(name) && !secret.empty()
                    && secret.size() < file_bytes_max;
  return ours ? std::optional{secret} : std::nullopt;
}

std::optional<std::string> token_store::write(std::string_view kind, std::string_view name,
                                              std::string_view secret, bool replace) const {
  if (folder_.empty())
    return "neither XDG_STATE_HOME nor HOME names a folder";
  std::error_code problem;
  std::filesystem::create_directories(folder_, problem);
  if (!problem)
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, problem);
  if (problem)
    return folder_ + ": " + problem.message();
  const auto path = path_of(kind, name);
  const auto beside = path + "." + std::to_string(::getpid());
  ::unlink(beside.c_str()); // Of a process that had our number and died here.
  auto why =
    write_file(beside, server_ + "\n" + name_key(name) + "\n" + std::string{secret} + "\n");
  if (!why) {
    const int failed =
      replace ? ::rename(beside.c_str(), path.c_str()) : ::link(beside.c_str(), path.c_str());
    if (failed != 0)
      why = path + ": " + reason(errno);
  }
  if (why || !replace)
    ::unlink(beside.c_str());
  return why;
}

std::optional<std::string> token_store::load(std::string_view name) const {
  return read("token", name);
}

std::optional<std::string> token_store::trouble(std::string_view name) const {
  if (folder_.empty())
    return std::nullopt;
  const auto path = path_of("token", name);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  char first = 0;
  const bool fails = file < 0 || ::read(file, &first, 1) < 0;
  const int number = errno;
  if (file >= 0)
    ::close(file);
  if (!fails || number == ENOENT)
    return std::nullopt;
  return path + ": " + reason(number);
}

std::optional<std::string> token_store::save(std::string_view name, std::string_view token) const {
  return write("token", name, token, true);
}

std::string token_store::claim(std::string_view name) const {
  constexpr auto kind = "claim";
  if (auto kept = read(kind, name))
    return *kept;
  // Of two processes of ours one is first; the other one takes what that one has written.
  auto fresh = random_id();
  if (write(kind, name, fresh, false))
    return read(kind, name).value_or(fresh);
  return fresh;
}

} // namespace callboard::client
