// The decisions about positions are room_log's; this actor carries them between link and terminal
// and knows which entries are this program's own.
#include "client/timeline.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace callboard::client {

namespace {

/// Refused messages of one room that are kept for a retry.
constexpr std::size_t failures_most = 100;

struct timeline_state {
  using interface = timeline_actor;
  static inline constexpr const char* name = "callboard.client.timeline";

  timeline_state(timeline_actor::pointer self, timeline_setup setup_of)
    : self{self}, setup{std::move(setup_of)}, log{setup.room, setup.start} {}

  // -- the log ------------------------------------------------------------------------------------
  void enter();
  void leave();
  void show(log_step step);
  void show_older(const older_page& msg);
  void fail_older();
  void ask_older(const page_back& msg);
  void look(const look_at& msg);
  [[nodiscard]] std::vector<shown_entry> mark(std::vector<entry> entries);

  // -- own messages -------------------------------------------------------------------------------
  void post(const say& msg);
  void accept(const post_accepted& msg);
  void reject(const post_rejected& msg);
  void restore(const post_restored& msg);
  void retry(const retry_own& msg);
  void drop(const drop_own& msg);
  void withdrawn(const post_withdrawn& msg);
  void forget_old_failures();

  timeline_actor::behavior_type make_behavior();

  /// Something said here. Its receipt and its entry may come in either order, and after a reset of
  /// the log only one of them.
  struct own {
    std::uint64_t tag = 0;
    std::string text;
    bool stored = false;
    bool seen = false;
    std::uint64_t failed = 0; ///< Not 0: refused; the later, the higher.
  };
  using own_map = std::map<std::string, own>;
  [[nodiscard]] own_map::iterator find_own(std::uint64_t tag);

  timeline_actor::pointer self;
  timeline_setup setup;
  room_log log;
  std::string author_id;
  own_map said; ///< By id. Bounded by link_bounds::posts_kept and failures_most.
  std::uint64_t failures = 0;
  std::uint64_t restored = 0;
  bool was_ready = false;
  bool asking_older = false;
  std::optional<look_at> looking; ///< Asked for, not answered.
  bool gap_tried = false;         ///< The last join was for a gap, and nothing has come since.
};

// -- the log --------------------------------------------------------------------------------------

void timeline_state::enter() {
  tell(self, setup.link, enter_log{log.next_join(), timeline_actor{self}});
}

void timeline_state::show(log_step step) {
  if (step.reset) {
    // Receipts of the other log stay true, but their entries will not come any more.
    std::erase_if(said, [](const auto& pair) { return pair.second.stored; });
    tell(self, setup.terminal, log_reset{setup.room});
  }
  if (!step.entries.empty()) {
    gap_tried = false;
    tell(self, setup.terminal, entries_shown{setup.room, mark(std::move(step.entries))});
  }
  if (step.ready) {
    gap_tried = false;
    tell(self, setup.terminal, log_ready{setup.room, log.position(), was_ready, log.epoch()});
    was_ready = true;
  }
  if (step.gap && gap_tried) {
    // Joining again did not help, and would not the next time: start from a new connection, with
    // its delays.
    gap_tried = false;
    tell(self, setup.link,
         distrust{"the server left out entries behind " + std::to_string(log.position())
                  + " of a room"});
  } else if (step.rejoin) {
    gap_tried = step.gap;
    enter();
  }
}

void timeline_state::show_older(const older_page& msg) {
  if (const auto asked = std::exchange(looking, std::nullopt)) {
    tell(self, setup.terminal,
         page_shown{setup.room, asked->before, asked->after, mark(msg.what->entries),
                    msg.what->more, false});
    return;
  }
  if (!std::exchange(asking_older, false))
    return;
  auto entries = mark(log.older(*msg.what));
  tell(self, setup.terminal, older_shown{setup.room, std::move(entries), log.has_older(), false});
}

void timeline_state::fail_older() {
  if (const auto asked = std::exchange(looking, std::nullopt))
    tell(self, setup.terminal, page_shown{setup.room, asked->before, asked->after, {}, true, true});
  if (std::exchange(asking_older, false))
    tell(self, setup.terminal, older_shown{setup.room, {}, true, true});
}

void timeline_state::ask_older(const page_back& msg) {
  if (asking_older || looking)
    return;
  if (!log.has_older()) {
    tell(self, setup.terminal, older_shown{setup.room, {}, false, log.epoch().empty()});
    return;
  }
  asking_older = true;
  tell(self, setup.link, request_older{setup.room, log.oldest(), msg.limit, {}});
}

/// One page at a time: with two under way, nothing would tell their answers apart.
void timeline_state::look(const look_at& msg) {
  if (asking_older || looking) {
    tell(self, setup.terminal, page_shown{setup.room, msg.before, msg.after, {}, true, true});
    return;
  }
  looking = msg;
  tell(self, setup.link, request_older{setup.room, msg.before, msg.limit, msg.after});
}

/// Finds out which entries were said here.
std::vector<shown_entry> timeline_state::mark(std::vector<entry> entries) {
  std::vector<shown_entry> shown;
  shown.reserve(entries.size());
  for (auto& what : entries) {
    const auto place = what.from.id == author_id ? said.find(what.client_id) : said.end();
    const bool own = place != said.end();
    const auto tag = own ? place->second.tag : 0;
    if (own && place->second.stored)
      said.erase(place);
    else if (own)
      place->second.seen = true;
    shown.push_back({std::move(what), own, tag});
  }
  return shown;
}

void timeline_state::leave() {
  for (const auto& [id, what] : said) {
    if (!what.stored && what.failed == 0)
      tell(
        self, setup.terminal,
        own_failed{setup.room, what.tag, what.text, errc::not_joined, "The room was left before."});
  }
  tell(self, setup.link, abandon_room{setup.room, timeline_actor{self}});
  self->quit();
}

// -- own messages ---------------------------------------------------------------------------------

void timeline_state::post(const say& msg) {
  auto id = make_id(setup.random);
  said.emplace(id, own{msg.tag, msg.text});
  tell(self, setup.link, submit_post{setup.room, std::move(id), msg.text});
}

void timeline_state::accept(const post_accepted& msg) {
  const auto place = said.find(msg.id);
  if (place == said.end() || place->second.stored)
    return;
  tell(self, setup.terminal, own_stored{setup.room, place->second.tag, msg.id, msg.seq});
  place->second.stored = true;
  place->second.text.clear();
  if (place->second.seen)
    said.erase(place);
}

void timeline_state::reject(const post_rejected& msg) {
  const auto place = said.find(msg.id);
  if (place == said.end() || place->second.stored)
    return;
  place->second.failed = ++failures;
  tell(self, setup.terminal,
       own_failed{setup.room, place->second.tag, place->second.text, msg.why, msg.text});
  forget_old_failures();
}

/// What was refused is kept for a retry, but a person who never looks back must not fill the
/// memory.
void timeline_state::forget_old_failures() {
  const auto failed = [](const auto& pair) { return pair.second.failed != 0; };
  if (static_cast<std::size_t>(std::count_if(said.begin(), said.end(), failed)) <= failures_most)
    return;
  const auto oldest = std::min_element(said.begin(), said.end(), [](const auto& a, const auto& b) {
    return a.second.failed - 1 < b.second.failed - 1; // What never failed is behind all.
  });
  said.erase(oldest);
}

void timeline_state::restore(const post_restored& msg) {
  const auto tag = restored_tag + ++restored;
  if (said.emplace(msg.id, own{tag, msg.text}).second)
    tell(self, setup.terminal, own_restored{setup.room, tag, msg.text});
}

timeline_state::own_map::iterator timeline_state::find_own(std::uint64_t tag) {
  return std::find_if(said.begin(), said.end(), [tag](const auto& pair) {
    return pair.second.tag == tag && !pair.second.stored;
  });
}

void timeline_state::retry(const retry_own& msg) {
  const auto place = find_own(msg.tag);
  if (place == said.end()) {
    tell(self, setup.terminal,
         own_failed{setup.room, msg.tag, {}, errc::internal, "It is no longer known here."});
  } else if (std::exchange(place->second.failed, 0) != 0) {
    tell(self, setup.link, submit_post{setup.room, place->first, place->second.text});
  }
}

void timeline_state::drop(const drop_own& msg) {
  const auto place = find_own(msg.tag);
  if (place != said.end())
    tell(self, setup.link, withdraw_post{setup.room, place->first});
  else
    tell(self, setup.terminal, own_dropped{setup.room, msg.tag, {}, false});
}

void timeline_state::withdrawn(const post_withdrawn& msg) {
  const auto place = said.find(msg.id);
  if (place == said.end() || place->second.stored)
    return;
  tell(self, setup.terminal,
       own_dropped{setup.room, place->second.tag, place->second.text, msg.gone});
  if (msg.gone)
    said.erase(place);
}

// -- behaviour ------------------------------------------------------------------------------------

timeline_actor::behavior_type timeline_state::make_behavior() {
  tell(self, setup.link, attend_room{setup.room, timeline_actor{self}});
  return {
    [this](const link_up& msg) {
      author_id = msg.author_id;
      enter();
    },
    [this](const link_down&) {
      log.lost();
      fail_older();
    },
    [this](const log_entered& msg) { show(log.joined(*msg.what)); },
    [this](const enter_failed& msg) {
      tell(self, setup.terminal, log_refused{setup.room, msg.why});
    },
    [this](const entry_came& msg) { show(log.message(msg.what)); },
    [this](const page_came& msg) { show(log.page(*msg.what)); },
    [this](const older_page& msg) { show_older(msg); },
    [this](const older_failed&) { fail_older(); },
    [this](const post_accepted& msg) { accept(msg); },
    [this](const post_rejected& msg) { reject(msg); },
    [this](const post_restored& msg) { restore(msg); },
    [this](const post_withdrawn& msg) { withdrawn(msg); },
    [this](const room_signal& msg) {
      tell(self, setup.terminal, signal_shown{setup.room, msg.what});
    },
    [this](const say& msg) { post(msg); },
    [this](const retry_own& msg) { retry(msg); },
    [this](const drop_own& msg) { drop(msg); },
    [this](const type_on&) { tell(self, setup.link, say_typing{setup.room}); },
    [this](const page_back& msg) { ask_older(msg); },
    [this](const look_at& msg) { look(msg); },
    [this](const ask_names&) { tell(self, setup.link, query_who{setup.room}); },
    [this](const leave_log&) { leave(); },
  };
}

} // namespace

timeline_actor start_timeline(caf::actor_system& system, timeline_setup setup) {
  return start<timeline_state>(system, std::move(setup));
}

std::string make_id(const std::function<std::uint64_t()>& random) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string id;
  for (int half = 0; half < 2; ++half) {
    auto bits = random();
    for (int digit = 0; digit < 16; ++digit, bits >>= 4U)
      id += digits[bits & 0xFU];
  }
  return id;
}

} // namespace callboard::client
