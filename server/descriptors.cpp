// Nothing of ours calls select(), which a descriptor above 1,023 would break: the soft limit may
// rise.
#include "server/descriptors.hpp"

#include <algorithm>
#include <limits>
#include <sys/resource.h>

namespace callboard {

namespace {

/// Logs, the page's directory, epoll and its timers, with room to spare.
constexpr std::uint64_t for_the_rest = 64;

/// SQLite: a file, its log and its index. PostgreSQL: a socket, its duplicate, and the next one
/// while the last one is being given up.
constexpr std::uint64_t for_each_store = 4;

/// So small a part of the connections may be those that are told 503.
constexpr std::uint64_t refusals_part = 8;

} // namespace

std::uint64_t raise_open_files() {
  rlimit now{};
  if (::getrlimit(RLIMIT_NOFILE, &now) != 0)
    return std::numeric_limits<std::uint64_t>::max();
  if (now.rlim_cur < now.rlim_max) {
    const rlimit wanted{now.rlim_max, now.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &wanted) == 0)
      now = wanted;
  }
  return now.rlim_cur;
}

std::optional<std::string> fit_connections(settings& into, std::uint64_t open_files) {
  const std::uint64_t connections = into.bounds.connections;
  const std::uint64_t refusals = into.sockets.refusals;
  const auto others = for_the_rest + for_each_store * (into.history_readers + 1);
  if (open_files >= connections + refusals + others)
    return std::nullopt;
  const auto left = open_files > others ? open_files - others : 0;
  const auto refused = std::min(refusals, left / refusals_part);
  const auto taken = std::clamp<std::uint64_t>(left - refused, 1, connections);
  into.sockets.refusals = refused;
  into.bounds.connections = taken;
  if (taken == connections)
    return std::nullopt; // Only fewer are told 503.
  return "this process may open " + std::to_string(open_files) + " files, which is room for "
         + std::to_string(taken)
         + " connections and not for MAX_CONNECTIONS = " + std::to_string(connections)
         + "; raise the limit (ulimit -Hn, LimitNOFILE= of systemd, --ulimit nofile= of docker), or"
           " lower MAX_CONNECTIONS";
}

} // namespace callboard
