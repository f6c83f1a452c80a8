// The load generator: `load SCENARIO port=NUMBER tag=SIX_CHARACTERS [NAME=VALUE…]`. Prints one JSON
// object; fails when an entry was lost, doubled or out of order.
#include "bench/scenario.hpp"

#include <cstdio>
#include <exception>
#include <map>
#include <string>

int main(int count, char** words) {
  using namespace callboard::bench;
  const std::map<std::string, void (*)(arguments&)> scenarios{
    {"talk", talk}, {"idle", idle}, {"storm", storm}, {"avalanche", avalanche}, {"page", page}};
  try {
    const auto found = scenarios.find(count > 1 ? words[1] : ""); // NOLINT(*-pointer-arithmetic)
    if (found == scenarios.end())
      throw std::invalid_argument{"usage: load talk|idle|storm|avalanche|page port=NUMBER "
                                  "tag=SIX_CHARACTERS [NAME=VALUE...]"};
    arguments given{count - 2, words + 2}; // NOLINT(*-pointer-arithmetic)
    found->second(given);
    return 0;
  } catch (const std::invalid_argument& error) {
    (void)std::fprintf(stderr, "load: %s\n", error.what());
    return 64;
  } catch (const std::exception& error) {
    (void)std::fprintf(stderr, "load: %s\n", error.what());
    return 1;
  }
}
