// Sums only; a seed's part of the hash is mixed with the seed, so that no two of them cancel out.
#include "tests/simulation/tally.hpp"

#include "tests/simulation/dice.hpp"

#include <algorithm>
#include <cstdio>

namespace callboard::simulation {

namespace {

unsigned long long number(std::uint64_t what) {
  return what;
}

template <std::size_t Size>
void add_each(std::array<std::uint64_t, Size>& to, const std::array<std::uint64_t, Size>& what) {
  for (std::size_t i = 0; i < Size; ++i)
    to.at(i) += what.at(i);
}

template <std::size_t Size>
void print_each(const char* title, const std::array<std::string_view, Size>& names,
                const std::array<std::uint64_t, Size>& counts) {
  std::printf("%s:", title);
  for (std::size_t i = 0; i < Size; ++i)
    std::printf(" %s %llu", names.at(i).data(), number(counts.at(i)));
  std::printf("\n");
}

template <std::size_t Size>
void warn_of_zeros(const char* format, const std::array<std::string_view, Size>& names,
                   const std::array<std::uint64_t, Size>& counts) {
  for (std::size_t i = 0; i < Size; ++i)
    if (counts.at(i) == 0)
      std::printf(format, names.at(i).data()); // NOLINT: two literals below
}

} // namespace

void tally::add(std::uint64_t seed, const report& found) {
  ++seeds;
  steps += found.steps;
  entries += found.entries;
  hash += dice{dice{seed}.next() ^ found.trace_hash}.next();
  add_each(happened, found.happened);
  add_each(seen, found.seen);
  longest_mailbox = std::max(longest_mailbox, found.longest_mailbox);
  most_alarms = std::max(most_alarms, found.most_alarms);
}

void tally::add(const tally& other) {
  seeds += other.seeds;
  steps += other.steps;
  entries += other.entries;
  hash += other.hash;
  add_each(happened, other.happened);
  add_each(seen, other.seen);
  longest_mailbox = std::max(longest_mailbox, other.longest_mailbox);
  most_alarms = std::max(most_alarms, other.most_alarms);
}

void tally::print(double seconds, double cpu_seconds) const {
  const auto count = static_cast<double>(seeds);
  std::printf("%llu seeds hold: %llu steps (%.0f a seed), %llu entries\n"
              "%.1f s, %.0f seeds/s; %.1f CPU seconds, %.0f seeds per CPU second\n"
              "trace hash %016llx\n",
              number(seeds), number(steps), static_cast<double>(steps) / std::max(count, 1.0),
              number(entries), seconds, count / seconds, cpu_seconds, count / cpu_seconds,
              number(hash));
  print_each("faults", fault_names, happened);
  print_each("seen", sight_names, seen);
  std::printf("longest mailbox %zu, most deadlines at once %zu\n", longest_mailbox, most_alarms);
  warn_of_zeros("warning: %s never happened in this run\n", fault_names, happened);
  warn_of_zeros("warning: %s was never seen in this run\n", sight_names, seen);
}

} // namespace callboard::simulation
