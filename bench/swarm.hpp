// Thousands of callboard.v1 clients on one thread: connects, says hello, joins, reads and checks.
// Nothing that it does per delivery grows with the number of clients.
#pragma once

#include "bench/clock.hpp"
#include "bench/truth.hpp"
#include "bench/wire.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::bench {

/// How far a client has come. Each one goes on by itself until `swarm::goal`.
enum class stage : std::uint8_t { off, connecting, upgrading, greeting, welcome, joining, live };

struct client {
  int fd = -1;
  stage at = stage::off;
  bool reads = true;        ///< False: its socket fills up, and nobody empties it.
  bool wants_write = false; ///< Its socket took no more.
  std::uint32_t number = 0;
  std::uint32_t room = 0;
  std::uint64_t position = 0;
  std::uint64_t head = 0;    ///< As its last `joined` said.
  std::int64_t asked_at = 0; ///< When it sent its join.
  std::string partial;       ///< Of a frame that has not come whole.
  std::string unsent;
  std::string token;
  std::string epoch;
};

/// What a scenario hears. `at` is when the bytes were read.
class swarm_events {
public:
  swarm_events() = default;
  swarm_events(const swarm_events&) = delete;
  swarm_events& operator=(const swarm_events&) = delete;
  virtual ~swarm_events() = default;
  virtual void on_message(client& /*to*/, const seen_message& /*what*/, std::int64_t /*at*/) {}
  virtual void on_page(client& /*to*/, std::string_view /*json*/, std::int64_t /*at*/) {}
  virtual void on_joined(client& /*who*/, std::int64_t /*at*/) {}
  virtual void on_lost(client& /*who*/) {} ///< Its connection ended.
  virtual void on_timer(std::int64_t /*now*/) {}
};

struct swarm_settings {
  std::uint16_t port = 0;
  std::string tag; ///< Six characters that no other run on this database has.
  std::chrono::milliseconds patience{60000}; ///< A loaded machine may be slow.
  std::size_t last = 0;                      ///< Entries asked for by a fresh join.
  std::size_t opening_most = 64;             ///< Connections on their way to welcome at once.
};

/// One thread. Throws std::runtime_error when the server does what it must not.
class swarm {
public:
  swarm(swarm_settings how, swarm_events& events);
  ~swarm();
  swarm(const swarm&) = delete;
  swarm& operator=(const swarm&) = delete;

  /// Adds a client of `room`; it connects in run_until().
  client& add(std::uint32_t room);

  /// Clients go on to this stage: welcome or live.
  stage goal = stage::live;

  /// Those who are welcome join; the others will.
  void proceed(stage further);

  /// Runs until `done()`; throws with `what` when that is not within the settings' patience.
  void run_until(const std::function<bool()>& done, const std::string& what);

  /// Runs for so long.
  void run_for(std::chrono::milliseconds time);

  /// on_timer() comes once, at this time of now_ns().
  void wake_at(std::int64_t when);

  /// Sends whole frames; what the socket does not take leaves later.
  void send(client& who, std::string_view frames);

  void join(client& who);
  void stop_reading(client& who);
  void resume_reading(client& who);

  /// How many have reached the goal.
  [[nodiscard]] std::size_t arrived() const { return arrived_; }
  [[nodiscard]] std::vector<client>& all() { return clients_; }
  [[nodiscard]] truth& facts() { return facts_; }
  [[nodiscard]] const swarm_settings& settings() const { return how_; }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

private:
  void turn(std::int64_t until);
  void open_some();
  void connect(client& who);
  void watch(client& who);
  void on_ready(client& who, std::uint32_t events);
  void write(client& who);
  void read(client& who);
  std::size_t consume(client& who, std::string_view bytes, std::int64_t at);
  std::size_t upgrade(client& who, std::string_view bytes);
  void take(client& who, std::string_view json, std::int64_t at);
  void take_message(client& who, std::string_view json, std::int64_t at);
  void take_entries(client& who, std::string_view json, std::int64_t at);
  void take_joined(client& who, std::string_view json, std::int64_t at);
  void take_posted(client& who, std::string_view json);
  void greet(client& who);
  void arrive(client& who, stage where);
  void lose(client& who);

  swarm_settings how_;
  swarm_events& events_;
  truth facts_;
  int epoll_ = -1;
  int timer_ = -1;
  std::vector<client> clients_; ///< Not grown while running.
  std::vector<std::uint32_t> to_open_;
  std::size_t opening_ = 0;
  std::size_t arrived_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::int64_t retry_at_ = 0;
  std::vector<char> buffer_;
};

} // namespace callboard::bench
