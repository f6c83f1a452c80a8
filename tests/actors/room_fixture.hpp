// A real room among actors that are played by the test.
#pragma once

#include "actors/room.hpp"
#include "tests/actors/doubles.hpp"
#include "tests/actors/fake_connection.hpp"

namespace callboard::doubles {

using namespace std::chrono_literals;

struct room_fixture : theatre {
  role<lobby_actor> lobby = play<lobby_actor>("lobby");
  role<persistence_actor> persistence = play<persistence_actor>("persistence");
  role<cache_actor> cache = play<cache_actor>("cache");
  role<session_actor> alice = play<session_actor>("alice");
  role<session_actor> bob = play<session_actor>("bob");
  role<session_actor> carol = play<session_actor>("carol");

  static inline const author ada{"a1", "ada"};
  static inline const author bert{"a2", "bert"};
  static inline const author cleo{"a3", "cleo"};

  std::shared_ptr<server_status> status = std::make_shared<server_status>();
  limits bounds;
  room_actor aut;

  /// Starts the room; `persistence` has got open_room.
  void begin() {
    aut =
      cast(start_room(sys, "den", {bounds, lobby.actor, persistence.actor, cache.actor, status}));
    consume_messages();
  }

  /// Starts and opens it with a log that reaches `head`.
  void open(seq_t head = 0) {
    begin();
    const auto asked = persistence.only<open_room>();
    say(persistence.actor, aut, room_opened{asked.ticket, {"e1", 1, head}});
  }

  void enter(role<session_actor>& who, connection_t connection, const author& as,
             ticket_t ticket = 1) {
    say(lobby.actor, aut, enter_room{who.actor, connection, ticket, "den", as});
  }

  /// Opened, with ada on connection 1 (alice) and bert on 2 (bob).
  void open_for_two(seq_t head = 0) {
    open(head);
    enter(alice, 1, ada);
    enter(bob, 2, bert);
    (void)said();
  }

  void post(role<session_actor>& who, connection_t connection, ticket_t ticket,
            const std::string& id, std::uint64_t round = 1) {
    say(who.actor, aut, post_draft{connection, ticket, round, draft_of(id)});
  }

  /// Answers the append under way: its drafts are stored from `first` on.
  void store(seq_t first) {
    const auto asked = persistence.only<append>();
    std::vector<receipt> receipts;
    for (std::size_t i = 0; i < asked.drafts.size(); ++i)
      receipts.push_back({first + i, 1000});
    say(persistence.actor, aut, appended{asked.ticket, std::move(receipts)});
  }

  /// The client ids of an append.
  static lines ids_of(const append& msg) {
    lines ids;
    for (const auto& what : msg.drafts)
      ids.push_back(what->client_id);
    return ids;
  }

  /// "4..6" for each run that was delivered since the last call.
  static lines runs_of(role<session_actor>& who) {
    lines runs;
    for (const auto& msg : who.take<deliver>())
      runs.push_back(std::to_string(msg.run->first()) + ".." + std::to_string(msg.run->last()));
    return runs;
  }

  /// "7 busy" for each refused ticket.
  static lines refusals_of(role<session_actor>& who) {
    lines all;
    for (const auto& msg : who.take<post_refused>())
      all.push_back(std::to_string(msg.ticket) + " " + to_string(msg.why));
    return all;
  }

  /// "7 at 12", "7 at 12 again" for each receipt.
  static lines receipts_of(role<session_actor>& who) {
    lines all;
    for (const auto& msg : who.take<post_stored>())
      all.push_back(std::to_string(msg.ticket) + " at " + std::to_string(msg.what.seq)
                    + (msg.what.duplicate ? " again" : ""));
    return all;
  }

  static lines notices_of(role<session_actor>& who) {
    lines all;
    for (const auto& msg : who.take<notice>())
      for (const auto& text : payloads_of(msg.frame.bytes))
        all.push_back(brief(text));
    return all;
  }
};

} // namespace callboard::doubles
