// What plays the other actors and the socket in a conversation test: they say nothing by themselves
// and forget nothing. Include it before CAF_SUITE is defined: it is precompiled.
#pragma once

#include "actors/messages.hpp"

#define FAIL CAF_FAIL // CAF 0.17.6's dsl.hpp uses it undeclared
#include <caf/test/dsl.hpp>
#undef CAF_SUITE

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace callboard::doubles {

/// What a role has been told, by kind of message; and all kinds together in one journal, in the
/// order in which the roles of a test were told them.
using journal = std::shared_ptr<std::vector<std::string>>;

template <class... Messages>
struct heard {
  std::string name;
  journal all;
  std::tuple<std::deque<Messages>...> boxes;
};

template <class... Messages>
struct listener_state {
  using interface = takes<Messages...>;
  static inline constexpr const char* name = "callboard.listener";

  listener_state(typename interface::pointer, std::shared_ptr<heard<Messages...>> into)
    : into{std::move(into)} {}

  template <class Message>
  void keep(const Message& what) {
    const auto shown = caf::deep_to_string(what);
    into->all->push_back(into->name + " " + shown.substr(0, shown.find('(')));
    std::get<std::deque<Message>>(into->boxes).push_back(what);
  }

  typename interface::behavior_type make_behavior() {
    return {[this](const Messages& what) { keep(what); }...};
  }

  std::shared_ptr<heard<Messages...>> into;
};

template <class Interface>
class role;

/// An actor of that interface, played by the test.
template <class... Reactions>
class role<caf::typed_actor<Reactions...>> {
  template <class Reaction>
  struct message_of;
  template <class Message>
  struct message_of<caf::reacts_to<Message>> {
    using type = Message;
  };
  using told = heard<typename message_of<Reactions>::type...>;
  using state = listener_state<typename message_of<Reactions>::type...>;

public:
  role(caf::actor_system& system, std::string name, journal all)
    : told_{std::make_shared<told>(told{std::move(name), std::move(all), {}})},
      actor{start<state>(system, told_)} {}

  /// The messages of this kind that it has got, which are forgotten with this call.
  template <class Message>
  std::deque<Message> take() {
    return std::exchange(std::get<std::deque<Message>>(told_->boxes), {});
  }

  /// The only one of this kind since the last take; there must be one.
  template <class Message>
  Message only() {
    auto all = take<Message>();
    CAF_REQUIRE_EQUAL(all.size(), 1U);
    return all.front();
  }

  template <class Message>
  [[nodiscard]] std::size_t count() const {
    return std::get<std::deque<Message>>(told_->boxes).size();
  }

private:
  std::shared_ptr<told> told_;

public:
  caf::typed_actor<Reactions...> actor;
};

/// CAF's deterministic scheduler with an end that comes although actors rearm their ticks.
struct theatre : test_coordinator_fixture<> {
  journal all = std::make_shared<std::vector<std::string>>();

  ~theatre() override {
    sys.await_actors_before_shutdown(false);
    for (const auto& member : cast_)
      caf::anon_send_exit(member, caf::exit_reason::kill);
    cast_.clear();
    do {
      consume_messages();
      sched.clock().cancel_all();
    } while (!sched.jobs.empty());
  }

  /// Ended when the test ends.
  template <class Handle>
  Handle cast(Handle member) {
    cast_.push_back(caf::actor_cast<caf::actor>(member));
    return member;
  }

  template <class Interface>
  role<Interface> play(std::string name) {
    role<Interface> part{sys, std::move(name), all};
    cast(part.actor);
    return part;
  }

  /// Sends as `from` and lets everybody speak until nobody has anything to say.
  template <class From, class To, class Message>
  void say(const From& from, const To& to, Message what) {
    send(from, to, std::move(what));
    consume_messages();
  }

  template <class From, class To, class Message>
  void send(const From& from, const To& to, Message what) {
    caf::send_as(caf::actor_cast<caf::actor>(from), caf::actor_cast<caf::actor>(to),
                 std::move(what));
  }

  /// Lets time go by in steps of a tick.
  void wait(std::chrono::milliseconds time) {
    constexpr std::chrono::milliseconds step{250};
    consume_messages();
    for (auto left = time; left > std::chrono::milliseconds{0}; left -= step) {
      advance_time(std::min(left, step));
      consume_messages();
    }
  }

  template <class Handle>
  void kill(const Handle& victim) {
    if (victim)
      caf::anon_send_exit(victim, caf::exit_reason::kill);
    consume_messages();
  }

  /// What was said to roles since the last call: "name message", in order.
  std::vector<std::string> said() { return std::exchange(*all, {}); }

private:
  std::vector<caf::actor> cast_;
};

// -- shorthands ----------------------------------------------------------------------------------

using lines = std::vector<std::string>;

inline draft_ptr draft_of(const std::string& id, const author& who = {"a1", "ada"},
                          const std::string& room = "den", std::string text = {}) {
  return std::make_shared<const draft>(
    draft{room, who, id, text.empty() ? "text " + id : std::move(text)});
}

/// Entries [first, last] of a log in which entry n is "m<n>" of `who`.
inline run_ptr run_of(seq_t first, seq_t last, const std::string& room = "den",
                      const author& who = {"a9", "zoe"}, const std::string& text = {}) {
  std::vector<entry> entries;
  for (auto seq = first; seq <= last; ++seq)
    entries.push_back(
      {seq, who, "i" + std::to_string(seq), text.empty() ? "m" + std::to_string(seq) : text, 1000});
  return std::make_shared<const entry_run>(room, std::move(entries));
}

/// The page [first, last] as one run.
inline page_read page_of(ticket_t ticket, seq_t first, seq_t last,
                         const std::string& room = "den") {
  return {ticket, room, first, last, {run_of(first, last, room)}};
}

inline page_read empty_page(ticket_t ticket, const std::string& room = "den") {
  return {ticket, room, 1, 0, {}};
}

} // namespace callboard::doubles
