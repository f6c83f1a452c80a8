// Who holds a port: the question that "address already in use" leaves open.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace callboard {

struct port_holder {
  int pid = 0;
  std::string name; ///< As in /proc/PID/comm.
};

/// The process that listens on a TCP port of this machine, if /proc tells us: other users'
/// processes are hidden from all but root.
[[nodiscard]] std::optional<port_holder> find_port_holder(std::uint16_t port);

} // namespace callboard
