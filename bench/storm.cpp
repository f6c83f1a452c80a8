// Many join one room at once, in turn with another: how long that takes must not depend on how long
// the room's log is.
#include "bench/report.hpp"
#include "bench/scenario.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace callboard::bench {

namespace {

class joiners final : public swarm_events {
public:
  joiners(const swarm_settings& where, std::int64_t members) : swarm_{where, *this} {
    for (std::int64_t i = 0; i < members; ++i)
      swarm_.add(0);
    swarm_.goal = stage::welcome;
    swarm_.run_until([this] { return swarm_.arrived() == swarm_.all().size(); },
                     "everybody is welcome");
  }

  /// Milliseconds until all have joined `room` with their first page; then they leave.
  double join_all(std::uint32_t room) {
    joined_ = 0;
    const auto began = now_ns();
    for (auto& who : swarm_.all()) {
      who.room = room;
      who.epoch.clear();
      swarm_.join(who);
    }
    swarm_.run_until([this] { return joined_ == swarm_.all().size(); }, "everybody has joined");
    const auto ms = static_cast<double>(now_ns() - began) / 1e6;
    for (auto& who : swarm_.all())
      swarm_.send(who, masked_frame(R"({"type":"leave","room":")" + room_name(room) + R"("})"));
    // Who left is told a second later, and remembered for the grace of five.
    swarm_.run_for(std::chrono::milliseconds{300});
    return ms;
  }

  swarm& crowd() { return swarm_; }
  histogram times; ///< Of single joins.

private:
  void on_joined(client& who, std::int64_t at) override {
    ++joined_;
    times.add(at - who.asked_at);
  }

  swarm swarm_;
  std::size_t joined_ = 0;
};

double median(std::vector<double> all) {
  std::ranges::sort(all);
  return all.empty() ? 0 : all[all.size() / 2];
}

} // namespace

void storm(arguments& given) {
  const auto members = given.number("members", 1000);
  const auto turns = given.number("turns", 5);
  const std::array rooms{static_cast<std::uint32_t>(given.number("short_room", 0)),
                         static_cast<std::uint32_t>(given.number("long_room", 1))};
  joiners people{swarm_of(given), members};
  given.all_used();
  std::array<std::vector<double>, 2> times;
  std::array<double, 2> first{};
  for (std::size_t i = 0; i < rooms.size(); ++i)
    first.at(i) = people.join_all(rooms.at(i)); // from the store
  people.times.clear();
  for (std::int64_t turn = 0; turn < turns; ++turn)
    for (std::size_t i = 0; i < rooms.size(); ++i)
      times.at(i).push_back(people.join_all(rooms.at(i)));
  report out;
  out.add("first_short_ms", first[0]);
  out.add("first_long_ms", first[1]);
  out.add("short_ms", median(times[0]));
  out.add("long_ms", median(times[1]));
  out.add("ratio", median(times[1]) / median(times[0]));
  out.add("join", people.times);
  out.add(people.crowd().facts().found);
  out.print();
  require_kept(people.crowd().facts().found);
}

} // namespace callboard::bench
