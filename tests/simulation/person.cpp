// Somebody with the real client: its link, its timelines, and a screen that remembers everything.
#include "client/link.hpp"
#include "client/timeline.hpp"
#include "tests/simulation/sim_transport.hpp"
#include "tests/simulation/world.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace callboard::simulation {

namespace {

class person;

struct sim_terminal_state {
  using interface = terminal_actor;
  static inline constexpr const char* name = "sim.terminal";

  sim_terminal_state(interface::pointer self, person* who, unsigned life)
    : self{self}, who{who}, life{life} {}
  interface::behavior_type make_behavior();

  interface::pointer self;
  person* who;
  unsigned life; ///< What an earlier process still says does not count.
};

class person final : public participant {
public:
  person(world& outer, unsigned number)
    : outer_{outer}, number_{number}, name_{"p" + std::to_string(number)} {
    rooms_ = std::max<std::size_t>(
      1, std::min<std::size_t>({outer.script.rooms, outer.script.bounds.rooms, 3}));
    begin();
  }

  void act() override {
    if (ended_)
      return introduce_again();
    come_back();
    const auto room = outer_.chance.below(rooms_);
    switch (outer_.chance.below(24)) {
      case 0:
        return tell_from_outside(timelines_[room], page_back{outer_.chance.between(1, 9)});
      case 1:
        return tell_from_outside(timelines_[room], ask_names{});
      case 2:
        return tell_from_outside(link_, query_rooms{"", outer_.chance.between(1, 9)});
      case 3:
        return tell_from_outside(link_, hold_reading{held_ = !held_});
      case 4:
        return move_to(room);
      default:
        return speak(room);
    }
  }

  void crash() override {
    stop();
    begin();
  }

  void heal() override { tell_from_outside(link_, hold_reading{false}); }

  [[nodiscard]] bool settled() const override {
    auto* const self =
      const_cast<person*>(this); // NOLINT: a person tries again, and is not settled
    if (ended_) {
      self->introduce_again();
      return false;
    }
    self->come_back();
    for (const auto& [room, view] : views_)
      if (!view.any ? outer_.facts.head(room) != 0 && !view.ready
                    : view.last != outer_.facts.head(room))
        return false;
    return welcome_ && std::none_of(said_.begin(), said_.end(), [this](const word& each) {
             return each.life == life_ && each.fate == outcome_of::open;
           });
  }

  void check_end() override {
    std::map<std::pair<unsigned, std::string>, seq_t> last;
    for (const auto& each : said_) {
      const auto times = outer_.facts.times(each.room, each.text);
      if (times > 1)
        outer_.facts.fail(name_ + " said \"" + each.text + "\" once, and it is stored "
                          + std::to_string(times) + " times");
      if (each.fate == outcome_of::stored && times != 1)
        outer_.facts.fail(name_ + " has a receipt for \"" + each.text + "\", which is not stored");
      if (each.fate == outcome_of::failed && times != 0)
        outer_.facts.fail(name_ + " was told that \"" + each.text + "\" failed, and it is stored");
      if (each.fate == outcome_of::open && each.life == life_)
        outer_.facts.fail(name_ + " waits for ever for \"" + each.text + "\"");
      if (each.fate != outcome_of::stored)
        continue;
      auto& before = last[{each.stay, each.room}];
      if (each.seq <= before)
        outer_.facts.fail(name_ + "'s \"" + each.text + "\" overtook what was said before it");
      before = each.seq;
    }
    for (const auto& [room, view] : views_)
      if (view.any && view.last != outer_.facts.head(room))
        outer_.facts.fail(name_ + " sees " + room + " up to " + std::to_string(view.last) + " of "
                          + std::to_string(outer_.facts.head(room)));
  }

  void stop() override {
    way_->leave();
    way_->dead = true;
    way_->events = [](const transport_event&) {};
    callboard::stop(link_, caf::exit_reason::kill);
    for (auto& [number, timeline] : timelines_)
      callboard::stop(timeline, caf::exit_reason::kill);
    callboard::stop(terminal_, caf::exit_reason::kill);
    link_ = nullptr;
    terminal_ = nullptr;
    timelines_.clear();
  }

  // -- what the screen gets ---------------------------------------------------------------------

  [[nodiscard]] unsigned life() const { return life_; }

  /// What a timeline still says that another has followed does not count.
  [[nodiscard]] bool is_current(const std::string& room, const caf::actor_addr& timeline) const {
    for (const auto& [number, each] : timelines_)
      if (room_name(number) == room)
        return each.address() == timeline;
    return false;
  }

  void see(const entries_shown& msg) {
    auto& view = views_[msg.room];
    for (const auto& each : msg.entries) {
      if (view.any && each.what.seq != view.last + 1)
        outer_.facts.fail(name_ + "'s screen shows entry " + std::to_string(each.what.seq) + " of "
                          + msg.room + " behind " + std::to_string(view.last));
      if (!view.any)
        view.first = each.what.seq;
      view.any = true;
      view.last = each.what.seq;
      outer_.facts.shown(msg.room, each.what, name_ + "'s screen");
    }
  }

  void see_older(const older_shown& msg) {
    auto& view = views_[msg.room];
    if (!view.any && !msg.entries.empty()) { // asked for before anything newer has come
      const auto last = msg.entries.back().what.seq;
      view = {true, view.ready, last + 1, last};
    }
    for (auto at = msg.entries.rbegin(); at != msg.entries.rend(); ++at) {
      if (at->what.seq + 1 != view.first)
        outer_.facts.fail(name_ + "'s screen puts entry " + std::to_string(at->what.seq)
                          + " in front of " + std::to_string(view.first));
      view.first = at->what.seq;
      outer_.facts.shown(msg.room, at->what, name_ + "'s screen");
    }
  }

  void reset(const std::string& room) { views_[room] = {}; }
  void ready(const std::string& room, seq_t head) {
    auto& view = views_[room];
    view.ready = true;
    if (!view.any) // nothing was wanted of what there is: reading begins behind it
      view = {true, true, head + 1, head};
    if (view.last != head)
      outer_.facts.fail(name_ + " is told that " + room + " is read up to " + std::to_string(head)
                        + ", and has it up to " + std::to_string(view.last));
  }

  void stored(const own_stored& msg) {
    if (auto* const each = find(msg.tag)) {
      each->fate = outcome_of::stored;
      each->seq = msg.seq;
      const auto* const entry = outer_.facts.find(msg.room, msg.seq);
      if (entry == nullptr || entry->text != each->text)
        outer_.facts.fail(name_ + "'s receipt for \"" + each->text + "\" names another entry");
    }
  }

  void failed(const own_failed& msg) {
    auto* const each = find(msg.tag);
    if (each == nullptr)
      return;
    if (msg.why == errc::not_joined) { // left: nobody knows whether it is stored
      each->fate = outcome_of::left;
      return;
    }
    each->fate = outcome_of::failed;
    const bool deserved = each->odd || msg.why == errc::busy;
    if (!deserved)
      outer_.facts.fail(name_ + "'s \"" + each->text + "\" failed: " + msg.sentence);
  }

  void be_welcome(const wire::welcome& what) {
    welcome_ = true;
    token_ = what.token;
    if (number_ == 0)
      outer_.person_token = token_;
  }
  void be_lost() { welcome_ = false; }
  void be_ended() { ended_ = true; }
  void be_refused() {
    name_ += "x";
    token_.clear();
    tell_from_outside(link_, introduce{name_, token_, claim()});
  }

private:
  enum class outcome_of : std::uint8_t { open, stored, failed, left };
  struct word {
    unsigned life = 0;
    unsigned stay = 0; ///< Number of the timeline: only its own words are in order.
    std::string room;
    std::string text;
    bool odd = false; ///< It must fail.
    outcome_of fate = outcome_of::open;
    seq_t seq = 0;
  };
  struct view {
    bool any = false;
    bool ready = false;
    seq_t first = 0;
    seq_t last = 0;
  };

  void begin() {
    ++life_;
    ended_ = false;
    welcome_ = false;
    held_ = false;
    views_.clear();
    leaving_.clear();
    if (outer_.chance.chance(300))
      token_.clear();
    // Or a second client of one author; one place of hers stays free for a line that went dead.
    const bool fits = outer_.script.people < outer_.script.bounds.connections_per_author;
    if (fits && !outer_.person_token.empty() && outer_.chance.chance(outer_.script.twins))
      token_ = outer_.person_token;
    terminal_ = start<sim_terminal_state>(outer_.system(), this, life_);
    way_ = std::make_shared<sim_transport>(outer_);
    link_setup setup;
    setup.way = way_;
    setup.terminal = terminal_;
    setup.random = [this] { return outer_.chance.next(); };
    link_ = start_link(outer_.system(), std::move(setup));
    way_->events = events_for(link_);
    for (std::size_t i = 0; i < rooms_; ++i)
      attend(i);
    tell_from_outside(link_, introduce{name_, token_, claim()});
  }

  void attend(std::size_t room) {
    log_start from;
    from.where = static_cast<log_start::from>(outer_.chance.below(3));
    from.number =
      from.where == log_start::from::latest ? outer_.chance.below(20) : outer_.chance.below(40);
    ++stay_;
    stays_[room] = stay_;
    views_[room_name(room)] = {};
    timelines_[room] = start_timeline(outer_.system(), {link_, terminal_, room_name(room), from,
                                                        [this] { return outer_.chance.next(); }});
  }

  void move_to(std::size_t room) {
    if (!leaving_.insert(room).second)
      return;
    tell_from_outside(timelines_[room], leave_log{});
    for (auto& each : said_)
      if (each.stay == stays_[room] && each.fate == outcome_of::open)
        each.fate = outcome_of::left;
    // Or at once, before that one has ended, or even begun.
    if (outer_.chance.chance(300)) {
      leaving_.erase(room);
      attend(room);
    }
  }

  /// Otherwise a room is entered again when its first timeline has ended.
  void come_back() {
    for (auto at = leaving_.begin(); at != leaving_.end();) {
      const auto* const timeline = caf::actor_cast<caf::abstract_actor*>(timelines_[*at]);
      const bool ended = timeline->getf(caf::abstract_actor::is_terminated_flag);
      if (ended)
        attend(*at);
      at = ended ? leaving_.erase(at) : std::next(at);
    }
  }

  [[nodiscard]] std::string claim() const { return life_ % 2 == 0 ? "" : "the-secret-of-" + name_; }

  void introduce_again() {
    ended_ = welcome_ = false;
    tell_from_outside(link_, introduce{name_, token_, claim()});
  }

  void speak(std::size_t room) {
    if (leaving_.contains(room))
      return;
    word what{life_, stays_[room], room_name(room), {}, false, outcome_of::open, 0};
    what.text = name_ + "." + std::to_string(outer_.next_text());
    if (outer_.happens(fault::store_poison)) {
      what.text += poison;
      what.odd = true;
    } else if (outer_.chance.chance(20)) {
      what.text.append(outer_.script.bounds.text_bytes, 'x');
      what.odd = true;
    } else if (outer_.chance.chance(100)) {
      what.text.append(outer_.chance.below(300), '"');
    }
    said_.push_back(what);
    tell_from_outside(timelines_[room], say{said_.size(), what.text});
  }

  word* find(std::uint64_t tag) {
    const bool known = tag != 0 && tag <= said_.size() && said_[tag - 1].fate == outcome_of::open;
    return known ? &said_[tag - 1] : nullptr;
  }

  world& outer_;
  unsigned number_;
  std::string name_;
  std::string token_; ///< When it is lost, the claim is too in every other life.
  std::size_t rooms_ = 1;
  unsigned life_ = 0;
  unsigned stay_ = 0;
  bool ended_ = false;
  bool welcome_ = false;
  bool held_ = false;
  std::shared_ptr<sim_transport> way_;
  link_actor link_;
  terminal_actor terminal_;
  std::map<std::size_t, timeline_actor> timelines_;
  std::map<std::size_t, unsigned> stays_;
  std::set<std::size_t> leaving_;
  std::map<std::string, view> views_;
  std::vector<word> said_;
};

terminal_actor::behavior_type sim_terminal_state::make_behavior() {
  // What an ended process, or a timeline that another has followed, still says does not count.
  const auto current = [this](auto step) {
    return [this, step](const auto& msg) {
      if (who->life() == life)
        step(msg);
    };
  };
  const auto of_room = [this](auto step) {
    return [this, step](const auto& msg) {
      const auto sender = caf::actor_cast<caf::actor_addr>(self->current_sender());
      if (who->life() == life && who->is_current(msg.room, sender))
        step(msg);
    };
  };
  const auto welcome = current([this](const link_welcome& msg) { who->be_welcome(*msg.what); });
  const auto lost = current([this](const link_lost&) { who->be_lost(); });
  const auto ended = current([this](const link_ended&) { who->be_ended(); });
  const auto refused = current([this](const name_refused&) { who->be_refused(); });
  const auto ready = of_room([this](const log_ready& msg) { who->ready(msg.room, msg.head); });
  const auto reset = of_room([this](const log_reset& msg) { who->reset(msg.room); });
  const auto shown = of_room([this](const entries_shown& msg) { who->see(msg); });
  const auto older = of_room([this](const older_shown& msg) { who->see_older(msg); });
  const auto stored = current([this](const own_stored& msg) { who->stored(msg); });
  const auto failed = current([this](const own_failed& msg) { who->failed(msg); });
  return {
    [](const link_connecting&) {},
    [=](const link_welcome& msg) { welcome(msg); },
    [=](const link_lost& msg) { lost(msg); },
    [=](const link_ended& msg) { ended(msg); },
    [](const link_pulse&) {},
    [=](const name_refused& msg) { refused(msg); },
    [](const outbox_told&) {},
    [](const rooms_known&) {},
    [=](const log_ready& msg) { ready(msg); },
    [=](const log_reset& msg) { reset(msg); },
    [](const log_refused&) {},
    [=](const entries_shown& msg) { shown(msg); },
    [=](const older_shown& msg) { older(msg); },
    [](const page_shown&) {},
    [=](const own_stored& msg) { stored(msg); },
    [=](const own_failed& msg) { failed(msg); },
    [](const own_restored&) {},
    [](const own_dropped&) {},
    [](const signal_shown&) {},
    [](const painted&) {},
  };
}

} // namespace
std::unique_ptr<participant> make_person(world& outer, unsigned number) {
  return std::make_unique<person>(outer, number);
}

} // namespace callboard::simulation
