// simulate: runs seeds and reports. The first violation is made smaller, and its command is
// printed.
#include "runtime/log.hpp"
#include "tests/simulation/shrink.hpp"
#include "tests/simulation/world.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace callboard::simulation;

struct wishes {
  std::uint64_t from = 1;
  std::uint64_t seeds = 1000;
  double fresh_seconds = 0; ///< Afterwards: so long with seeds that nobody has chosen.
  std::string file;         ///< Before: the seeds in it, one a line; # begins a comment.
  bool trace = false;
  bool small = true;
};

bool read(int argc, char** argv, wishes& into) {
  const std::vector<std::string> words{argv + 1, argv + argc};
  for (auto word = words.begin(); word != words.end(); ++word) {
    const auto& flag = *word;
    if (flag == "--trace" || flag == "--no-shrink") {
      (flag == "--trace" ? into.trace : into.small) = flag == "--trace";
      continue;
    }
    if (++word == words.end())
      return false;
    if (flag == "--from")
      into.from = std::strtoull(word->c_str(), nullptr, 10);
    else if (flag == "--seeds")
      into.seeds = std::strtoull(word->c_str(), nullptr, 10);
    else if (flag == "--file")
      into.file = *word;
    else if (flag == "--fresh-seconds")
      into.fresh_seconds = std::strtod(word->c_str(), nullptr);
    else
      return false;
  }
  return true;
}

/// The seeds of a file, or nothing when it cannot be read or holds something else.
std::optional<std::vector<std::uint64_t>> seeds_of(const std::string& file) {
  std::ifstream in{file};
  std::vector<std::uint64_t> seeds;
  for (std::string line; std::getline(in, line);) {
    line.erase(std::min(line.find('#'), line.size()));
    std::istringstream words{line};
    for (std::string word; words >> word;) {
      if (word.find_first_not_of("0123456789") != std::string::npos)
        return std::nullopt;
      seeds.push_back(std::strtoull(word.c_str(), nullptr, 10));
    }
  }
  if (!in.eof())
    return std::nullopt;
  return seeds;
}

/// What a run of many seeds adds up to.
class tally {
public:
  tally(wishes how, const char* program) : how_{std::move(how)}, program_{program} {}

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
    longest_mailbox_ = std::max(longest_mailbox_, found.longest_mailbox);
    most_alarms_ = std::max(most_alarms_, found.most_alarms);
    for (std::size_t i = 0; i < sight_count; ++i)
      seen_.at(i) += found.seen.at(i);
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
    std::printf("\nlongest mailbox %zu, most deadlines at once %zu\nanswers:", longest_mailbox_,
                most_alarms_);
    for (std::size_t i = 0; i < sight_count; ++i)
      std::printf(" %s %llu", sight_names.at(i).data(), number(seen_.at(i)));
    std::printf("\n");
    for (std::size_t i = 0; i < fault_count; ++i)
      if (happened_.at(i) == 0)
        std::printf("warning: %s never happened in this run\n", fault_names.at(i).data());
    for (std::size_t i = 0; i < sight_count; ++i)
      if (seen_.at(i) == 0)
        std::printf("warning: no answer `%s` came in this run\n", sight_names.at(i).data());
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
  std::array<std::uint64_t, sight_count> seen_{};
  std::size_t longest_mailbox_ = 0;
  std::size_t most_alarms_ = 0;
};

} // namespace

int main(int argc, char** argv) {
  wishes how;
  if (!read(argc, argv, how)) {
    std::fprintf(stderr,
                 "usage: %s [--file SEEDS] [--from SEED] [--seeds N] [--fresh-seconds S] [--trace] "
                 "[--no-shrink]\n",
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
  if (!how.file.empty()) {
    const auto known = seeds_of(how.file);
    if (!known) {
      std::fprintf(stderr, "%s: not a list of seeds\n", how.file.c_str());
      return 66;
    }
    for (const auto seed : *known)
      if (!all.run(seed))
        return 1;
  }
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
