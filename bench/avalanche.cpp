// All clients lose their server at once and come back with the position that they had: says `ready`
// when it may be killed, and measures from the first lost connection to the last caught-up client.
#include "bench/report.hpp"
#include "bench/scenario.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace callboard::bench {

namespace {

class returners final : public swarm_events {
public:
  returners(const swarm_settings& where, std::int64_t members, std::uint32_t rooms,
            std::uint64_t posts)
    : swarm_{where, *this}, posts_{posts} {
    for (std::uint32_t room = 0; room < rooms; ++room)
      frames_.emplace_back(room, 120, where.tag);
    for (std::int64_t i = 0; i < members; ++i)
      swarm_.add(static_cast<std::uint32_t>(static_cast<std::uint64_t>(i) % rooms));
    heads_.resize(rooms);
  }

  /// Everybody is in, and each room has `posts` more entries.
  void fill() {
    swarm_.run_until([this] { return swarm_.arrived() == swarm_.all().size(); }, "everybody is in");
    for (std::size_t room = 0; room < frames_.size(); ++room) {
      heads_[room] = swarm_.all()[room].head + posts_;
      for (std::uint64_t i = 0; i < std::min<std::uint64_t>(posts_, 8); ++i)
        post(swarm_.all()[room]);
    }
    swarm_.run_until([this] { return everybody_level(); }, "the rooms are filled");
  }

  void wait_for_kill() {
    swarm_.run_until([this] { return lost_ >= swarm_.all().size(); }, "the server is killed");
  }

  void come_back() {
    swarm_.run_until([this] { return everybody_level(); }, "everybody is back");
    back_at = now_ns();
  }

  swarm& crowd() { return swarm_; }
  histogram times;          ///< From the first loss to each client's return.
  std::int64_t lost_at = 0; ///< The first loss.
  std::int64_t back_at = 0;

private:
  void post(client& who) {
    swarm_.send(who, frames_[who.room].numbered(swarm_.facts().begin_post(who.number, now_ns())));
  }

  void on_message(client& to, const seen_message& what, std::int64_t /*at*/) override {
    const bool own = what.post && swarm_.facts().post(*what.post).sender == to.number;
    if (own && lost_ == 0 && what.seq + 8 <= heads_[to.room])
      post(to);
  }

  void on_lost(client& who) override {
    if (lost_++ == 0)
      lost_at = now_ns();
    // As if it had been away longer than the server: everything since it came must be read again.
    who.position -= std::min(who.position, posts_);
  }

  void on_joined(client& /*who*/, std::int64_t at) override {
    if (lost_ > 0)
      times.add(at - lost_at);
  }

  bool everybody_level() {
    return swarm_.arrived() == swarm_.all().size()
           && std::ranges::all_of(
             swarm_.all(), [this](const client& who) { return who.position == heads_[who.room]; });
  }

  std::vector<post_frame> frames_;
  std::vector<std::uint64_t> heads_;
  swarm swarm_;
  std::uint64_t posts_;
  std::size_t lost_ = 0;
};

} // namespace

void avalanche(arguments& given) {
  const auto members = given.number("members", 5000);
  const auto rooms = static_cast<std::uint32_t>(given.number("rooms", 50));
  const auto posts = static_cast<std::uint64_t>(given.number("posts", 60));
  returners people{swarm_of(given), members, rooms, posts};
  given.all_used();
  people.fill();
  (void)std::puts("ready");
  (void)std::fflush(stdout);
  people.wait_for_kill();
  people.come_back();
  report out;
  out.add("back_s", static_cast<double>(people.back_at - people.lost_at) / 1e9);
  out.add("members", members);
  out.add("back", static_cast<std::int64_t>(people.crowd().arrived()));
  out.add("return", people.times);
  out.add(people.crowd().facts().found);
  out.print();
  require_kept(people.crowd().facts().found);
}

} // namespace callboard::bench
