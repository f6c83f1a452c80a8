// What the kernel knows of the server under test: CPU time and memory, from outside.
#pragma once

#include <cstdint>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/types.h>

namespace callboard::bench {

/// Another process of the same user. Throws std::runtime_error when it is gone.
class process_watch {
public:
  explicit process_watch(pid_t pid) : pid_{pid} {}

  /// User and system time of all its threads, in nanoseconds.
  [[nodiscard]] std::int64_t cpu_ns() const {
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0)
      throw std::runtime_error{"process " + std::to_string(pid_) + " is gone"};
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
  }

  /// Proportional set size, in KiB.
  [[nodiscard]] std::uint64_t pss_kib() const { return field("smaps_rollup", "Pss:"); }

  /// The most that was resident since forget_peak(), in KiB.
  [[nodiscard]] std::uint64_t peak_kib() const { return field("status", "VmHWM:"); }

  void forget_peak() const { std::ofstream{path("clear_refs")} << "5"; } // proc(5)

private:
  [[nodiscard]] std::string path(const std::string& file) const {
    return "/proc/" + std::to_string(pid_) + "/" + file;
  }

  [[nodiscard]] std::uint64_t field(const std::string& file, const std::string& name) const {
    std::ifstream in{path(file)};
    for (std::string word; in >> word;)
      if (word == name) {
        std::uint64_t value = 0;
        in >> value;
        return value;
      }
    throw std::runtime_error{"no " + name + " in " + path(file)};
  }

  pid_t pid_;
};

} // namespace callboard::bench
