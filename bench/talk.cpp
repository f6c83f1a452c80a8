// People who talk. Closed loop: each sender lets `window` of its posts wait. Lockstep: the next
// post when everybody has the last. Offered load: `rate` posts a second, whatever the server does.
#include "bench/histogram.hpp"
#include "bench/report.hpp"
#include "bench/scenario.hpp"

#include <algorithm>
#include <vector>

namespace callboard::bench {

namespace {

struct talk_settings {
  std::uint32_t rooms = 1;
  std::uint32_t members = 10;
  std::uint32_t senders = 1; ///< Of each room.
  std::uint32_t window = 1;
  std::uint32_t slow = 0; ///< Members of the first room that never read while it is measured.
  bool lockstep = false;
  std::int64_t rate = 0; ///< Posts a second, of all senders together; 0: closed loop.
  std::size_t text = 120;
  std::chrono::milliseconds warm{500};
  std::chrono::milliseconds time{2000};
};

talk_settings read_settings(arguments& given) {
  const auto small = [&given](const char* name, std::uint32_t otherwise) {
    return static_cast<std::uint32_t>(given.number(name, otherwise));
  };
  talk_settings how;
  how.rooms = small("rooms", how.rooms);
  how.members = small("members", how.members);
  how.senders = small("senders", how.senders);
  how.window = small("window", how.window);
  how.slow = small("slow", how.slow);
  how.lockstep = given.number("lockstep", 0) != 0;
  how.rate = given.number("rate", how.rate);
  how.text = static_cast<std::size_t>(given.number("text", 120));
  how.warm = given.time("warm_ms", 500);
  how.time = given.time("time_ms", 2000);
  if (how.senders + how.slow > how.members || how.members == 0)
    throw std::invalid_argument{"more senders and slow readers than members"};
  return how;
}

class talkers final : public swarm_events {
public:
  talkers(const talk_settings& how, const swarm_settings& where) : how_{how}, swarm_{where, *this} {
    for (std::uint32_t room = 0; room < how.rooms; ++room) {
      frames_.emplace_back(room, how.text, where.tag);
      for (std::uint32_t i = 0; i < how.members; ++i)
        swarm_.add(room);
    }
    reading_ = swarm_.all().size() - how.slow;
  }

  void gather() {
    swarm_.run_until([this] { return swarm_.arrived() == swarm_.all().size(); }, "everybody is in");
    for (std::uint32_t i = 0; i < how_.slow; ++i)
      swarm_.stop_reading(swarm_.all()[how_.members - 1 - i]);
  }

  /// Posts begin: `rate` of them a second, or 0 for the closed loop.
  void begin(std::int64_t rate) {
    talking_ = true;
    rate_ = rate;
    if (rate > 0) {
      due_ = now_ns();
      offer(due_);
    } else if (how_.lockstep) {
      post(swarm_.all().front(), now_ns());
    } else {
      for (auto& who : swarm_.all())
        if (who.number % how_.members < how_.senders)
          for (std::uint32_t i = 0; i < how_.window; ++i)
            post(who, now_ns());
    }
  }

  /// No further posts; returns when all that read have all.
  void settle() {
    talking_ = false;
    swarm_.run_until([this] { return everybody_has_all(false); }, "everybody has every post");
  }

  /// Those that did not read begin to, and must get all that they missed.
  void wake_the_slow() {
    for (auto& who : swarm_.all())
      if (!who.reads)
        swarm_.resume_reading(who);
    swarm_.run_until([this] { return everybody_has_all(true); },
                     "the slow readers have every post");
  }

  void measure(std::chrono::milliseconds time) {
    latency.clear();
    deliveries = 0;
    swarm_.run_for(time);
  }

  [[nodiscard]] swarm& crowd() { return swarm_; }

  histogram latency; ///< From due to read, of every delivery.
  std::uint64_t deliveries = 0;

private:
  void post(client& who, std::int64_t due) {
    const auto number = swarm_.facts().begin_post(who.number, due);
    left_ = reading_; // of this post, in lockstep
    ++expected(who.room);
    swarm_.send(who, frames_[who.room].numbered(number));
  }

  void on_message(client& to, const seen_message& what, std::int64_t at) override {
    if (!what.post)
      return;
    const auto& post = swarm_.facts().post(*what.post);
    latency.add(at - post.sent_at);
    ++deliveries;
    if (!talking_ || rate_ > 0)
      return;
    if (!how_.lockstep) {
      if (post.sender == to.number)
        this->post(to, now_ns());
    } else if (--left_ == 0) {
      this->post(swarm_.all().front(), now_ns());
    }
  }

  void on_timer(std::int64_t now) override {
    if (talking_ && rate_ > 0)
      offer(now);
  }

  /// Everything that is due by now, each with the time at which it was.
  void offer(std::int64_t now) {
    for (; due_ <= now; due_ += 1'000'000'000 / rate_) {
      const auto turn = turns_++ % (how_.senders * how_.rooms);
      post(swarm_.all()[turn / how_.senders * how_.members + turn % how_.senders], due_);
    }
    swarm_.wake_at(due_);
  }

  std::uint64_t& expected(std::uint32_t room) {
    if (room >= posts_in_.size())
      posts_in_.resize(room + 1);
    return posts_in_[room];
  }

  bool everybody_has_all(bool slow_too) {
    if (swarm_.facts().found.any())
      return true; // it will never be level: the run has failed
    if (swarm_.facts().acknowledged() < swarm_.facts().posts())
      return false;
    return std::ranges::all_of(swarm_.all(), [&](const client& who) {
      return (!who.reads && !slow_too) || who.position - who.head == expected(who.room);
    });
  }

  talk_settings how_;
  std::vector<post_frame> frames_; ///< One for each room.
  std::vector<std::uint64_t> posts_in_;
  swarm swarm_;
  std::size_t reading_ = 0;
  std::size_t left_ = 0;
  std::int64_t rate_ = 0;
  std::int64_t due_ = 0;
  std::uint32_t turns_ = 0;
  bool talking_ = false;
};

} // namespace

void talk(arguments& given) {
  const auto how = read_settings(given);
  const auto server = watch_of(given);
  talkers people{how, swarm_of(given)};
  given.all_used();
  auto& crowd = people.crowd();
  people.gather();
  if (how.slow > 0 || how.rate > 0) {
    // The slow ones' buffers are full, and every code path warm, before the offered load begins.
    people.begin(0);
    crowd.run_for(how.warm);
    people.settle();
  }
  people.begin(how.rate);
  crowd.run_for(how.warm);
  if (server)
    server->forget_peak();
  const auto acknowledged = crowd.facts().acknowledged();
  const auto cpu = server ? server->cpu_ns() : 0;
  const auto began = now_ns();
  people.measure(how.time);
  const auto seconds = static_cast<double>(now_ns() - began) / 1e9;
  const auto used = server ? server->cpu_ns() - cpu : 0;
  const auto stored = crowd.facts().acknowledged() - acknowledged;
  const auto deliveries = people.deliveries;
  const auto latency = people.latency;
  people.settle();
  report out;
  out.add("seconds", seconds);
  out.add("deliveries", deliveries);
  out.add("deliveries_per_s", static_cast<double>(deliveries) / seconds);
  out.add("posts_per_s", static_cast<double>(stored) / seconds);
  out.add("latency", latency);
  if (server) {
    out.add("cpu_us_per_delivery",
            static_cast<double>(used) / 1e3 / static_cast<double>(deliveries));
    out.add("cpu_share", static_cast<double>(used) / 1e9 / seconds);
    out.add("peak_kib", server->peak_kib());
  }
  people.wake_the_slow();
  out.add(crowd.facts().found);
  out.print();
  require_kept(crowd.facts().found);
}

} // namespace callboard::bench
