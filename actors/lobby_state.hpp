// The lobby's state and steps; shared by its source and by the checkers of the simulation.
#pragma once

#include "actors/alarm.hpp"
#include "actors/lobby.hpp"
#include "domain/registry.hpp"

#include <map>
#include <string>

namespace callboard {

struct lobby_state {
  using interface = lobby_actor;
  static inline constexpr const char* name = "callboard.lobby";

  lobby_state(lobby_actor::pointer self, lobby_needs needs);
  ~lobby_state();
  lobby_state(const lobby_state&) = delete;
  lobby_state& operator=(const lobby_state&) = delete;

  struct room_place {
    room_actor room;
    std::uint64_t entered = 0; ///< enter_room forwarded.
  };

  // -- authors ------------------------------------------------------------------------------------
  void sign_in_session(const sign_in& msg);
  std::string id_for(const sign_in& msg, const std::string& key);
  bool welcome(const sign_in& msg);
  void let_name_go(const sign_in& wish);
  const std::string*& know(const session_actor& session);
  void grant(const claimed& msg);
  void refuse_claim(const claim_refused& msg);
  void give_up(const sign_in& wish);
  void refuse(const sign_in& msg, errc why);
  void mark_seen(const author& who);
  void mark_who_stays();
  void arm();

  // -- rooms --------------------------------------------------------------------------------------
  void lead_in(const enter_room& msg);
  void list(const list_rooms& msg);
  void let_go(const may_retire& msg);
  void count(const census& msg);
  void set_members(const std::string& room, std::uint32_t count);
  room_place* sender_place(const std::string& room);

  // -- crashes ------------------------------------------------------------------------------------
  void on_down(const caf::actor_addr& whom);
  void build_way();
  void drop_way();
  void pass(const tick& msg);

  lobby_actor::behavior_type make_behavior();

  lobby_actor::pointer self;
  lobby_needs needs;
  store_way way;
  bool way_wanted = false; ///< A part crashed soon after it was built; the next tick builds again.
  caf::actor_clock::time_point built_at;
  std::map<std::string, room_place> rooms;
  std::map<caf::actor_addr, std::string> room_names;
  std::shared_ptr<census_map> members =
    std::make_shared<census_map>(); ///< Copied before a change when shared.
  registry authors;
  /// Seen at the door: the author's id, which `authors` holds; null until it is welcome.
  std::map<caf::actor_addr, const std::string*> sessions;
  alarm clock; ///< While somebody is online: time to mark authors as seen.
  ticket_t last_ticket = 0;
  /// Waiting for the store, at most one per session; `session` is empty where it ended meanwhile.
  std::map<ticket_t, sign_in> claims;
  std::map<ticket_t, std::string> marks; ///< Under way: by author's id; persistence bounds them.
};

} // namespace callboard
