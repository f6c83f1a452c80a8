// A real lobby, and the real rooms that it starts, over a way to the store that the test plays.
#pragma once

#include "actors/lobby_state.hpp"
#include "tests/actors/doubles.hpp"

namespace callboard::doubles {

using namespace std::chrono_literals;

struct lobby_fixture : theatre {
  /// One way to the store; a new one for each that the lobby builds.
  struct built_way {
    role<persistence_actor> persistence;
    role<cache_actor> cache;
  };

  limits bounds;
  std::shared_ptr<server_status> status = std::make_shared<server_status>();
  std::vector<std::unique_ptr<built_way>> ways;
  int minted = 0;
  role<session_actor> alice = play<session_actor>("alice");
  role<session_actor> bob = play<session_actor>("bob");
  lobby_actor aut;

  void begin() {
    aut = cast(
      start_lobby(sys, {bounds,
                        [this](caf::actor_system&) {
                          ways.push_back(std::make_unique<built_way>(built_way{
                            play<persistence_actor>("persistence"), play<cache_actor>("cache")}));
                          const auto& now = *ways.back();
                          return store_way{now.persistence.actor, now.cache.actor};
                        },
                        [this] { return "id" + std::to_string(++minted); }, status}));
    consume_messages();
  }

  role<persistence_actor>& persistence() { return ways.back()->persistence; }
  role<cache_actor>& cache() { return ways.back()->cache; }

  void by_name(role<session_actor>& who, const std::string& name, ticket_t ticket = 1) {
    say(who.actor, aut, sign_in{who.actor, ticket, {"", name}});
  }
  /// A hello by name with a claim, of which the session has made this author id.
  void by_claim(role<session_actor>& who, const std::string& name, const std::string& id) {
    say(who.actor, aut, sign_in{who.actor, 1, {"", name}, false, id});
  }
  void by_token(role<session_actor>& who, const author& as, bool refresh = false) {
    say(who.actor, aut, sign_in{who.actor, 1, as, refresh});
  }

  /// The store's answer to the one claim under way.
  void decide(bool granted) {
    const auto asked = persistence().only<claim>();
    say(persistence().actor, aut, claimed{asked.ticket, granted});
  }

  void enter(role<session_actor>& who, connection_t connection, const std::string& room = "den") {
    say(who.actor, aut, enter_room{who.actor, connection, 1, room, {"a1", "ada"}});
  }

  /// Answers all rooms that ask persistence to open.
  void open_rooms() {
    for (const auto& asked : persistence().take<open_room>())
      say(persistence().actor, asked.room, room_opened{asked.ticket, {"e1", 1, 0}});
  }
};

} // namespace callboard::doubles
