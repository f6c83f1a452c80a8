// Stand-ins for what is around a link, a timeline or a command. They only take notes.
#pragma once

#include "client/link.hpp"
#include "client/terminal.hpp"
#include "wire/codec.hpp"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace callboard::client::doubles {

/// A connection that the test plays.
struct fake_transport final : transport {
  void open(connection_no connection, const endpoint& /*where*/) override {
    number = connection;
    ++opens;
    sent.clear();
    granted = 0;
    connected = true;
  }
  void send(std::string text) override {
    if (connected)
      sent.push_back(std::move(text));
  }
  void grant(std::uint32_t frames) override { granted += frames; }
  void close(std::uint16_t /*code*/) override { connected = false; }

  connection_no number = 0;
  int opens = 0;
  bool connected = false;
  std::uint32_t granted = 0;
  std::vector<std::string> sent; ///< On this connection.
};

/// Notes what is shown.
struct notes {
  std::vector<screen_event> events;

  template <class Event>
  [[nodiscard]] std::vector<Event> all() const {
    std::vector<Event> found;
    for (const auto& event : events)
      if (const auto* const what = std::get_if<Event>(&event))
        found.push_back(*what);
    return found;
  }
};

/// A screen that only takes notes.
struct noting_screen final : screen {
  void show(screen_event event) override { seen.events.push_back(std::move(event)); }
  notes seen;
};

using timeline_event = std::variant<link_up, link_down, log_entered, enter_failed, entry_came,
                                    page_came, older_page, older_failed, post_accepted,
                                    post_rejected, post_restored, post_withdrawn, room_signal>;

/// A timeline that does nothing by itself.
struct noting_timeline {
  using interface = timeline_actor;
  static inline constexpr const char* name = "noting_timeline";

  noting_timeline(timeline_actor::pointer /*self*/,
                  std::shared_ptr<std::vector<timeline_event>> into)
    : seen{std::move(into)} {}

  template <class Message>
  auto note() {
    return [this](const Message& msg) { seen->push_back(timeline_event{msg}); };
  }

  timeline_actor::behavior_type make_behavior() {
    return {note<link_up>(),        note<link_down>(),       note<log_entered>(),
            note<enter_failed>(),   note<entry_came>(),      note<page_came>(),
            note<older_page>(),     note<older_failed>(),    note<post_accepted>(),
            note<post_rejected>(),  note<post_restored>(),   note<post_withdrawn>(),
            note<room_signal>(),    [](const say&) {},       [](const retry_own&) {},
            [](const drop_own&) {}, [](const type_on&) {},   [](const page_back&) {},
            [](const look_at&) {},  [](const ask_names&) {}, [](const leave_log&) {}};
  }

  std::shared_ptr<std::vector<timeline_event>> seen;
};

using link_event = std::variant<attend_room, enter_log, submit_post, withdraw_post, request_older,
                                query_who, say_typing, abandon_room, distrust, hold_reading>;

/// A link that does nothing by itself.
struct noting_link {
  using interface = link_actor;
  static inline constexpr const char* name = "noting_link";

  noting_link(link_actor::pointer /*self*/, std::shared_ptr<std::vector<link_event>> into)
    : seen{std::move(into)} {}

  template <class Message>
  auto note() {
    return [this](const Message& msg) { seen->push_back(link_event{msg}); };
  }

  link_actor::behavior_type make_behavior() {
    return {[](const transport_opened&) {},
            [](const transport_text&) {},
            [](const transport_closed&) {},
            [](const link_alarm&) {},
            [](const introduce&) {},
            [](const query_rooms&) {},
            [](const hang_up&) {},
            [](const reconnect&) {},
            [](const keys_touched&) {},
            note<hold_reading>(),
            note<attend_room>(),
            note<enter_log>(),
            note<submit_post>(),
            note<withdraw_post>(),
            note<request_older>(),
            note<query_who>(),
            note<say_typing>(),
            note<abandon_room>(),
            note<distrust>()};
  }

  std::shared_ptr<std::vector<link_event>> seen;
};

} // namespace callboard::client::doubles
