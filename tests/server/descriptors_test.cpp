// However few files may be open, the store keeps its own, and whoever comes too many is told.
#define CAF_SUITE descriptors

#include "server/descriptors.hpp"

#include <caf/test/unit_test.hpp>

#include <sys/resource.h>

using namespace callboard;

namespace descriptors_suite {

CAF_TEST(enough open files change nothing) {
  settings wanted;
  CAF_CHECK(!fit_connections(wanted, 20000 + 256 + 64 + 12));
  CAF_CHECK_EQUAL(wanted.bounds.connections, 20000U);
  CAF_CHECK_EQUAL(wanted.sockets.refusals, 256U);
}

CAF_TEST(one open file too few is one connection fewer at least and is said) {
  settings wanted;
  const auto warning = fit_connections(wanted, 20000 + 256 + 64 + 11);
  CAF_REQUIRE(warning);
  CAF_CHECK_EQUAL(wanted.bounds.connections, 19999U);
  CAF_CHECK(warning->find("room for 19999 connections") != std::string::npos);
  CAF_CHECK(warning->find("MAX_CONNECTIONS = 20000") != std::string::npos);
}

CAF_TEST(what is taken and refused always leaves the store its own) {
  for (std::uint64_t files = 100; files < 21000; files += 7) {
    settings wanted;
    wanted.history_readers = 5;
    (void)fit_connections(wanted, files);
    CAF_CHECK_LESS_OR_EQUAL(wanted.bounds.connections + wanted.sockets.refusals + 64 + 6 * 4,
                            files);
    CAF_CHECK_GREATER(wanted.sockets.refusals, 0U);
    CAF_CHECK_GREATER(wanted.bounds.connections, wanted.sockets.refusals);
  }
}

CAF_TEST(a server with hardly any open files takes one connection) {
  settings wanted;
  CAF_CHECK(fit_connections(wanted, 20));
  CAF_CHECK_EQUAL(wanted.bounds.connections, 1U);
  CAF_CHECK_EQUAL(wanted.sockets.refusals, 0U);
}

CAF_TEST(the soft limit becomes the hard one) {
  rlimit before{};
  CAF_REQUIRE_EQUAL(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low{64, before.rlim_max};
  CAF_REQUIRE_EQUAL(::setrlimit(RLIMIT_NOFILE, &low), 0);
  CAF_CHECK_EQUAL(raise_open_files(), before.rlim_max);
  rlimit after{};
  CAF_REQUIRE_EQUAL(::getrlimit(RLIMIT_NOFILE, &after), 0);
  CAF_CHECK_EQUAL(after.rlim_cur, before.rlim_max);
}

} // namespace descriptors_suite
