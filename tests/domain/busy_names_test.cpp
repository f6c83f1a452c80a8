// Who does most: exact for few names, never too low for many, and bounded.
#define CAF_SUITE busy_names

#include "domain/busy_names.hpp"

#include <caf/test/unit_test.hpp>

#include <map>
#include <string>

using namespace callboard;

namespace busy_names_suite {

namespace {

std::map<std::string, std::uint64_t> taken(busy_names& from) {
  std::map<std::string, std::uint64_t> result;
  for (const auto& [name, count] : from.take())
    result[name] = count;
  return result;
}

} // namespace

CAF_TEST(few names are counted exactly and taken once) {
  busy_names names;
  names.add("general", 2);
  names.add("attic", 1);
  names.add("general", 3);
  const auto found = taken(names);
  CAF_CHECK_EQUAL(found.size(), 2U);
  CAF_CHECK_EQUAL(found.at("general"), 5U);
  CAF_CHECK_EQUAL(found.at("attic"), 1U);
  CAF_CHECK(taken(names).empty());
}

CAF_TEST(among many names the busy ones are found and memory stays bounded) {
  busy_names names;
  for (int i = 0; i < 5000; ++i) {
    names.add("rare" + std::to_string(i), 1);
    names.add(i % 2 == 0 ? "even" : "odd", 1);
  }
  const auto found = taken(names);
  CAF_CHECK_EQUAL(found.size(), busy_names::kept);
  CAF_REQUIRE(found.contains("even") && found.contains("odd"));
  CAF_CHECK(found.at("even") >= 2500);
  CAF_CHECK(found.at("even") <= 2500 + 10000 / busy_names::kept);
}

} // namespace busy_names_suite
