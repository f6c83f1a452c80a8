// A room's state and steps; room.cpp holds the way of a post, room_presence.cpp who is here.
#pragma once

#include "actors/room.hpp"
#include "actors/room_members.hpp"
#include "actors/talkers.hpp"
#include "domain/roster.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace callboard {

/// A post that has not been answered yet.
struct waiting_post {
  connection_t connection = 0;
  session_actor session;
  ticket_t ticket = 0;
  std::uint64_t round = 0;
  draft_ptr what;
};

struct room_state {
  using interface = room_actor;
  static inline constexpr const char* name = "callboard.room";

  room_state(room_actor::pointer self, std::string room, room_needs needs);
  ~room_state();
  room_state(const room_state&) = delete;
  room_state& operator=(const room_state&) = delete;

  // -- opening and closing ------------------------------------------------------------------------
  void ask_to_open();
  void open(const room_opened& msg);
  void stay_closed(const open_refused& msg);
  void end();

  // -- members ------------------------------------------------------------------------------------
  void enter(const enter_room& msg);
  void admit(const enter_room& msg);
  void leave(const leave_room& msg);
  void on_down(const caf::actor_addr& whom);
  void remove(connection_t connection);
  void show_typing_of(const show_typing& msg);
  void tell_who(const ask_who& msg);
  void gather_presence();
  void announce(const roster::change& news);

  // -- posts --------------------------------------------------------------------------------------
  void accept(const post_draft& msg);
  void refuse(const waiting_post& post, errc why);
  void gather_posts();
  [[nodiscard]] std::chrono::microseconds patience(caf::actor_clock::time_point now) const;
  void stop_gathering();
  void send_append();
  void finish(const appended& msg);
  void give_up(const append_refused& msg);
  void answer(const waiting_post& post, const receipt& what);

  // -- the log ------------------------------------------------------------------------------------
  void take_up(std::span<const draft_ptr> drafts, const std::vector<receipt>& receipts);
  void publish(const run_ptr& run);
  void fill_gap();
  void fill(const page_read& msg);
  void fill_later(const page_refused& msg);

  // -- time ---------------------------------------------------------------------------------------
  void arm();
  void pass(const tick& msg);
  [[nodiscard]] bool idle() const;

  room_actor::behavior_type make_behavior();

  room_actor::pointer self;
  std::string room;
  room_needs needs;

  room_head log;
  bool is_open = false;
  bool opening = false; ///< open_room is under way.
  ticket_t last_ticket = 0;
  std::vector<enter_room> at_the_door; ///< Waiting for the log; at most one per connection.
  std::uint64_t entered_count = 0;

  room_members members;
  std::map<caf::actor_addr, connection_t>
    watched; ///< Sessions that have been here; watched once, however often they come and go.
  roster present;
  std::map<std::string, caf::timespan> typed_at; ///< Author to the last typing that was shown.
  std::uint32_t told_members = 0;                ///< What the lobby was told last.

  std::deque<waiting_post> waiting;
  std::size_t waiting_bytes = 0;       ///< Of `waiting` and `under_way`.
  std::vector<waiting_post> under_way; ///< The one append that persistence has.
  std::size_t under_way_bytes = 0;
  ticket_t append_ticket = 0;
  talkers talking;
  bool gathering = false; ///< The next append waits for those who talk.
  caf::actor_clock::time_point gather_until;
  std::map<ticket_t, std::vector<draft_ptr>> undecided; ///< Refused, but may be stored yet.

  seq_t gap_to = 0;        ///< The log must be read up to here before anything is shown.
  ticket_t gap_ticket = 0; ///< 0: no read is under way.

  bool armed = false;
  caf::actor_clock::time_point idle_since;
  caf::actor_clock::time_point gathered_at;
};

} // namespace callboard
