// The composition root of the client: the only place that gives actors real randomness and a real
// socket. Everything ends in the order socket, actors, system (caf.md section 5).
#include "client/desk.hpp"

#include "client/event_queue.hpp"
#include "client/link.hpp"
#include "client/timeline.hpp"
#include "client/websocket_transport.hpp"

#include <cerrno>
#include <map>
#include <sys/random.h>
#include <system_error>
#include <utility>

namespace callboard::client {

namespace {

/// From the kernel; safe from any thread.
std::uint64_t random_bits() {
  std::uint64_t bits = 0;
  ssize_t count = 0;
  do
    count = ::getrandom(&bits, sizeof bits, 0);
  while (count < 0 && errno == EINTR);
  if (count != sizeof bits)
    throw std::system_error{errno, std::generic_category(), "getrandom"};
  return bits;
}

struct config : caf::actor_system_config {
  config() {
#if CALLBOARD_CAF_1
    register_messages<caf::id_block::callboard_client>();
#endif
    set_scheduler(*this, 1);
  }
};

} // namespace

struct client_desk::actors {
  actors(endpoint where, journal_opener journal)
    : queue{std::make_shared<event_queue>()},
      way{std::make_shared<websocket_transport>()},
      terminal{start_terminal(system, {queue})},
      link{start_link(system,
                      {way, std::move(where), terminal, random_bits, {}, {}, std::move(journal)})} {
    way->listen(events_for(link));
  }

  ~actors() {
    way->stop();
    for (const auto& [room, timeline] : timelines)
      stop(timeline);
    stop(link);
    stop(terminal);
  }

  actors(const actors&) = delete;
  actors& operator=(const actors&) = delete;

  config settings;
  caf::actor_system system{settings};
  std::shared_ptr<event_queue> queue;
  std::shared_ptr<websocket_transport> way;
  terminal_actor terminal;
  link_actor link;
  std::map<std::string, timeline_actor> timelines;

  template <class Message>
  void tell_timeline(const std::string& room, Message what) {
    const auto place = timelines.find(room);
    if (place != timelines.end())
      tell_from_outside(place->second, std::move(what));
  }
};

client_desk::client_desk(endpoint where, journal_opener journal)
  : actors_{std::make_unique<actors>(std::move(where), std::move(journal))} {}

client_desk::~client_desk() = default;

void client_desk::introduce(std::string name, std::string token, std::string claim) {
  tell_from_outside(actors_->link,
                    client::introduce{std::move(name), std::move(token), std::move(claim)});
}

void client_desk::enter(const std::string& room, log_start start) {
  if (!actors_->timelines.contains(room))
    actors_->timelines.emplace(
      room, start_timeline(actors_->system,
                           {actors_->link, actors_->terminal, room, start, random_bits}));
}

void client_desk::leave(const std::string& room) {
  actors_->tell_timeline(room, leave_log{});
  actors_->timelines.erase(room);
}

void client_desk::say(const std::string& room, std::uint64_t tag, std::string text) {
  actors_->tell_timeline(room, client::say{tag, std::move(text)});
}

void client_desk::retry(const std::string& room, std::uint64_t tag) {
  actors_->tell_timeline(room, retry_own{tag});
}

void client_desk::drop(const std::string& room, std::uint64_t tag) {
  actors_->tell_timeline(room, drop_own{tag});
}

void client_desk::page_back(const std::string& room, std::size_t limit) {
  actors_->tell_timeline(room, client::page_back{limit});
}

void client_desk::look_at(const std::string& room, seq_t before, std::optional<seq_t> after,
                          std::size_t limit) {
  actors_->tell_timeline(room, client::look_at{before, after, limit});
}

void client_desk::ask_names(const std::string& room) {
  actors_->tell_timeline(room, client::ask_names{});
}

void client_desk::ask_rooms(std::string prefix, std::size_t limit) {
  tell_from_outside(actors_->link, query_rooms{std::move(prefix), limit});
}

void client_desk::touch_keys() {
  tell_from_outside(actors_->link, keys_touched{});
}

void client_desk::type_on(const std::string& room) {
  actors_->tell_timeline(room, client::type_on{});
}

void client_desk::reconnect() {
  tell_from_outside(actors_->link, client::reconnect{});
}

int client_desk::descriptor() const {
  return actors_->queue->descriptor();
}

std::vector<screen_event> client_desk::take() {
  return actors_->queue->take();
}

void client_desk::painted(std::size_t weight) {
  tell_from_outside(actors_->terminal, client::painted{weight});
}

} // namespace callboard::client
