// Posts of one connection stay in order across refusals.
#define CAF_SUITE order_gate

#include "domain/order_gate.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

using callboard::order_gate;

namespace order_gate_suite {

CAF_TEST(an open gate admits everything in one round) {
  order_gate gate;
  CAF_CHECK(gate.admits("p1"));
  CAF_CHECK(gate.admits("p2"));
  CAF_CHECK(gate.admits("p1"));
  CAF_CHECK_EQUAL(gate.round(), 1U);
}

CAF_TEST(behind a refused post nothing new is admitted) {
  order_gate gate;
  gate.refused("p1", gate.round());
  CAF_CHECK(gate.closed());
  CAF_CHECK(!gate.admits("p2"));
  CAF_CHECK(!gate.admits("p3"));
}

CAF_TEST(the refused post itself opens the gate and begins a round) {
  order_gate gate;
  gate.refused("p1", gate.round());
  CAF_CHECK(!gate.admits("p2"));
  CAF_CHECK(gate.admits("p1"));
  CAF_CHECK(!gate.closed());
  CAF_CHECK_EQUAL(gate.round(), 2U);
  CAF_CHECK(gate.admits("p2"));
  CAF_CHECK(gate.admits("p3"));
}

CAF_TEST(a post that was turned away at the gate opens it when it comes again) {
  order_gate gate;
  gate.refused("p1", gate.round());
  CAF_CHECK(!gate.admits("p2"));
  CAF_CHECK(gate.admits("p2"));
}

CAF_TEST(a refusal of a round that is over changes nothing) {
  order_gate gate;
  const auto old_round = gate.round();
  gate.refused("p1", old_round);
  CAF_CHECK(gate.admits("p1"));
  gate.refused("p2", old_round);
  CAF_CHECK(!gate.closed());
  CAF_CHECK(gate.admits("p3"));
}

CAF_TEST(a new round forgets what was refused in the old one) {
  order_gate gate;
  gate.refused("p1", gate.round());
  gate.refused("p2", gate.round());
  CAF_CHECK(gate.admits("p1"));
  gate.refused("p1", gate.round());
  CAF_CHECK(!gate.admits("p2"));
}

CAF_TEST(rounds begin where the owner says) {
  order_gate gate{40};
  CAF_CHECK_EQUAL(gate.round(), 40U);
  gate.refused("p1", 39);
  CAF_CHECK(!gate.closed());
}

CAF_TEST(what a closed gate remembers is bounded and it still opens) {
  order_gate gate;
  gate.refused("first", gate.round());
  for (std::size_t i = 0; i < 2 * order_gate::remembered_max; ++i)
    CAF_CHECK(!gate.admits("id" + std::to_string(i)));
  const auto beyond = "id" + std::to_string(2 * order_gate::remembered_max - 1);
  CAF_CHECK(!gate.admits(beyond));
  CAF_CHECK(gate.admits("first"));
}

} // namespace order_gate_suite
