// Connections that say nothing: what each costs the server in memory, and all of them in CPU.
#include "bench/report.hpp"
#include "bench/scenario.hpp"

#include <string>

namespace callboard::bench {

namespace {

void everybody_in(swarm& crowd, const std::string& what) {
  crowd.run_until([&crowd] { return crowd.arrived() == crowd.all().size(); }, what);
}

} // namespace

void idle(arguments& given) {
  const auto server = watch_of(given);
  const auto members = given.number("members", 10000);
  const auto room_size = given.number("room_size", 100);
  const auto steps = given.number("steps", 5);
  const auto calm = given.time("calm_ms", 3000);
  const auto time = given.time("time_ms", 5000);
  swarm_events nothing;
  swarm crowd{swarm_of(given), nothing};
  given.all_used();
  if (!server || steps < 1 || room_size < 1)
    throw std::invalid_argument{"idle needs pid=NUMBER, steps and room_size of at least 1"};
  report out;
  const auto none = server->pss_kib();
  out.add("pss_kib_0", none);

  crowd.goal = stage::welcome;
  for (std::int64_t step = 1; step <= steps; ++step) {
    while (static_cast<std::int64_t>(crowd.all().size()) < members * step / steps)
      crowd.add(
        static_cast<std::uint32_t>(static_cast<std::int64_t>(crowd.all().size()) / room_size));
    everybody_in(crowd, "everybody is welcome");
    crowd.run_for(calm / 6);
    out.add("pss_kib_" + std::to_string(crowd.all().size()), server->pss_kib());
  }
  crowd.run_for(calm);
  const auto welcome = server->pss_kib();
  auto cpu = server->cpu_ns();
  crowd.run_for(time);
  const auto welcome_cpu = server->cpu_ns() - cpu;

  crowd.proceed(stage::live);
  everybody_in(crowd, "everybody has joined");
  crowd.run_for(calm); // presence is told within a second
  const auto joined = server->pss_kib();
  cpu = server->cpu_ns();
  crowd.run_for(time);
  const auto joined_cpu = server->cpu_ns() - cpu;

  const auto each = [&](std::uint64_t kib) {
    return (static_cast<double>(kib) - static_cast<double>(none)) / static_cast<double>(members);
  };
  const auto share = [&](std::int64_t used) {
    return static_cast<double>(used) / 1e6 / static_cast<double>(time.count()) * 100;
  };
  out.add("members", members);
  out.add("pss_kib_joined", joined);
  out.add("kib_after_hello", each(welcome));
  out.add("kib_after_join", each(joined));
  out.add("idle_cpu_percent_hello", share(welcome_cpu));
  out.add("idle_cpu_percent_joined", share(joined_cpu));
  out.add(crowd.facts().found);
  out.print();
}

} // namespace callboard::bench
