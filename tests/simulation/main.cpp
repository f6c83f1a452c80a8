// simulate: runs seeds and reports. The first violation is made smaller, and its command is
// printed.
#include "runtime/log.hpp"
#include "tests/simulation/shrink.hpp"
#include "tests/simulation/workers.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace {

using namespace callboard::simulation;

struct wishes {
  std::uint64_t from = 1;
  std::uint64_t seeds = 1000;
  double fresh_seconds = 0; ///< Afterwards: so long with seeds that nobody has chosen.
  std::string file;         ///< Before: the seeds in it, one a line; # begins a comment.
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  bool trace = false;
  bool small = true;
};

constexpr auto usage =
  "usage: %s [--file SEEDS] [--from SEED] [--seeds N] [--fresh-seconds S] [--jobs N] [--trace] "
  "[--no-shrink]\n"
  "  --file SEEDS       first the seeds in this file\n"
  "  --from SEED        then this one and those behind it (1)\n"
  "  --seeds N          so many (1000)\n"
  "  --fresh-seconds S  then, for so long, seeds that nobody has chosen (0)\n"
  "  --jobs N           worker processes (one per core); results do not depend on it\n"
  "  --trace            prints every step; one process\n"
  "  --no-shrink        does not look for a smaller plan that still fails\n";

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

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
    if (flag != "--file" && !is_number(*word))
      return false;
    const auto number = std::strtoull(word->c_str(), nullptr, 10);
    if (flag == "--file")
      into.file = *word;
    else if (flag == "--from")
      into.from = number;
    else if (flag == "--seeds")
      into.seeds = number;
    else if (flag == "--fresh-seconds")
      into.fresh_seconds = static_cast<double>(number);
    else if (flag == "--jobs" && number > 0)
      into.jobs = static_cast<unsigned>(number);
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
      if (!is_number(word))
        return std::nullopt;
      seeds.push_back(std::strtoull(word.c_str(), nullptr, 10));
    }
  }
  if (!in.eof())
    return std::nullopt;
  return seeds;
}

double cpu_seconds() {
  const auto of = [](int whom) {
    rusage used{};
    (void)getrusage(whom, &used);
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
  };
  return of(RUSAGE_SELF) + of(RUSAGE_CHILDREN);
}

void complain(const failure& found, const wishes& how, const char* program) {
  const auto seed = static_cast<unsigned long long>(found.seed);
  const auto what = draw_plan(found.seed);
  std::printf("VIOLATION at seed %llu: %s\n", seed, found.what.c_str());
  if (found.seed == 0)
    return;
  std::printf("  %s\n  replay: %s --from %llu --seeds 1 --trace\n", describe(what).c_str(), program,
              seed);
  if (!how.small)
    return;
  // In children, since what fails may take its process with it.
  const auto fails = [](const plan& each) {
    return fails_in_a_child([&] { return !simulate(each).violation.empty(); });
  };
  if (!fails(what)) {
    std::printf("  it holds when it is run again: something else than the seed decides\n");
    return;
  }
  const auto less = shrink(what, fails);
  (void)fails_in_a_child([&] {
    const auto last = simulate(less, true);
    std::printf("         violation: %s\n", last.violation.c_str());
    return true;
  });
  std::printf("above: the trace of the smallest plan that still fails: %s\n",
              describe(less).c_str());
}

} // namespace

int main(int argc, char** argv) {
  wishes how;
  if (!read(argc, argv, how)) {
    std::fprintf(stderr, usage, argv[0]);
    return 64;
  }
  callboard::set_log_level(callboard::log_level::off); // crashes are planned here
  const auto began = std::chrono::steady_clock::now();
  tally sum;
  const auto holds = [&](const stretch& seeds) {
    const auto found = run_seeds(seeds, how.jobs, how.trace, sum);
    if (found)
      complain(*found, how, argv[0]);
    return !found;
  };
  if (!how.file.empty()) {
    const auto known = seeds_of(how.file);
    if (!known) {
      std::fprintf(stderr, "%s: not a list of seeds\n", how.file.c_str());
      return 66;
    }
    if (!holds({[&](std::uint64_t i) { return known->at(i); }, known->size()}))
      return 1;
  }
  if (!holds({[&](std::uint64_t i) { return how.from + i; }, how.seeds}))
    return 1;
  if (how.fresh_seconds > 0) {
    const auto first = std::uint64_t{std::random_device{}()} << 16U;
    std::printf("fresh seeds from %llu\n", static_cast<unsigned long long>(first));
    if (!holds({[&](std::uint64_t i) { return first + i; },
                std::numeric_limits<std::uint64_t>::max() - 1, how.fresh_seconds}))
      return 1;
  }
  const auto spent = std::chrono::steady_clock::now() - began;
  sum.print(std::chrono::duration<double>(spent).count(), cpu_seconds());
  return 0;
}
