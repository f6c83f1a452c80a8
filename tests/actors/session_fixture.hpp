// A real callboard.v1 session among actors that are played by the test, and a socket in its hand.
#pragma once

#include "actors/session.hpp"
#include "tests/actors/doubles.hpp"
#include "tests/actors/fake_connection.hpp"

namespace callboard::doubles {

using namespace std::chrono_literals;

struct session_fixture : theatre {
  static constexpr connection_t number = 3;
  static constexpr std::int64_t hour_s = 3600;
  static constexpr std::int64_t today_s = 1'800'000'000;
  static inline const author ada{"a1", "ada"};

  role<lobby_actor> lobby = play<lobby_actor>("lobby");
  role<room_actor> den = play<room_actor>("den");
  role<room_actor> den2 = play<room_actor>("den2"); ///< The den's successor.
  role<room_actor> attic = play<room_actor>("attic");
  role<cache_actor> cache = play<cache_actor>("cache");

  limits bounds;
  std::shared_ptr<token_signer> signer =
    std::make_shared<token_signer>("0123456789abcdef0123456789abcdef", std::chrono::hours{24});
  std::shared_ptr<server_status> status = std::make_shared<server_status>();
  std::shared_ptr<fake_connection> wire = std::make_shared<fake_connection>();
  session_actor aut;

  /// Starts the session.
  void begin() {
    const auto needs = std::make_shared<const session_needs>(
      session_needs{bounds, lobby.actor, signer, [] { return today_s; },
                    [] { return std::string{"minted"}; }, "test", status});
    aut = cast(start_session(sys, number, wire, needs));
    consume_messages();
  }

  /// A frame of the client.
  void frame(std::string text) { say(self, aut, frame_received{std::move(text)}); }

  /// Started, and welcome as ada.
  void begin_as_ada() {
    begin();
    frame(R"({"type":"hello","name":"ada"})");
    say(lobby.actor, aut, signed_in{lobby.only<sign_in>().ticket, ada});
    CAF_REQUIRE_EQUAL(wire->told(), lines{"welcome ada"});
    (void)said();
  }

  /// The answer to the enter_room that the lobby has got.
  entered into(role<room_actor>& room, seq_t head, const std::string& epoch = "e1",
               seq_t first = 1) {
    const auto asked = lobby.only<enter_room>();
    return {asked.ticket, asked.room, room.actor, cache.actor, {epoch, first, head}, 2};
  }

  void join(const std::string& fields) { frame(R"({"type":"join","room":"den",)" + fields + "}"); }

  /// In the den, whose log reaches `head`, with nothing shown: live from head + 1 on.
  void begin_live(seq_t head = 0) {
    begin_as_ada();
    join(R"("last":0)");
    say(den.actor, aut, into(den, head));
    CAF_REQUIRE_EQUAL(wire->told().size(), 1U);
  }

  void deliver_run(seq_t first, seq_t last) { say(den.actor, aut, deliver{run_of(first, last)}); }

  void post(const std::string& id, const std::string& text = "hi") {
    frame(R"({"type":"post","room":"den","id":")" + id + R"(","text":")" + text + R"("})");
  }

  /// Answers the one question for a page with [first, last].
  void page(seq_t first, seq_t last) {
    say(cache.actor, aut, page_of(cache.only<read_page>().ticket, first, last));
  }

  static read_query after(seq_t position, std::size_t limit) {
    return {"den", read_query::direction::after, position, limit};
  }
  static read_query before(seq_t position, std::size_t limit) {
    return {"den", read_query::direction::before, position, limit};
  }

  /// Client ids of the posts that a room has got since the last call.
  static lines posts_of(role<room_actor>& room) {
    lines ids;
    for (const auto& msg : room.take<post_draft>())
      ids.push_back(msg.what->client_id);
    return ids;
  }
};

} // namespace callboard::doubles
