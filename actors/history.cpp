// One question in, one or two store calls, one answer, encoded here and not by those who wait.
#include "actors/history.hpp"

#include "actors/page.hpp"
#include "runtime/log.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace callboard {

namespace {

/// While the database is away, whoever asks for pages would else write our log.
constexpr std::chrono::seconds complain_every{10};

using actor_clock = caf::actor_clock;

// -- state ----------------------------------------------------------------------------------------

struct history_state {
  using interface = history_actor;
  static inline constexpr const char* name = "callboard.history";

  history_state(history_actor::pointer self, store_ptr store, const limits& bounds)
    : self{self}, database{std::move(store)}, page_bytes{bounds.page_bytes} {}

  void fetch(const fetch_page& ask);
  void list(const list_rooms& ask);
  template <class Call>
  auto twice(Call call);
  void complain(const std::string& why);
  history_actor::behavior_type make_behavior();

  history_actor::pointer self;
  store_ptr database;
  std::size_t page_bytes;
  std::optional<actor_clock::time_point> complained_at;
  std::uint64_t unsaid = 0;
};

// -- steps ----------------------------------------------------------------------------------------

/// A connection that died while it was idle is noticed by the first call only.
template <class Call>
auto history_state::twice(Call call) {
  auto answer = call();
  if (const auto* failure = std::get_if<store_failure>(&answer);
      failure != nullptr && failure->fault == store_fault::again)
    answer = call();
  if (const auto* failure = std::get_if<store_failure>(&answer))
    complain(failure->why);
  return answer;
}

void history_state::complain(const std::string& why) {
  const auto now = self->clock().now();
  if (complained_at && now - *complained_at < complain_every) {
    ++unsaid;
    return;
  }
  complained_at = now;
  const auto more = std::exchange(unsaid, 0);
  log(log_level::warn,
      "a read failed: why=" + why
        + (more == 0 ? "" : "; unsaid since the last such line: " + std::to_string(more)));
}

void history_state::fetch(const fetch_page& ask) {
  if (ask.query.limit == 0)
    return tell(self, ask.cache, page_fetched{ask.ticket, false, nullptr});
  auto answer = twice([&] { return database->read(ask.query); });
  auto* entries = std::get_if<std::vector<entry>>(&answer);
  if (entries == nullptr)
    return tell(self, ask.cache, page_fetched{ask.ticket, true, nullptr});
  tell(self, ask.cache,
       page_fetched{ask.ticket, false,
                    encode_page(ask.query.room, std::move(*entries), ask.query.where, page_bytes)});
}

void history_state::list(const list_rooms& ask) {
  auto answer = twice([&] { return database->rooms(ask.prefix, ask.limit); });
  auto* rooms = std::get_if<std::vector<room_info>>(&answer);
  if (rooms == nullptr)
    return tell(self, ask.asker, rooms_listed{ask.ticket, true, {}});
  for (auto& room : *rooms)
    if (ask.members)
      if (const auto counted = ask.members->find(room.name); counted != ask.members->end())
        room.members = counted->second;
  tell(self, ask.asker, rooms_listed{ask.ticket, false, std::move(*rooms)});
}

// -- behaviour ------------------------------------------------------------------------------------

history_actor::behavior_type history_state::make_behavior() {
  return {
    [this](const fetch_page& msg) { fetch(msg); },
    [this](const list_rooms& msg) { list(msg); },
  };
}

} // namespace

history_actor start_history(caf::actor_system& system, store_ptr store, const limits& bounds,
                            bool detached) {
  if (detached)
    return start_detached<history_state>(system, std::move(store), bounds);
  return start<history_state>(system, std::move(store), bounds);
}

} // namespace callboard
