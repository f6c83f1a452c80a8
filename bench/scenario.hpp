// What a scenario is told, and the scenarios: each runs against a server that is up, prints one
// JSON object, and throws when a promise was broken.
#pragma once

#include "bench/process_watch.hpp"
#include "bench/swarm.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

namespace callboard::bench {

/// The words NAME=VALUE of the command line.
class arguments {
public:
  arguments(int count, char** words) {
    for (int i = 0; i < count; ++i) {
      const std::string word = words[i]; // NOLINT(*-pointer-arithmetic)
      const auto middle = word.find('=');
      if (middle == std::string::npos)
        throw std::invalid_argument{"not NAME=VALUE: " + word};
      given_[word.substr(0, middle)] = word.substr(middle + 1);
    }
  }

  [[nodiscard]] std::int64_t number(const std::string& name, std::int64_t otherwise) {
    known_[name] = true;
    const auto found = given_.find(name);
    if (found == given_.end())
      return otherwise;
    std::size_t used = 0;
    const auto value = std::stoll(found->second, &used);
    if (used != found->second.size() || value < 0)
      throw std::invalid_argument{name + " is no number: " + found->second};
    return value;
  }

  [[nodiscard]] std::string text(const std::string& name, const std::string& otherwise) {
    const auto found = given_.find(name);
    known_[name] = true;
    return found == given_.end() ? otherwise : found->second;
  }

  [[nodiscard]] std::chrono::milliseconds time(const std::string& name, std::int64_t otherwise) {
    return std::chrono::milliseconds{number(name, otherwise)};
  }

  /// Throws when something was given that nobody asked for.
  void all_used() const {
    for (const auto& [name, value] : given_)
      if (!known_.contains(name))
        throw std::invalid_argument{"unknown argument: " + name};
  }

private:
  std::map<std::string, std::string> given_;
  std::map<std::string, bool> known_;
};

/// Throws when an entry was lost, doubled or out of order.
inline void require_kept(const faults& found) {
  if (found.any())
    throw std::runtime_error{"a promise was broken: lost " + std::to_string(found.lost)
                             + ", doubled " + std::to_string(found.doubled) + ", out of order "
                             + std::to_string(found.disordered) + ", refused "
                             + std::to_string(found.refused)};
}

inline swarm_settings swarm_of(arguments& given) {
  swarm_settings how;
  how.port = static_cast<std::uint16_t>(given.number("port", 0));
  how.tag = given.text("tag", "aaaaaa");
  how.patience = given.time("patience_ms", how.patience.count());
  how.last = static_cast<std::size_t>(given.number("last", 0));
  how.opening_most = static_cast<std::size_t>(given.number("opening", 64));
  if (how.port == 0 || how.tag.size() != 6)
    throw std::invalid_argument{"port=NUMBER and tag=SIX_CHARACTERS are needed"};
  return how;
}

inline std::optional<process_watch> watch_of(arguments& given) {
  const auto pid = given.number("pid", 0);
  return pid == 0 ? std::nullopt : std::optional{process_watch{static_cast<pid_t>(pid)}};
}

void talk(arguments& given);      ///< Posts and deliveries: closed loop, lockstep or offered load.
void idle(arguments& given);      ///< Memory and CPU of connections that say nothing.
void storm(arguments& given);     ///< Many join one room at once, in turn with another room.
void avalanche(arguments& given); ///< All come back after a kill -9.
void page(arguments& given);      ///< A whole log, page by page.

} // namespace callboard::bench
