// The state of a link. link.cpp: connecting, time and the table; link_requests.cpp: what is asked
// of the server and what it answers.
#pragma once

#include "client/backoff.hpp"
#include "client/link.hpp"
#include "client/outbox.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace callboard::client {

/// The server's sentence, or ours for its code.
[[nodiscard]] std::string sentence_of(const wire::error& what);

/// When to repeat: as the server says, within reason; a code may be retryable without a time.
[[nodiscard]] std::chrono::milliseconds pause_of(const wire::error& what,
                                                 const link_timing& timing);
[[nodiscard]] bool may_repeat(const wire::error& what);

struct link_state {
  using interface = link_actor;
  static inline constexpr const char* name = "callboard.client.link";
  using time_point = std::chrono::steady_clock::time_point;

  link_state(link_actor::pointer self, link_setup setup);

  // -- connecting ---------------------------------------------------------------------------------
  void become(const introduce& msg);
  void dial();
  void greet(const transport_opened& msg);
  void say_hello();
  void settle(const transport_closed& msg);
  void lose(const std::string& why, std::chrono::milliseconds at_least);
  void end(closing why);
  void forget_connection();
  void hang_up_now();
  void reconnect_now();

  // -- what the server says -----------------------------------------------------------------------
  void read(const transport_text& msg);
  void take(const std::string& ref, wire::welcome& what);
  void take(const std::string& ref, wire::joined& what);
  void take(const std::string& ref, wire::message& what);
  void take(const std::string& ref, wire::posted& what);
  void take(const std::string& ref, wire::history_page& what);
  void take(const std::string& ref, wire::presence& what);
  void take(const std::string& ref, wire::typing_notice& what);
  void take(const std::string& ref, wire::who_list& what);
  void take(const std::string& ref, wire::room_list& what);
  void take(const std::string& ref, wire::left& what);
  void take(const std::string& ref, wire::pong& what);
  void take(const std::string& ref, wire::error& what);
  void take(const std::string& ref, wire::bye& what);
  void refuse_hello(const wire::error& what);
  void refuse_join(const std::string& room, const wire::error& what);
  void refuse_post(const std::string& room, const std::string& id, std::uint64_t attempt,
                   const wire::error& what);

  // -- what is asked of it ------------------------------------------------------------------------
  void attend(const attend_room& msg);
  void enter(const enter_log& msg);
  void keep(const submit_post& msg);
  void ask_older(const request_older& msg);
  void ask_who(const query_who& msg);
  void ask_rooms(const query_rooms& msg);
  void withdraw(const withdraw_post& msg);
  void pass_typing(const say_typing& msg);
  void abandon(const abandon_room& msg);
  void hold(const hold_reading& msg);
  [[nodiscard]] std::optional<errc> unfit(const wire::post& what) const;
  void pump();

  // -- posts that outlive the process
  // ---------------------------------------------------------------
  void open_journal();
  void move_posts(post_journal* into);
  void bind_journal();
  void forget_post(const std::string& id);
  void flush_soon();
  void flush_journal();
  void report_journal();

  // -- time ---------------------------------------------------------------------------------------
  [[nodiscard]] time_point now() const;
  void arm();
  void ring();
  void watch_line();
  void look_closer();
  [[nodiscard]] time_point next_look() const;
  [[nodiscard]] bool somebody_there() const;
  void note_peace();
  void send_ping();
  void retry_rooms();

  link_actor::behavior_type make_behavior();

  /// A request that the server has not answered yet, by its `ref`.
  struct hello_asked {};
  struct join_asked {
    std::string room;
  };
  struct post_asked {
    std::string room;
    std::string id;
  };
  struct older_asked {
    std::string room;
  };
  struct rooms_asked {
    std::string prefix;
  };
  struct ping_asked {
    time_point at;
  };
  struct other_asked {}; ///< An answer that nobody waits for: who, leave.
  using asked = std::variant<hello_asked, join_asked, post_asked, older_asked, rooms_asked,
                             ping_asked, other_asked>;

  /// Sends a request and remembers what it was; its number is its `ref`.
  std::uint64_t ask(wire::request_body what, asked about);
  [[nodiscard]] std::optional<asked> answered(const std::string& ref);

  struct room {
    timeline_actor timeline;
    std::uint64_t join = 0; ///< Number of the last join; only its answer counts. 0: none.
    bool joined = false;
    bool joining = false; ///< The last join is not answered yet.
    outbox posts;
    std::optional<time_point> join_again;
    std::optional<time_point> typed_at; ///< The last `typing` that went out.

    /// A join that is refused takes us out of the room: of two posts behind it the first could be
    /// refused for that, and the second be stored behind the next join. So posts wait for its
    /// answer.
    [[nodiscard]] bool takes_posts() const { return joined && !joining; }
  };
  room* find(const std::string& room);
  void bring_in(const std::string& name_of, room& room);
  void send_join(room& room, const wire::join& what);
  void confirm(const wire::posted& what);
  void reject(const std::string& name_of, room& room, const std::string& id, errc why,
              const std::string& sentence);
  [[nodiscard]] std::size_t posts_under_way() const;
  [[nodiscard]] std::size_t window() const; ///< Posts that may be under way now.
  template <class Message>
  void tell_room(const std::string& room, Message what);

  enum class phase : std::uint8_t { idle, connecting, greeting, welcome, waiting, ended };

  link_actor::pointer self;
  link_setup setup;
  backoff delays;
  phase now_in = phase::idle;
  connection_no connection = 0;
  bool ever_welcome = false;

  std::unique_ptr<post_journal> journal; ///< Null: what is typed lives as long as the process.
  std::string journal_key;               ///< Whose it is.
  bool flush_asked = false;

  std::string name_wanted;
  std::string token;
  std::string claim;
  std::string author_id;
  limits told; ///< From `welcome`.
  std::chrono::seconds heartbeat{25};
  std::chrono::milliseconds appointment{0}; ///< From `bye`.

  std::map<std::string, room> rooms;
  std::map<std::uint64_t, asked> pending; ///< Of this connection.
  std::uint64_t last_ref = 0;

  bool held = false;
  std::uint32_t credit_kept = 0; ///< Frames handled while held, to be granted afterwards.

  time_point phase_until{}; ///< connecting, greeting, waiting: when they end.
  time_point heard_at{};
  time_point welcome_at{};
  std::optional<time_point> pinged_at; ///< A ping is under way since then.
  time_point last_ping_at{};
  std::uint64_t last_ping = 0;       ///< Its number.
  std::optional<time_point> keys_at; ///< The last key.
  std::uint32_t attempts = 0;        ///< That failed in a row.
  std::optional<time_point> armed_for;
};

} // namespace callboard::client
