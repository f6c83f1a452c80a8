// A connection that does what no good client does: joins again and again from anywhere, repeats
// ids, reuses them for other texts, floods, sends nonsense. Its promises are checked at its socket.
#include "tests/simulation/world.hpp"

#include <array>
#include <map>
#include <vector>

namespace callboard::simulation {

namespace {

class script_client final : public participant, public socket_user {
public:
  script_client(world& outer, unsigned number)
    : outer_{outer}, name_{"s" + std::to_string(number)} {
    dial();
  }

  void act() override {
    if (cable_ == nullptr)
      return dial();
    if (!welcome_)
      return;
    const auto floods = outer_.chance.chance(100) ? outer_.chance.between(2, 12) : 1;
    for (std::uint64_t i = 0; i < floods; ++i)
      do_something();
  }

  void crash() override {
    leave();
    welcome_ = false;
    if (outer_.chance.chance(500))
      token_.clear();
    dial();
  }

  void heal() override {
    if (cable_ == nullptr)
      return;
    cable_->client_grants(1000000);
    // Where too few rooms can be open, those who stay in this one would keep people out of theirs.
    if (welcome_ && outer_.script.bounds.open_rooms <= outer_.script.rooms)
      ask(wire::leave{room_name(outer_.script.rooms)});
  }
  [[nodiscard]] bool settled() const override {
    return cable_ == nullptr || cable_->check().level();
  }

  void check_end() override {
    std::map<std::pair<std::uint64_t, std::string>, seq_t> last;
    for (const auto& each : posts_) {
      if (each.seq == 0 || each.sent != 1)
        continue;
      auto& before = last[{each.connection, each.room}];
      if (each.seq <= before)
        outer_.facts.fail(name_ + "'s post " + each.id + " overtook one that was sent before it");
      before = each.seq;
    }
  }

  void stop() override { leave(); }

  // -- socket_user --------------------------------------------------------------------------------

  void opened() override {
    ++connection_;
    cable_->client_grants(1000000);
    is_twin_ = !outer_.twin_token.empty() && outer_.chance.chance(outer_.script.twins);
    if (is_twin_) // one author in several tabs, with the same ids
      token_ = outer_.twin_token;
    wire::hello hello;
    if (token_.empty())
      hello.name = name_;
    else
      hello.token = token_;
    ask(hello);
  }

  void text(const std::string& frame) override {
    const auto* const what = std::get_if<wire::answer>(&outer_.parsed(frame));
    if (what == nullptr)
      return;
    if (const auto* const body = std::get_if<wire::welcome>(&what->body)) {
      welcome_ = true;
      token_ = body->token;
      outer_.twin_token = token_;
      if (is_twin_)
        outer_.count(sight::twin);
    } else if (const auto* const joined = std::get_if<wire::joined>(&what->body)) {
      epochs_[joined->room] = joined->epoch;
    } else if (const auto* const posted = std::get_if<wire::posted>(&what->body)) {
      for (auto& each : posts_)
        if (each.id == posted->id && each.room == posted->room)
          each.seq = posted->seq;
    } else if (const auto* const error = std::get_if<wire::error>(&what->body)) {
      if (!welcome_ && (error->code == errc::name_taken || error->code == errc::bad_token)) {
        token_.clear();
        name_ += "x";
        opened_again();
      } else if (!welcome_) {
        leave(); // the store is away: another connection, later
      }
    }
  }

  void closed(const client::closing& /*why*/) override {
    cable_ = nullptr;
    welcome_ = false;
  }

private:
  struct post {
    std::uint64_t connection = 0;
    std::string room;
    std::string id;
    std::string text;
    unsigned sent = 0;
    seq_t seq = 0;
  };

  void dial() { cable_ = outer_.connect(this, dialect::v1); }

  void leave() {
    if (cable_ != nullptr)
      cable_->client_leaves();
    cable_ = nullptr;
    welcome_ = false;
  }

  void opened_again() {
    wire::hello hello;
    hello.name = name_;
    ask(hello);
  }

  void ask(wire::request_body body) {
    if (cable_ != nullptr)
      cable_->client_sends(
        wire::encode(wire::request{"r" + std::to_string(++last_ref_), std::move(body)}));
  }

  void do_something() {
    const auto room = room_name(outer_.chance.below(outer_.script.rooms + 1));
    switch (outer_.chance.below(14)) {
      case 0:
      case 1:
      case 2:
        return join(room);
      case 3:
        return ask(wire::leave{room});
      case 4:
        return history(room);
      case 5:
        return ask(wire::typing{room});
      case 6:
        return ask(wire::who{room});
      case 7:
        return ask(
          wire::rooms{outer_.chance.chance(500) ? "" : "room", outer_.chance.between(1, 5)});
      case 8:
        return nonsense();
      case 9:
        return repeat();
      default:
        return say(room);
    }
  }

  void join(const std::string& room) {
    wire::join join;
    join.room = room;
    if (outer_.chance.chance(600)) {
      const auto head = outer_.facts.head(room);
      join.after =
        outer_.chance.chance(100) ? head + outer_.chance.below(5) : outer_.chance.below(head + 1);
      join.epoch = outer_.chance.chance(100) ? "elsewhere" : epochs_[room];
      if (join.epoch.empty())
        join.epoch = "unknown";
    } else {
      join.last = outer_.chance.below(12);
    }
    ask(join);
  }

  void history(const std::string& room) {
    wire::history history;
    history.room = room;
    history.limit = outer_.chance.between(1, 8);
    const auto position = outer_.chance.below(outer_.facts.head(room) + 3);
    if (outer_.chance.chance(500))
      history.before = position;
    else
      history.after = position;
    ask(history);
  }

  void nonsense() {
    static constexpr std::array<const char*, 6> frames{"{",
                                                       "[]",
                                                       R"({"type":"fly"})",
                                                       R"({"type":"post"})",
                                                       R"({"type":"hello","name":"twice"})",
                                                       R"({"type":"join","room":"a\u0000b"})"};
    if (cable_ != nullptr)
      cable_->client_sends(frames.at(outer_.chance.below(frames.size())));
  }

  void say(const std::string& room) {
    // Others use the same ids: they are their own author's alone.
    post what{connection_, room, "m" + std::to_string(posts_.size() + 1), {}, 1, 0};
    what.text = name_ + "." + what.id + (outer_.happens(fault::store_poison) ? poison : "");
    if (outer_.chance.chance(20)) // no client of ours sends such a text
      what.text.append(outer_.script.bounds.text_bytes, 'x');
    ask(wire::post{what.room, what.id, what.text});
    posts_.push_back(std::move(what));
  }

  void repeat() {
    if (posts_.empty())
      return;
    auto& what =
      posts_[posts_.size() - 1 - outer_.chance.below(std::min<std::size_t>(posts_.size(), 6))];
    ++what.sent;
    const bool other = outer_.chance.chance(200);
    ask(wire::post{what.room, what.id, other ? what.text + " changed" : what.text});
  }

  world& outer_;
  std::string name_;
  std::string token_;
  cable* cable_ = nullptr;
  bool welcome_ = false;
  bool is_twin_ = false;
  std::uint64_t connection_ = 0;
  std::uint64_t last_ref_ = 0;
  std::map<std::string, std::string> epochs_;
  std::vector<post> posts_;
};

} // namespace

std::unique_ptr<participant> make_script(world& outer, unsigned number) {
  return std::make_unique<script_client>(outer, number);
}

} // namespace callboard::simulation
