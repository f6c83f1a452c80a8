// The operator's next step stands in every answer.
#include "net/listen_error.hpp"

#include "net/port_holder.hpp"

#include <cerrno>
#include <system_error>

namespace callboard {

namespace {

listen_error begin(const std::string& host, std::uint16_t port) {
  listen_error error;
  const auto shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  error.what = "cannot listen on " + shown + ":" + std::to_string(port);
  return error;
}

std::string another(std::uint16_t port) {
  constexpr std::uint16_t highest = 65535;
  const unsigned next = port == highest ? highest - 1U : port + 1U;
  return "SERVER_PORT=" + std::to_string(next);
}

} // namespace

listen_error explain_listen(int error, const std::string& host, std::uint16_t port) {
  auto told = begin(host, port);
  switch (error) {
    case EADDRINUSE: {
      told.cause = "the port is in use";
      told.hint = "stop whoever uses it, or choose another port: " + another(port);
      if (const auto holder = find_port_holder(port)) {
        told.cause += " by process " + std::to_string(holder->pid) + " (" + holder->name + ")";
        told.hint = "stop that process, or choose another port: " + another(port);
      }
      return told;
    }
    case EACCES:
    case EPERM:
      told.cause = "this user may not listen on ports below 1024";
      told.hint = "choose a higher port, for example SERVER_PORT=8000, or give the program "
                  "CAP_NET_BIND_SERVICE";
      return told;
    case EADDRNOTAVAIL:
      told.cause = "this machine has no such address";
      told.hint = "use SERVER_HOST=127.0.0.1 for this machine only, 0.0.0.0 for every network";
      return told;
    default:
      told.cause = std::generic_category().message(error);
      told.hint = "check SERVER_HOST and SERVER_PORT";
      return told;
  }
}

listen_error explain_host(const std::string& host, std::uint16_t port) {
  auto told = begin(host, port);
  told.cause = "\"" + host + "\" is not an IP address";
  told.hint = "use SERVER_HOST=127.0.0.1 for this machine only, 0.0.0.0 for every network";
  return told;
}

} // namespace callboard
