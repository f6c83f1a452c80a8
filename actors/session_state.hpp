// The state of a callboard.v1 session. session.cpp: identity and requests; session_rooms.cpp:
// joining; session_log.cpp: reading; session_posts.cpp: posting.
#pragma once

#include "actors/session.hpp"
#include "actors/subscription.hpp"
#include "wire/codec.hpp"

#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace callboard {

struct session_state {
  using interface = session_actor;
  static inline constexpr const char* name = "callboard.session";

  session_state(session_actor::pointer self, connection_t number, std::weak_ptr<connection> link,
                session_needs_ptr needs);
  ~session_state();
  session_state(const session_state&) = delete;
  session_state& operator=(const session_state&) = delete;

  /// A request whose answer comes from another actor.
  struct post_asked {
    draft_ptr what;
    std::uint64_t round = 0;
    caf::actor_addr room; ///< The actor that has it; none while the room is being entered.
  };
  struct history_asked {
    wire::history what;
  };
  struct who_asked {};
  struct rooms_asked {
    wire::rooms what;
    caf::actor_clock::time_point since; ///< When it was asked: it may be lost with the cache.
  };
  struct leave_asked { ///< Of a room whose entry waits for the store.
    caf::actor_clock::time_point since;
  };
  struct asked {
    std::string ref;
    std::string room;
    std::variant<post_asked, history_asked, who_asked, rooms_asked, leave_asked> what;
  };

  // -- requests -----------------------------------------------------------------------------------
  void read(const frame_received& msg);
  void take(const std::string& ref, const wire::hello& what);
  void take(const std::string& ref, const wire::join& what);
  void take(const std::string& ref, const wire::leave& what);
  void take(const std::string& ref, const wire::post& what);
  void take(const std::string& ref, const wire::history& what);
  void take(const std::string& ref, const wire::typing& what);
  void take(const std::string& ref, const wire::who& what);
  void take(const std::string& ref, const wire::rooms& what);
  void take(const std::string& ref, const wire::ping& what);
  void answer(const std::string& ref, wire::answer_body what);
  void answer_text(const std::string& json);
  void refuse(const std::string& ref, errc why, const std::string& room = {},
              const std::string& id = {});

  // -- identity -----------------------------------------------------------------------------------
  void welcome(const signed_in& msg);
  void reject(const sign_in_refused& msg);

  // -- rooms --------------------------------------------------------------------------------------
  void depart(ticket_t ticket);
  void depart_from(const std::string& room);
  void ask_to_enter(subscription& sub);
  void knock(subscription& sub);
  void enter(const entered& msg);
  void begin(subscription& sub);
  void come_back(subscription& sub);
  void stay_out(const enter_refused& msg);
  void fail_joins(subscription& sub, errc why);
  void give_up_join(subscription& sub, errc why);
  void send_joined(subscription& sub, std::span<const std::string_view> entries, bool more);
  subscription* find(const std::string& room);
  subscription* find_joined(const std::string& ref, const std::string& room);
  void forget_pages(subscription& sub);
  void drop_requests(const std::string& room, errc why);
  void on_down(const caf::actor_addr& whom);

  // -- the log ------------------------------------------------------------------------------------
  void take_run(const deliver& msg);
  void read_on(subscription& sub);
  void want_page(subscription& sub);
  void next_page();
  void read_entries(subscription& sub);
  void read_history(subscription& sub, ticket_t ticket);
  void take_page(const page_read& msg);
  void miss_page(const page_refused& msg);
  void show_first_page(subscription& sub, const page_read& msg);
  void show_more(subscription& sub, const page_read& msg);
  void show_next_page(subscription& sub, const page_read& msg);
  void show_missed(subscription& sub, const page_read& msg);
  void answer_history(const page_read& msg);
  void go_on();
  void show(const notice& msg);

  // -- posts and lists ----------------------------------------------------------------------------
  void finish(const post_stored& msg);
  void refuse_post(const post_refused& msg);
  void repeat_posts(subscription& sub);
  void refuse_posts(subscription& sub, errc why);
  void refuse_posts_with(const caf::actor_addr& dead_room);
  void tell_who(const who_answered& msg);
  void tell_rooms(const rooms_listed& msg);
  void want_list(asked what);
  void end_list(ticket_t ticket);
  void next_list();
  void refuse_lost();

  // -- time and end -------------------------------------------------------------------------------
  void arm();
  void pass(const tick& msg);
  void begin_drain();
  void refuse_what_waits();
  void end_drain_when_done();
  void close(close_code code, const std::string& why);

  session_actor::behavior_type make_behavior();

  session_actor::pointer self;
  connection_t number;
  std::weak_ptr<connection> link;
  session_needs_ptr needs;

  author who;                           ///< Id empty: not welcome yet.
  std::optional<std::string> hello_ref; ///< A hello that is not answered yet.
  std::string token;                    ///< The one presented, when it goes on being good.
  bool closing = false;
  bool draining = false;
  bool armed = false;
  bool low_asked = false; ///< The connection will tell when the outbox is low.
  caf::actor_clock::time_point started_at;
  caf::actor_clock::time_point drain_began_at;

  /// A page that waits for its turn: of a room's cursor, or of a `history` request.
  struct wanted_page {
    std::string room;
    ticket_t history = 0; ///< Key in `pending`; 0: the cursor's.
  };

  std::map<std::string, subscription> rooms;
  std::vector<caf::actor_addr> watched; ///< Rooms' actors; once, however often one re-joins.
  /// At most one per room and one per request under way. A deque would cost each idle session 544
  /// bytes.
  std::vector<wanted_page> page_line;
  ticket_t page_ticket = 0;        ///< The one page that the cache was asked for; 0: none.
  std::vector<ticket_t> list_line; ///< `who` and `rooms` in turn; keys in `pending`.
  ticket_t list_ticket = 0;        ///< The one of them that is being answered; 0: none.
  std::map<ticket_t, asked>
    pending; ///< At most limits::requests_under_way: each has cost a credit.
  ticket_t last_ticket = 0;
};

} // namespace callboard
