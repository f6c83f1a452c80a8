// Whatever a connection does to frames, each entry comes out once and in order.
#define CAF_SUITE client_room_log

#include "client/room_log.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <deque>
#include <random>
#include <variant>
#include <vector>

using namespace callboard;
using namespace callboard::client;
using wire::join_mode;

namespace room_log_suite {

namespace {

using from = log_start::from;

entry make_entry(seq_t seq, const std::string& epoch = "e1") {
  return {seq, {"id", "alice"}, "c", epoch + ":" + std::to_string(seq), 0, entry_kind::message};
}

std::vector<entry> make_entries(seq_t first, seq_t last, const std::string& epoch = "e1") {
  std::vector<entry> entries;
  for (auto seq = first; seq <= last; ++seq)
    entries.push_back(make_entry(seq, epoch));
  return entries;
}

wire::joined make_joined(join_mode mode, seq_t first, seq_t last, seq_t head, bool more = false,
                         const std::string& epoch = "e1") {
  return {"tea", epoch, 1, head, mode, make_entries(first, last, epoch), more, 1};
}

/// "3 4 5", or "-".
std::string seqs(const std::vector<entry>& entries) {
  std::string text;
  for (const auto& what : entries)
    text.append(text.empty() ? "" : " ").append(std::to_string(what.seq));
  return text.empty() ? "-" : text;
}

/// A log that has joined afresh and is at 5.
room_log at_five() {
  room_log log{"tea", {}};
  static_cast<void>(log.next_join());
  static_cast<void>(log.joined(make_joined(join_mode::fresh, 4, 5, 5)));
  return log;
}

} // namespace

// -- the rules one by one
// -------------------------------------------------------------------------

CAF_TEST(the first join asks for the latest page) {
  room_log log{"tea", {from::latest, 20}};
  const auto join = log.next_join();
  CAF_CHECK_EQUAL(join.room, "tea");
  CAF_CHECK(!join.after);
  CAF_CHECK_EQUAL(join.last, 20U);
  const auto step = log.joined(make_joined(join_mode::fresh, 4, 5, 5));
  CAF_CHECK_EQUAL(seqs(step.entries), "4 5");
  CAF_CHECK(step.ready && !step.reset && !step.rejoin);
  CAF_CHECK_EQUAL(log.position(), 5U);
}

CAF_TEST(an empty room and an empty page have their position at the head) {
  room_log log{"tea", {from::latest, 0}};
  static_cast<void>(log.next_join());
  CAF_CHECK(log.joined(make_joined(join_mode::fresh, 1, 0, 0)).ready);
  CAF_CHECK_EQUAL(log.position(), 0U);
  CAF_CHECK_EQUAL(seqs(log.message(make_entry(1)).entries), "1");
  room_log other{"tea", {from::latest, 0}};
  static_cast<void>(other.next_join());
  CAF_CHECK(other.joined(make_joined(join_mode::fresh, 1, 0, 9)).ready);
  CAF_CHECK_EQUAL(other.position(), 9U);
  CAF_CHECK(other.has_older());
}

CAF_TEST(what was seen is dropped and what comes next is shown) {
  auto log = at_five();
  CAF_CHECK_EQUAL(seqs(log.message(make_entry(5)).entries), "-");
  CAF_CHECK_EQUAL(seqs(log.message(make_entry(6)).entries), "6");
  CAF_CHECK_EQUAL(seqs(log.message(make_entry(6)).entries), "-");
}

CAF_TEST(a gap is not shown but read again from the position) {
  auto log = at_five();
  const auto step = log.message(make_entry(7));
  CAF_CHECK(step.rejoin && step.gap && step.entries.empty());
  const auto join = log.next_join();
  CAF_CHECK(join.after == seq_t{5});
  CAF_CHECK_EQUAL(join.epoch, "e1");
  CAF_CHECK_EQUAL(seqs(log.message(make_entry(6)).entries), "-"); // Of the old cursor.
  CAF_CHECK_EQUAL(seqs(log.joined(make_joined(join_mode::resumed, 6, 8, 8)).entries), "6 7 8");
}

CAF_TEST(a paged resume is ready after its last page only) {
  auto log = at_five();
  log.lost();
  static_cast<void>(log.next_join());
  auto step = log.joined(make_joined(join_mode::paged, 6, 7, 11, true));
  CAF_CHECK_EQUAL(seqs(step.entries), "6 7");
  CAF_CHECK(!step.ready && !log.live());
  step = log.page({"tea", make_entries(8, 9), true, true});
  CAF_CHECK(!step.ready);
  step = log.page({"tea", make_entries(10, 12), false, true});
  CAF_CHECK_EQUAL(seqs(step.entries), "10 11 12");
  CAF_CHECK(step.ready && log.live());
}

CAF_TEST(a page with a hole is read again from where it broke) {
  auto log = at_five();
  log.lost();
  static_cast<void>(log.next_join());
  static_cast<void>(log.joined(make_joined(join_mode::paged, 6, 7, 11, true)));
  const auto step = log.page({"tea", make_entries(9, 10), true, true});
  CAF_CHECK(step.rejoin && step.gap);
  CAF_CHECK(log.next_join().after == seq_t{7});
}

CAF_TEST(a join that promises more than it brings is a gap) {
  auto log = at_five();
  log.lost();
  static_cast<void>(log.next_join());
  const auto step = log.joined(make_joined(join_mode::resumed, 6, 7, 9));
  CAF_CHECK_EQUAL(seqs(step.entries), "6 7");
  CAF_CHECK(step.gap && !step.ready);
}

CAF_TEST(a reset says so and shows the other log from its page on) {
  auto log = at_five();
  log.lost();
  static_cast<void>(log.next_join());
  const auto step = log.joined(make_joined(join_mode::reset, 2, 3, 3, false, "e2"));
  CAF_CHECK(step.reset && step.ready);
  CAF_CHECK_EQUAL(seqs(step.entries), "2 3");
  CAF_CHECK_EQUAL(log.epoch(), "e2");
  CAF_CHECK_EQUAL(seqs(log.message(make_entry(4, "e2")).entries), "4");
}

CAF_TEST(entries of a lost connection change nothing) {
  auto log = at_five();
  log.lost();
  CAF_CHECK_EQUAL(seqs(log.message(make_entry(6)).entries), "-");
  CAF_CHECK_EQUAL(seqs(log.page({"tea", make_entries(6, 9), false, true}).entries), "-");
  CAF_CHECK_EQUAL(seqs(log.joined(make_joined(join_mode::resumed, 6, 9, 9)).entries), "-");
  CAF_CHECK_EQUAL(log.position(), 5U);
}

CAF_TEST(reading from a seq first asks for the epoch and then resumes) {
  room_log log{"tea", {from::seq, 2}};
  CAF_CHECK_EQUAL(log.next_join().last, 0U);
  auto step = log.joined(make_joined(join_mode::fresh, 1, 0, 9));
  CAF_CHECK(step.rejoin && !step.gap && step.entries.empty());
  const auto join = log.next_join();
  CAF_CHECK(join.after == seq_t{2} && join.epoch == "e1");
  step = log.joined(make_joined(join_mode::resumed, 3, 9, 9));
  CAF_CHECK_EQUAL(seqs(step.entries), "3 4 5 6 7 8 9");
  CAF_CHECK(step.ready);
}

CAF_TEST(reading the last n begins n before the head and not before the first) {
  room_log log{"tea", {from::count, 3}};
  static_cast<void>(log.next_join());
  static_cast<void>(log.joined(make_joined(join_mode::fresh, 1, 0, 9)));
  CAF_CHECK(log.next_join().after == seq_t{6});
  room_log cut{"tea", {from::count, 100}};
  static_cast<void>(cut.next_join());
  auto head = make_joined(join_mode::fresh, 1, 0, 9);
  head.first = 5; // Older ones are gone.
  static_cast<void>(cut.joined(head));
  CAF_CHECK(cut.next_join().after == seq_t{4});
}

CAF_TEST(reading from behind the head waits for what comes) {
  room_log log{"tea", {from::seq, 100}};
  static_cast<void>(log.next_join());
  const auto step = log.joined(make_joined(join_mode::fresh, 1, 0, 9));
  CAF_CHECK(step.ready && !step.rejoin);
  CAF_CHECK_EQUAL(seqs(log.message(make_entry(10)).entries), "10");
}

CAF_TEST(paging back goes on in front of the oldest) {
  auto log = at_five();
  CAF_CHECK_EQUAL(log.oldest(), 4U);
  CAF_CHECK_EQUAL(seqs(log.older({"tea", make_entries(2, 3), true, false})), "2 3");
  CAF_CHECK(log.has_older());
  CAF_CHECK_EQUAL(seqs(log.older({"tea", make_entries(2, 3), true, false})), "-"); // Twice.
  CAF_CHECK_EQUAL(seqs(log.older({"tea", make_entries(1, 1), false, false})), "1");
  CAF_CHECK(!log.has_older());
}

// -- against a naive model
// ------------------------------------------------------------------------

namespace {

/// A server, a bad connection and a reader. The server keeps the whole log; the connection drops,
/// repeats and reorders; what comes out must be what the server's log holds.
class world {
public:
  explicit world(std::uint32_t seed)
    : random_{seed}, log_{"tea", {static_cast<from>(seed % 3), seed % 7}} {}

  /// The first thing that went wrong; empty: nothing. No checks of the test runner's inside: it
  /// prints each one, and there are millions.
  std::string run() {
    connect();
    for (int step = 0; step < 300; ++step)
      act();
    faults_ = false;
    for (int tries = 0; tries < 50 && !(log_.live() && log_.position() == log().size()); ++tries) {
      connect();
      while (!wire_.empty())
        deliver();
    }
    demand(log_.live() && log_.position() == log().size(), "not complete at the end");
    check_shown(0);
    check_older();
    return complaint_;
  }

private:
  struct joined_frame {
    std::uint64_t number;
    wire::joined what;
  };
  using frame = std::variant<joined_frame, entry, wire::history_page>;

  std::vector<std::string>& log() { return logs_.back(); }
  std::string epoch() const { return "e" + std::to_string(logs_.size()); }
  entry at(seq_t seq) { return make_entry(seq, epoch()); }

  void act() {
    switch (random_() % 12) {
      case 0:
      case 1:
      case 2:
        log().push_back("x");
        if (subscribed_)
          send(at(log().size()));
        break;
      case 3:
        if (random_() % 8 == 0)
          connect();
        break;
      case 4:
        if (random_() % 40 == 0) { // Another log under the same name, as after a restored backup.
          logs_.emplace_back(random_() % 5);
          connect();
        }
        break;
      case 5:
        if (faults_ && wire_.size() > 1 && random_() % 3 == 0)
          spoil();
        break;
      default:
        if (!wire_.empty())
          deliver();
    }
  }

  void send(frame what) { wire_.push_back(std::move(what)); }

  void spoil() {
    const auto place = wire_.begin() + static_cast<std::ptrdiff_t>(random_() % wire_.size());
    const auto other = wire_.begin() + static_cast<std::ptrdiff_t>(random_() % wire_.size());
    switch (random_() % 3) {
      case 0:
        wire_.erase(place);
        break;
      case 1:
        wire_.push_back(*place);
        break;
      default:
        std::iter_swap(place, other);
    }
  }

  void connect() {
    wire_.clear();
    log_.lost();
    join();
  }

  /// The server's side of a join.
  void join() {
    const auto request = log_.next_join();
    wire::joined answer{"tea", epoch(), 1, log().size()};
    const bool known = request.after && request.epoch == epoch() && *request.after <= log().size();
    const auto last = request.after ? seq_t{3} : seq_t{request.last};
    auto seq = known ? *request.after : log().size() - std::min<seq_t>(last, log().size());
    const auto page = seq_t{1 + random_() % 5};
    const auto end = known ? std::min<seq_t>(seq + page, log().size()) : log().size();
    for (; seq < end; ++seq)
      answer.entries.push_back(at(seq + 1));
    answer.more = known && end < log().size();
    answer.mode = !request.after ? join_mode::fresh
                  : !known       ? join_mode::reset
                  : answer.more  ? join_mode::paged
                                 : join_mode::resumed;
    send(joined_frame{++joins_, answer});
    while (seq < log().size()) {
      wire::history_page more{"tea", {}, false, true};
      for (const auto stop = std::min<seq_t>(seq + page, log().size()); seq < stop; ++seq)
        more.entries.push_back(at(seq + 1));
      more.more = seq < log().size();
      send(more);
    }
    subscribed_ = true;
  }

  void deliver() {
    auto what = std::move(wire_.front());
    wire_.pop_front();
    log_step step;
    if (auto* const joined = std::get_if<joined_frame>(&what)) {
      if (joined->number == joins_) // A link drops the answers to overtaken joins.
        step = log_.joined(joined->what);
    } else if (auto* const live = std::get_if<entry>(&what)) {
      step = log_.message(*live);
    } else {
      step = log_.page(std::get<wire::history_page>(what));
    }
    if (step.reset)
      shown_.clear();
    const auto before = shown_.size();
    for (auto& shown : step.entries)
      shown_.push_back(std::move(shown));
    check_shown(before);
    if (step.rejoin)
      join();
  }

  /// From there on: consecutive, of one log, and exactly what that log holds there.
  void check_shown(std::size_t begin) {
    for (auto i = begin; i < shown_.size(); ++i) {
      demand(shown_[i].seq == shown_[0].seq + i, "not consecutive");
      demand(shown_[i].text == log_.epoch() + ":" + std::to_string(shown_[i].seq),
             "not of the log");
    }
    if (!shown_.empty())
      demand(shown_.back().seq == log_.position(), "the position is not the last shown");
  }

  /// Paging back to the beginning completes the log.
  void check_older() {
    while (log_.has_older()) {
      const auto before = log_.oldest();
      const auto first = before - std::min<seq_t>(before - 1, 4);
      auto entries =
        log_.older({"tea", make_entries(first, before - 1, epoch()), first > 1, false});
      demand(!entries.empty(), "paging back brings nothing");
      if (entries.empty())
        return;
      shown_.insert(shown_.begin(), entries.begin(), entries.end());
    }
    demand(shown_.size() == log().size(), "paging back does not complete the log");
    check_shown(0);
  }

  void demand(bool holds, const char* what) {
    if (!holds && complaint_.empty())
      complaint_ = what;
  }

  std::string complaint_;
  std::mt19937 random_;
  room_log log_;
  std::vector<std::vector<std::string>> logs_{1};
  std::deque<frame> wire_;
  std::vector<entry> shown_;
  std::uint64_t joins_ = 0;
  bool subscribed_ = false;
  bool faults_ = true;
};

} // namespace

CAF_TEST(any loss and order and repetition and reset shows each entry once and in order) {
  for (std::uint32_t seed = 0; seed < 3000; ++seed)
    CAF_CHECK_EQUAL(world{seed}.run(), std::string{});
}

} // namespace room_log_suite
