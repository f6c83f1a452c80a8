// The one rule for join, resume, lag and gap, against a naive reader that keeps everything it was
// sent.
#define CAF_SUITE cursor

#include "domain/cursor.hpp"

#include <caf/test/unit_test.hpp>

#include <random>
#include <vector>

using namespace callboard;

namespace cursor_suite {

namespace {

/// A reader of a log whose every step checks that what leaves is what comes next.
struct reader {
  cursor place;
  seq_t head = 0;          ///< Of the log: what has been committed.
  std::vector<seq_t> sent; ///< In the order in which it left.
  seq_t reading_from = 0;  ///< The read under way is of (reading_from, reading_to].
  seq_t reading_to = 0;

  void run(seq_t first, seq_t last) {
    const auto from = place.take(first, last);
    if (from != 0)
      for (auto seq = from; seq <= last; ++seq)
        sent.push_back(seq);
  }

  void begin_read(seq_t page) {
    place.read_began();
    reading_from = place.at();
    reading_to = std::min(place.known(), place.at() + page);
  }

  void end_read() {
    place.read_ended();
    run(reading_from + 1, reading_to);
  }

  void fail_read() { place.read_ended(); }

  /// Reads until nothing is missing, as a session does when its outbox stays empty.
  void settle() {
    if (place.reading())
      fail_read();
    while (place.wants_read(true)) {
      begin_read(2);
      end_read();
    }
  }

  /// Each seq once, in order, from `start` on, up to the position.
  [[nodiscard]] bool sound(seq_t start) const {
    for (std::size_t i = 0; i < sent.size(); ++i)
      if (sent[i] != start + i + 1)
        return false;
    return place.at() == start + sent.size() && place.known() <= head && place.at() <= head;
  }
};

/// Step number `what` of those that can happen to a reader of a log of three entries.
constexpr int step_count = 12;

void step(reader& r, int what) {
  switch (what) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5: {
      constexpr seq_t runs[][2]{{1, 1}, {2, 2}, {3, 3}, {1, 2}, {2, 3}, {1, 3}};
      r.head = std::max(r.head, runs[what][1]);
      r.run(runs[what][0], runs[what][1]);
      return;
    }
    case 6:
    case 7: { // a live run that finds the outbox full
      const auto last = static_cast<seq_t>(what - 4);
      r.head = std::max(r.head, last);
      r.place.heard(last);
      return;
    }
    case 8:
    case 9:
      if (r.place.wants_read(true))
        r.begin_read(what == 8 ? 1 : 500);
      return;
    case 10:
      if (r.place.reading())
        r.end_read();
      return;
    default:
      if (r.place.reading())
        r.fail_read();
  }
}

} // namespace

CAF_TEST(what follows the cursor is sent) {
  cursor aut{5, 5};
  CAF_CHECK_EQUAL(aut.take(6, 8), 6u);
  CAF_CHECK_EQUAL(aut.at(), 8u);
  CAF_CHECK(!aut.behind());
}

CAF_TEST(what is behind the cursor is not sent again) {
  cursor aut{5, 5};
  CAF_CHECK_EQUAL(aut.take(1, 5), 0u);
  CAF_CHECK_EQUAL(aut.take(5, 5), 0u);
  CAF_CHECK_EQUAL(aut.at(), 5u);
}

CAF_TEST(of a run around the cursor only the part above is sent) {
  cursor aut{5, 5};
  CAF_CHECK_EQUAL(aut.take(3, 7), 6u);
  CAF_CHECK_EQUAL(aut.at(), 7u);
}

CAF_TEST(a run behind a gap is kept in mind and not sent) {
  cursor aut{5, 5};
  CAF_CHECK_EQUAL(aut.take(7, 9), 0u);
  CAF_CHECK_EQUAL(aut.at(), 5u);
  CAF_CHECK_EQUAL(aut.known(), 9u);
  CAF_CHECK(aut.wants_read(true));
}

CAF_TEST(a reader reads when it is behind and has room and no read is under way) {
  cursor aut{5, 9};
  CAF_CHECK(aut.wants_read(true));
  CAF_CHECK(!aut.wants_read(false));
  aut.read_began();
  CAF_CHECK(!aut.wants_read(true));
  aut.read_ended();
  CAF_CHECK(aut.wants_read(true));
  CAF_CHECK_EQUAL(aut.take(6, 9), 6u);
  CAF_CHECK(!aut.wants_read(true));
}

CAF_TEST(a reader that was told of less than it has knows what it has) {
  const cursor aut{9, 5};
  CAF_CHECK_EQUAL(aut.known(), 9u);
  CAF_CHECK(!aut.behind());
}

CAF_TEST(hearing never moves the cursor nor forgets) {
  cursor aut{5, 9};
  aut.heard(7);
  CAF_CHECK_EQUAL(aut.known(), 9u);
  aut.heard(12);
  CAF_CHECK_EQUAL(aut.known(), 12u);
  CAF_CHECK_EQUAL(aut.at(), 5u);
}

CAF_TEST(every order of five steps sends each entry once and in order) {
  constexpr int length = 5;
  int total = 1;
  for (int i = 0; i < length; ++i)
    total *= step_count;
  std::size_t wrong = 0;
  for (int code = 0; code < total; ++code) {
    reader r;
    auto rest = code;
    for (int i = 0; i < length; ++i, rest /= step_count) {
      step(r, rest % step_count);
      wrong += r.sound(0) ? 0 : 1;
    }
    r.settle();
    wrong += r.sound(0) && r.place.at() == r.place.known() ? 0 : 1;
  }
  CAF_CHECK_EQUAL(wrong, 0u);
}

CAF_TEST(under random loss delay repetition and lag nothing is missed and nothing comes twice) {
  for (std::uint32_t seed = 1; seed <= 2000; ++seed) {
    std::mt19937 random{seed};
    const auto pick = [&random](seq_t least, seq_t most) {
      return std::uniform_int_distribution<seq_t>{least, most}(random);
    };
    reader r;
    const auto start = pick(0, 3);
    r.head = start + pick(0, 5);
    r.place = cursor{start, r.head};
    bool sound = true;
    for (int i = 0; i < 300; ++i) {
      const auto chance = pick(0, 9);
      if (chance < 3) { // a batch is committed, and its run comes or is lost
        const auto first = r.head + 1;
        r.head += pick(1, 4);
        if (chance > 0)
          r.run(first, r.head);
      } else if (chance < 5 && r.head > 0) { // an old run comes late or again
        const auto last = pick(1, r.head);
        r.run(pick(1, last), last);
      } else if (chance == 5) {
        r.place.heard(r.head);
      } else if (chance < 8 && r.place.wants_read(pick(0, 1) == 1)) {
        r.begin_read(pick(1, 6));
      } else if (r.place.reading()) {
        chance == 9 ? r.fail_read() : r.end_read();
      }
      sound = sound && r.sound(start);
    }
    r.place.heard(r.head);
    r.settle();
    if (!sound || !r.sound(start) || r.place.at() != r.head)
      CAF_ERROR("broken under seed " << seed);
  }
  CAF_CHECK(true);
}

} // namespace cursor_suite
