// A slow screen stops the reading and not the memory.
#define CAF_SUITE client_terminal

#include "client/terminal.hpp"

#include "tests/client/doubles.hpp"

#include <caf/test/dsl.hpp>

using namespace callboard;
using namespace callboard::client;

namespace terminal_suite {

namespace {

struct fixture : test_coordinator_fixture<> {
  std::shared_ptr<doubles::noting_screen> screen = std::make_shared<doubles::noting_screen>();
  std::shared_ptr<std::vector<doubles::link_event>> link_saw =
    std::make_shared<std::vector<doubles::link_event>>();
  terminal_actor aut = start_terminal(sys, {screen, 10, 4});
  link_actor link = start<doubles::noting_link>(sys, link_saw);

  fixture() { tell_terminal(link_connecting{link}); }

  ~fixture() {
    stop(aut);
    stop(link);
    run();
  }

  fixture(const fixture&) = delete;
  fixture& operator=(const fixture&) = delete;

  template <class Message>
  void tell_terminal(Message what) {
    tell_from_outside(aut, std::move(what));
    run();
  }

  void show(std::size_t count) {
    tell_terminal(entries_shown{"tea", std::vector<shown_entry>(count)});
  }

  /// "h" for hold, "g" for go on.
  std::string said() {
    std::string text;
    for (const auto& event : *link_saw)
      if (const auto* const what = std::get_if<hold_reading>(&event))
        text += what->hold ? "h" : "g";
    return text;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(terminal_tests, fixture)

CAF_TEST(everything reaches the screen in order) {
  tell_terminal(own_stored{"tea", 1, "a", 1});
  tell_terminal(log_reset{"tea"});
  CAF_REQUIRE_EQUAL(screen->seen.events.size(), 3U);
  CAF_CHECK(std::holds_alternative<own_stored>(screen->seen.events[1]));
  CAF_CHECK(std::holds_alternative<log_reset>(screen->seen.events[2]));
}

CAF_TEST(the link is held above the high mark and goes on below the low one) {
  show(8); // 1 for the connecting, 9 for these: the mark itself.
  CAF_CHECK_EQUAL(said(), "");
  show(1);
  CAF_CHECK_EQUAL(said(), "h");
  show(5);
  CAF_CHECK_EQUAL(said(), "h");
  tell_terminal(painted{13}); // Of 18.
  CAF_CHECK_EQUAL(said(), "h");
  tell_terminal(painted{1});
  CAF_CHECK_EQUAL(said(), "hg");
  tell_terminal(painted{100});
  show(20);
  CAF_CHECK_EQUAL(said(), "hgh");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace terminal_suite
