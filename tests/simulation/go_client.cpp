// The Go program's client: types lines, prints what comes, knows nothing of receipts.
#include "tests/simulation/world.hpp"

#include <vector>

namespace callboard::simulation {

namespace {

class go_client final : public participant, public socket_user {
public:
  go_client(world& outer, unsigned number) : outer_{outer}, name_{"go" + std::to_string(number)} {
    dial();
  }

  void act() override {
    if (cable_ == nullptr)
      return dial();
    if (!open_)
      return;
    if (outer_.chance.chance(40)) // reads the whole history anew
      return crash();
    line what{"c" + std::to_string(cable_->number()) + "-" + std::to_string(outer_.next_text()),
              false};
    if (outer_.happens(fault::store_poison)) {
      what.text += poison;
      what.odd = true;
    } else if (outer_.chance.chance(30)) {
      what.text = "   ";
      what.odd = true;
    }
    if (outer_.chance.chance(200)) // each line says who writes; a new name enters the room again
      name_ += name_.size() < 10 ? "x" : "";
    cable_->client_sends(wire::encode_go_line({name_, what.text}));
    lines_.push_back(what);
  }

  void crash() override {
    leave();
    dial();
  }

  void heal() override {}

  [[nodiscard]] bool settled() const override {
    if (!open_)
      return true;
    std::size_t refused = 0;
    for (const auto& each : lines_) {
      refused += each.odd ? 1 : 0;
      if (!each.odd && outer_.facts.times("general", each.text) == 0)
        return false;
    }
    return refusals_ == refused;
  }

  void check_end() override {
    if (open_ && !settled())
      outer_.facts.fail(name_ + " waits for ever for one of its lines");
    for (const auto& each : lines_)
      if (outer_.facts.times("general", each.text) > (each.odd ? 0U : 1U))
        outer_.facts.fail(name_ + "'s line \"" + each.text + "\" is stored too often");
    if (!open_)
      return;
    // In the order in which they were typed.
    std::size_t next = 0;
    for (seq_t seq = 1; seq <= outer_.facts.head("general"); ++seq) {
      const auto& text = outer_.facts.find("general", seq)->text;
      for (std::size_t i = 0; i < lines_.size(); ++i) {
        if (lines_[i].odd || lines_[i].text != text)
          continue;
        if (i < next)
          outer_.facts.fail(name_ + "'s line \"" + text + "\" was overtaken");
        next = i;
      }
    }
  }

  void stop() override { leave(); }

  void opened() override {
    open_ = true;
    cable_->client_grants(1000000);
  }
  void text(const std::string& frame) override {
    std::vector<wire::go_line> lines;
    (void)parse_go_lines(frame, lines);
    for (const auto& each : lines)
      if (each.username == "callboard")
        ++refusals_;
  }
  void closed(const client::closing& /*why*/) override {
    cable_ = nullptr;
    open_ = false;
  }

private:
  struct line {
    std::string text;
    bool odd = false; ///< It must be refused.
  };

  void dial() {
    lines_.clear(); // of an old connection nobody knows whether they are stored
    refusals_ = 0;
    cable_ = outer_.connect(this, dialect::go_chat);
  }

  void leave() {
    if (cable_ != nullptr)
      cable_->client_leaves();
    cable_ = nullptr;
    open_ = false;
  }

  world& outer_;
  std::string name_;
  cable* cable_ = nullptr;
  bool open_ = false;
  std::size_t refusals_ = 0;
  std::vector<line> lines_;
};

} // namespace

bool parse_go_lines(std::string_view text, std::vector<wire::go_line>& lines) {
  if (text.starts_with('{')) {
    const auto line = wire::parse_go_line(text);
    if (line)
      lines.push_back(*line);
    return line.has_value();
  }
  if (!text.starts_with('[') || !text.ends_with(']'))
    return false;
  // The objects hold two strings each: braces outside strings are theirs.
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const auto c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && c == '{')
      begin = i;
    else if (!quoted && c == '}') {
      const auto line = wire::parse_go_line(text.substr(begin, i + 1 - begin));
      if (!line)
        return false;
      lines.push_back(*line);
    }
  }
  return !quoted;
}

std::unique_ptr<participant> make_go_client(world& outer, unsigned number) {
  return std::make_unique<go_client>(outer, number);
}

} // namespace callboard::simulation
