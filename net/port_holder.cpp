// /proc/net/tcp gives the socket's inode, /proc/PID/fd the process that has it open.
#include "net/port_holder.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>

namespace callboard {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view listening = "0A"; // TCP_LISTEN in the kernel's tcp_states.h

/// "sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …"
std::optional<std::string> listener_inode(const std::string& line, std::uint16_t port) {
  std::istringstream fields{line};
  std::string slot;
  std::string local;
  std::string remote;
  std::string state;
  std::string skipped;
  std::string inode;
  fields >> slot >> local >> remote >> state;
  for (int i = 0; i < 5; ++i)
    fields >> skipped;
  if (!(fields >> inode) || state != listening)
    return {};
  const auto colon = local.rfind(':');
  unsigned found = 0;
  const auto* const end = local.data() + local.size();
  if (colon == std::string::npos
      || std::from_chars(local.data() + colon + 1, end, found, 16).ptr != end || found != port)
    return {};
  return inode;
}

std::set<std::string> listener_links(std::uint16_t port) {
  std::set<std::string> links;
  for (const auto* const table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream lines{table};
    for (std::string line; std::getline(lines, line);) {
      if (const auto inode = listener_inode(line, port))
        links.insert("socket:[" + *inode + "]");
    }
  }
  return links;
}

bool has_open(const fs::path& process, const std::set<std::string>& links) {
  std::error_code ec; // Processes end and are hidden while we look: that is no error of ours.
  for (fs::directory_iterator fd{process / "fd", ec}, end; !ec && fd != end; fd.increment(ec)) {
    std::error_code gone;
    if (links.contains(fs::read_symlink(fd->path(), gone).string()))
      return true;
  }
  return false;
}

} // namespace

std::optional<port_holder> find_port_holder(std::uint16_t port) {
  const auto links = listener_links(port);
  if (links.empty())
    return {};
  std::error_code ec;
  for (fs::directory_iterator process{"/proc", ec}, end; !ec && process != end;
       process.increment(ec)) {
    const auto name = process->path().filename().string();
    port_holder holder;
    if (std::from_chars(name.data(), name.data() + name.size(), holder.pid).ptr
          != name.data() + name.size()
        || !has_open(process->path(), links))
      continue;
    std::ifstream comm{process->path() / "comm"};
    std::getline(comm, holder.name);
    return holder;
  }
  return {};
}

} // namespace callboard
