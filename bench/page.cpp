// Reads a long log from its beginning, one `history` after the other.
#include "bench/report.hpp"
#include "bench/scenario.hpp"

#include <string>

namespace callboard::bench {

namespace {

class reader final : public swarm_events {
public:
  reader(const swarm_settings& where, std::uint32_t room) : swarm_{where, *this} {
    swarm_.add(room);
    swarm_.run_until([this] { return swarm_.arrived() == 1; }, "the reader is in");
    swarm_.all().front().position = 0;
  }

  void read_pages(std::int64_t most) {
    left_ = most;
    ask();
    swarm_.run_until([this] { return left_ == 0; }, "every page");
  }

  swarm& crowd() { return swarm_; }
  histogram times;
  std::uint64_t pages = 0;
  std::uint64_t entries = 0;

private:
  void ask() {
    auto& who = swarm_.all().front();
    asked_at_ = now_ns();
    swarm_.send(who,
                masked_frame(R"({"type":"history","room":")" + room_name(who.room) + R"(","after":)"
                             + std::to_string(who.position) + R"(,"limit":500})"));
  }

  void on_page(client& who, std::string_view json, std::int64_t at) override {
    times.add(at - asked_at_);
    ++pages;
    auto place = json.find(message_start);
    while (place != std::string_view::npos) {
      const auto entry = json.substr(place);
      const auto seen = read_message(entry, swarm_.settings().tag);
      who.position = swarm_.facts().check(who.position, seen);
      ++entries;
      place = json.find(message_start, place + seen.end);
    }
    if (json.find(R"("more":false)") != std::string_view::npos || --left_ == 0)
      left_ = 0;
    else
      ask();
  }

  swarm swarm_;
  std::int64_t left_ = 0;
  std::int64_t asked_at_ = 0;
};

} // namespace

void page(arguments& given) {
  const auto most = given.number("pages", 2000);
  reader who{swarm_of(given), static_cast<std::uint32_t>(given.number("long_room", 1))};
  given.all_used();
  const auto began = now_ns();
  who.read_pages(most);
  const auto seconds = static_cast<double>(now_ns() - began) / 1e9;
  report out;
  out.add("pages", who.pages);
  out.add("entries", who.entries);
  out.add("entries_per_s", static_cast<double>(who.entries) / seconds);
  out.add("page", who.times);
  out.add(who.crowd().facts().found);
  out.print();
  require_kept(who.crowd().facts().found);
}

} // namespace callboard::bench
