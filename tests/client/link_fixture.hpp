// A link in virtual time, between a connection and a room that the test plays. CAF_SUITE must be
// defined before.
#pragma once

#include "tests/client/doubles.hpp"

#include <caf/test/dsl.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace callboard::client {

using namespace std::chrono_literals;

struct link_fixture : test_coordinator_fixture<> {
  std::shared_ptr<doubles::fake_transport> way = std::make_shared<doubles::fake_transport>();
  std::shared_ptr<doubles::noting_screen> screen = std::make_shared<doubles::noting_screen>();
  std::shared_ptr<std::vector<doubles::timeline_event>> room_saw =
    std::make_shared<std::vector<doubles::timeline_event>>();
  std::uint64_t dice = 0; ///< What the next random number is: 0 is no delay at all.
  std::uint32_t requests_under_way = 64;

  terminal_actor terminal = start_terminal(sys, {screen});
  link_actor aut = start_link(sys, {way, {"host", "1", "/"}, terminal, [this] { return dice; }});
  timeline_actor room = start<doubles::noting_timeline>(sys, room_saw);

  link_fixture() { settle(); }

  ~link_fixture() {
    stop(aut);
    stop(terminal);
    stop(room);
    settle();
    sched.clock().cancel_all();
  }

  link_fixture(const link_fixture&) = delete;
  link_fixture& operator=(const link_fixture&) = delete;

  /// Messages only: a link has always an alarm to wait for.
  void settle() {
    while (consume_message()) {
    }
  }

  template <class Message>
  void tell_link(Message what) {
    tell_from_outside(aut, std::move(what));
    settle();
  }

  /// In steps, so that alarms that alarms set come in their turn.
  void pass(std::chrono::milliseconds time) {
    for (; time > 0ms; time -= 50ms) {
      advance_time(std::min(time, 50ms));
      settle();
    }
  }

  // -- the server's side -------------------------------------------------------------------------

  void accept() { tell_link(transport_opened{way->number}); }

  void say(std::string ref, wire::answer_body what) {
    tell_link(
      transport_text{way->number, wire::encode(wire::answer{std::move(ref), std::move(what)})});
  }

  void drop(closing why = {closing::reason::lost, 0, "reset"}) {
    tell_link(transport_closed{way->number, std::move(why)});
  }

  void refuse(const std::string& ref, errc code, std::optional<std::int64_t> retry_ms = {},
              std::string id = {}) {
    say(ref, wire::error{code, "no", retry_ms, std::move(id), "tea"});
  }

  wire::welcome welcome(const std::string& token = "t1") {
    wire::welcome what{{"id-a", "alice"}, token, "test", {}, 25};
    what.bounds.requests_under_way = requests_under_way;
    return what;
  }

  /// The requests of that kind that came on this connection, with their refs.
  template <class Body>
  std::vector<std::pair<std::string, Body>> requests() {
    std::vector<std::pair<std::string, Body>> found;
    for (const auto& text : way->sent) {
      const auto parsed = wire::parse_request(text);
      CAF_REQUIRE(std::holds_alternative<wire::request>(parsed));
      const auto& what = std::get<wire::request>(parsed);
      if (const auto* const body = std::get_if<Body>(&what.body))
        found.emplace_back(what.ref, *body);
    }
    return found;
  }

  // -- whole conversations -----------------------------------------------------------------------

  void become_welcome(const std::string& token = "t1") {
    accept();
    say(requests<wire::hello>().at(0).first, welcome(token));
  }

  void start_as_alice() {
    tell_link(introduce{"alice", {}});
    become_welcome();
  }

  void attend() { tell_link(attend_room{"tea", room}); }

  void enter(std::optional<seq_t> after = {}) {
    tell_link(enter_log{{"tea", after, after ? "e1" : "", 50}, room});
    const auto mode = after ? wire::join_mode::resumed : wire::join_mode::fresh;
    say(requests<wire::join>().back().first, wire::joined{"tea", "e1", 1, 0, mode});
  }

  void post(const std::string& id) { tell_link(submit_post{"tea", id, "text of " + id}); }

  void receipt(const std::string& ref, const std::string& id, seq_t seq) {
    say(ref, wire::posted{"tea", id, seq, 0, false});
  }

  /// The ids posted on this connection, joined.
  std::string posted() {
    std::string ids;
    for (const auto& [ref, what] : requests<wire::post>())
      ids += what.id;
    return ids;
  }

  template <class Event>
  std::size_t room_count() {
    return static_cast<std::size_t>(
      std::count_if(room_saw->begin(), room_saw->end(),
                    [](const auto& e) { return std::holds_alternative<Event>(e); }));
  }
};

} // namespace callboard::client
