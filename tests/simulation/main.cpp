// simulate: runs seeds and reports. The first violation is made smaller, and its command is
// printed.
#include "runtime/log.hpp"
#include "tests/simulation/shrink.hpp"
#include "tests/simulation/world.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace {

using namespace callboard::simulation;

struct wishes {
  std::uint64_t from = 1;
  std::uint64_t seeds = 1000;
  double fresh_seconds = 0; ///< Afterwards: so long with seeds that nobody has chosen.
  bool trace = false;
  bool small = true;
};

bool read(int argc, char** argv, wishes& into) {
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    const char* const value = i + 1 < argc ? argv[i + 1] : nullptr;
    if (flag == "--trace")
      into.trace = true;
    else if (flag == "--no-shrink")
      into.small = false;
    else if (value == nullptr)
      return false;
    else if (flag == "--from")
      into.from = std::strtoull(argv[++i], nullptr, 10);
    else if (flag == "--seeds")
      into.seeds = std::strtoull(argv[++i], nullptr, 10);
    else if (flag == "--fresh-seconds")
      into.fresh_seconds = std::strtod(argv[++i], nullptr);
    else
      return false;
  }
  return true;
}

/// What a run of many seeds adds up to.
class tally {
public:
  explicit tally(wishes how, const char* program) : how_{how}, program_{program} {}

  /// Runs one seed; false when a promise broke.
  bool run(std::uint64_t seed) {
    const auto what = draw_plan(seed);
    const auto found = simulate(what, how_.trace);
    ++seeds_;
    steps_ += found.steps;
    entries_ += found.entries;
    hash_ = hash_ * 31 + found.trace_hash;
    for (std::size_t i = 0; i < fault_count; ++i)
      happened_.at(i) += found.happened.at(i);
    if (found.violation.empty())
      return true;
    complain(what, found);
    return false;
  }

  void print(double seconds) const {
    std::printf("%llu seeds hold: %llu steps, %llu entries, %.1f s, %.0f seeds/s, %.0f steps/s\n"
                "trace hash %016llx\nfaults:",
                number(seeds_), number(steps_), number(entries_), seconds,
                static_cast<double>(seeds_) / seconds, static_cast<double>(steps_) / seconds,
                number(hash_));
    for (std::size_t i = 0; i < fault_count; ++i)
      std::printf(" %s %llu", fault_names.at(i).data(), number(happened_.at(i)));
    std::printf("\n");
    for (std::size_t i = 0; i < fault_count; ++i)
      if (happened_.at(i) == 0)
        std::printf("warning: %s never happened in this run\n", fault_names.at(i).data());
  }

private:
  static unsigned long long number(std::uint64_t what) { return what; }

  void complain(const plan& what, const report& found) const {
    std::printf("VIOLATION at seed %llu: %s\n  %s\n  replay: %s --from %llu --seeds 1 --trace\n",
                number(what.seed), found.violation.c_str(), describe(what).c_str(), program_,
                number(what.seed));
    if (!how_.small)
      return;
    const auto fails = [](const plan& each) { return !simulate(each).violation.empty(); };
    const auto less = shrink(what, fails);
    const auto last = simulate(less, true);
    std::printf("the smallest plan that still fails, with its trace above: %s\n  %s\n",
                describe(less).c_str(), last.violation.c_str());
  }

  wishes how_;
  const char* program_;
  std::uint64_t seeds_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t entries_ = 0;
  std::uint64_t hash_ = 0;
  std::array<std::uint64_t, fault_count> happened_{};
};

} // namespace

int main(int argc, char** argv) {
  wishes how;
  if (!read(argc, argv, how)) {
    std::fprintf(
      stderr, "usage: %s [--from SEED] [--seeds N] [--fresh-seconds S] [--trace] [--no-shrink]\n",
      argv[0]);
    return 64;
  }
  callboard::set_log_level(callboard::log_level::off); // crashes are planned here
  using clock = std::chrono::steady_clock;
  const auto began = clock::now();
  const auto since = [](clock::time_point then) {
    return std::chrono::duration<double>(clock::now() - then).count();
  };
  tally all{how, argv[0]};
  for (std::uint64_t i = 0; i < how.seeds; ++i)
    if (!all.run(how.from + i))
      return 1;
  if (how.fresh_seconds > 0) {
    const auto first = std::uint64_t{std::random_device{}()} << 16U;
    std::printf("fresh seeds from %llu\n", static_cast<unsigned long long>(first));
    const auto fresh = clock::now();
    for (auto seed = first; since(fresh) < how.fresh_seconds; ++seed)
      if (!all.run(seed))
        return 1;
  }
  all.print(since(began));
  return 0;
}
