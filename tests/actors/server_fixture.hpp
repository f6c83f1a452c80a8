// A whole server without sockets, threads and disk: real lobby, rooms and sessions over a store
// that answers at once, or not at all, as the test says.
#pragma once

#include "actors/lobby_state.hpp"
#include "actors/session.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/doubles.hpp"
#include "tests/actors/fake_connection.hpp"

#include <map>

namespace callboard::doubles {

using namespace std::chrono_literals;

/// What the store does with the next call.
struct store_mood {
  bool silent = false;  ///< Nobody is answered, and nothing happens.
  bool mute = false;    ///< It happens, and nobody is answered: the answer is lost.
  bool refuses = false; ///< Everybody is refused.
};

struct shared_store {
  std::shared_ptr<memory_log> log = std::make_shared<memory_log>();
  memory_store store{log};
  store_mood mood;
};

struct easy_persistence {
  using interface = persistence_actor;
  static inline constexpr const char* name = "easy.persistence";
  easy_persistence(persistence_actor::pointer self, shared_store& with) : self{self}, with{with} {}

  template <class Asker, class Call, class Answer, class Refusal>
  void serve(const Asker& to, Call call, Answer answer, Refusal refusal) {
    if (with.mood.silent)
      return;
    if (with.mood.refuses)
      return tell(self, to, std::move(refusal));
    const auto outcome = call();
    if (!with.mood.mute)
      tell(self, to, answer(*value_of(outcome)));
  }

  persistence_actor::behavior_type make_behavior() {
    return {
      [this](const append& msg) {
        serve(
          msg.room, [&] { return with.store.append(msg.drafts); },
          [&](const auto& got) {
            return appended{msg.ticket, got};
          },
          append_refused{msg.ticket, errc::unavailable, false});
      },
      [this](const open_room& msg) {
        serve(
          msg.room, [&] { return with.store.open(msg.name); },
          [&](const auto& got) {
            return room_opened{msg.ticket, got};
          },
          open_refused{msg.ticket});
      },
      [this](const claim& msg) {
        serve(
          msg.lobby, [&] { return with.store.claim_name(msg.what); },
          [&](const auto& got) {
            return claimed{msg.ticket, got};
          },
          claim_refused{msg.ticket});
      },
      [](const flush&) { /* it batches nothing */ },
      [](const job_done&) { /* it has no writer */ },
      [](const tick&) { /* it has no clock */ },
    };
  }

  persistence_actor::pointer self;
  shared_store& with;
};

struct easy_cache {
  using interface = cache_actor;
  static inline constexpr const char* name = "easy.cache";
  easy_cache(cache_actor::pointer self, shared_store& with) : self{self}, with{with} {}

  void serve(const read_page& msg) {
    if (with.mood.silent)
      return;
    if (with.mood.refuses)
      return tell(self, msg.asker, page_refused{msg.ticket, msg.query.room, errc::unavailable});
    const auto outcome = with.store.read(msg.query);
    const auto& entries = *value_of(outcome);
    if (entries.empty())
      return tell(self, msg.asker, page_read{msg.ticket, msg.query.room, 1, 0, {}});
    const auto run = std::make_shared<const entry_run>(msg.query.room, entries);
    tell(self, msg.asker, page_read{msg.ticket, msg.query.room, run->first(), run->last(), {run}});
  }

  void serve(const list_rooms& msg) {
    if (with.mood.silent)
      return;
    const auto outcome = with.store.rooms(msg.prefix, msg.limit);
    auto rooms = *value_of(outcome);
    for (auto& room : rooms)
      if (const auto found = msg.members->find(room.name); found != msg.members->end())
        room.members = found->second;
    tell(self, msg.asker, rooms_listed{msg.ticket, with.mood.refuses, std::move(rooms)});
  }

  cache_actor::behavior_type make_behavior() {
    return {
      [](const remember&) { /* it reads all from the store */ },
      [this](const read_page& msg) { serve(msg); },
      [](const page_fetched&) { /* it has no reader */ },
      [this](const list_rooms& msg) { serve(msg); },
      [](const tick&) { /* it has no clock */ },
    };
  }

  cache_actor::pointer self;
  shared_store& with;
};

struct server_fixture : theatre {
  server_fixture() { set_log_level(log_level::off); } // crashes are what these tests are about
  ~server_fixture() override { set_log_level(log_level::info); }

  struct client {
    std::shared_ptr<fake_connection> wire;
    session_actor session;
    std::uint32_t frames = 0; ///< Sent so far: the credits that this has cost.
  };

  limits bounds;
  std::shared_ptr<server_status> status = std::make_shared<server_status>();
  shared_store store;
  store_way way;
  int minted = 0;
  lobby_actor lobby;
  session_needs_ptr needs;
  connection_t last_connection = 0;

  void begin() {
    lobby = cast(start_lobby(sys, {bounds,
                                   [this](caf::actor_system& system) {
                                     way = {cast(start<easy_persistence>(system, store)),
                                            cast(start<easy_cache>(system, store))};
                                     return way;
                                   },
                                   [this] { return "id" + std::to_string(++minted); }, status}));
    needs = std::make_shared<const session_needs>(session_needs{
      bounds, lobby,
      std::make_shared<token_signer>("0123456789abcdef0123456789abcdef", std::chrono::hours{24}),
      [] { return std::int64_t{1'800'000'000}; },
      [this] { return "guest" + std::to_string(++minted); }, "test", status});
    consume_messages();
  }

  client connect() {
    auto wire = std::make_shared<fake_connection>();
    auto session = cast(start_session(sys, ++last_connection, wire, needs));
    consume_messages();
    return {std::move(wire), std::move(session)};
  }

  /// Connected, welcome and in the den.
  client member(const std::string& name) {
    auto who = connect();
    frame(who, R"({"type":"hello","name":")" + name + R"("})");
    frame(who, R"({"type":"join","room":"den","last":0})");
    (void)who.wire->told();
    return who;
  }

  /// A frame on its way: nobody has read it yet.
  void give(client& who, std::string text) {
    ++who.frames;
    send(self, who.session, frame_received{std::move(text)});
  }

  void frame(client& who, std::string text) {
    give(who, std::move(text));
    consume_messages();
  }

  void post(client& who, const std::string& id) {
    frame(who, R"({"type":"post","room":"den","id":")" + id + R"(","text":"hi"})");
  }

  room_actor den() {
    const auto* state = state_of<lobby_state>(lobby);
    const auto found = state->rooms.find("den");
    return found == state->rooms.end() ? room_actor{} : found->second.room;
  }

  std::size_t stored() { return store.log->entries("den").size(); }
};

} // namespace callboard::doubles
