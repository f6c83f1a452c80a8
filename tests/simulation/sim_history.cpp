// A reader's calls take time and hang; what it finds then is the real history actor's own.
#include "tests/simulation/sim_database.hpp"
#include "tests/simulation/world.hpp"

#include <deque>
#include <utility>
#include <variant>

namespace callboard::simulation {

namespace {

struct read_on { // to itself: the call comes back
  CALLBOARD_MESSAGE(read_on)
};
struct interrupted { // from the store's interrupt()
  CALLBOARD_MESSAGE(interrupted)
};

using sim_history_actor = takes<fetch_page, list_rooms, read_on, interrupted>;

struct sim_history_state {
  using interface = sim_history_actor;
  static inline constexpr const char* name = "sim.history";

  sim_history_state(interface::pointer self, world* outer, history_actor real)
    : self{self}, outer{outer}, real{std::move(real)} {}
  sim_history_state(const sim_history_state&) = delete;
  sim_history_state& operator=(const sim_history_state&) = delete;
  ~sim_history_state() { stop(real); }

  template <class Question>
  void take(const Question& what) {
    if (outer->happens(fault::reader_crash))
      throw std::runtime_error{std::string{planted_crash} + " of a reader"};
    waiting.push_back(what);
    if (waiting.size() == 1)
      begin();
  }

  void begin() {
    if (outer->happens(fault::read_stall)) {
      stuck = true;
      return;
    }
    if (outer->happens(fault::read_slow))
      return tell_after(self, std::chrono::milliseconds{outer->chance.between(1, 4000)}, self,
                        read_on{});
    pass_on();
  }

  void pass_on() {
    std::visit([this](const auto& what) { tell(self, real, what); }, waiting.front());
    go_on();
  }

  void go_on() {
    waiting.pop_front();
    if (!waiting.empty())
      begin();
  }

  void give_up() {
    if (!std::exchange(stuck, false))
      return;
    if (const auto* const page = std::get_if<fetch_page>(&waiting.front()))
      tell(self, page->cache, page_fetched{page->ticket, true, nullptr});
    else if (const auto* const list = std::get_if<list_rooms>(&waiting.front()))
      tell(self, list->asker, rooms_listed{list->ticket, true, {}});
    go_on();
  }

  interface::behavior_type make_behavior() {
    return {
      [this](const fetch_page& msg) { take(msg); },
      [this](const list_rooms& msg) { take(msg); },
      [this](const read_on&) { pass_on(); },
      [this](const interrupted&) { give_up(); },
    };
  }

  interface::pointer self;
  world* outer;
  history_actor real;
  std::deque<std::variant<fetch_page, list_rooms>> waiting;
  bool stuck = false;
};

} // namespace

history_actor start_sim_history(caf::actor_system& system, world& outer, history_actor real,
                                const store_ptr& reads) {
  auto before = start<sim_history_state>(system, &outer, std::move(real));
  on_interrupt(reads, [before] { tell_from_outside(before, interrupted{}); });
  return before;
}

} // namespace callboard::simulation
