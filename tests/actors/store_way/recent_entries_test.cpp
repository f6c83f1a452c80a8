// The cache's memory against the plainest model of it, and page by page.
#define CAF_SUITE recent_entries

#include "actors/recent_entries.hpp"

#include "tests/actors/store_way/drafts.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <random>

using namespace callboard;
using namespace callboard::samples;
using namespace std::chrono_literals;

namespace recent_entries_suite {

namespace {

constexpr auto after = read_query::direction::after;
constexpr auto before = read_query::direction::before;

using time_point = recent_entries::time_point;
constexpr time_point now{1h};

/// "first-last" of a page, with "!" where its runs are not exactly these entries; "none".
std::string text_of(const std::optional<page>& what) {
  if (!what)
    return "none";
  auto text = std::to_string(what->first) + "-" + std::to_string(what->last);
  auto next = what->first;
  for (const auto& run : what->runs) {
    if (run->first() > next || run->last() < next || next > what->last)
      return text + "!";
    next = run->last() + 1;
  }
  return next > what->last ? text : text + "!";
}

std::size_t frame_size(seq_t seq) {
  return run_of(seq, seq)->frames_from(seq).size();
}

} // namespace

CAF_TEST(a page after a position is what is held behind it) {
  recent_entries held{limits{}};
  held.remember(run_of(11, 13), now);
  held.remember(run_of(14, 14), now);
  held.remember(run_of(15, 20), now);
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 10, 100}, now)), "11-20");
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 12, 3}, now)), "13-15");
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 13, 1}, now)), "14-14");
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 19, 9}, now)), "20-20");
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 9, 9}, now)), "none");
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 20, 9}, now)), "none");
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, ~seq_t{0}, 9}, now)), "none");
  CAF_CHECK_EQUAL(text_of(held.read({"loft", after, 10, 9}, now)), "none");
}

CAF_TEST(a page before a position is whole or not held) {
  recent_entries held{limits{}};
  held.remember(run_of(11, 13), now);
  held.remember(run_of(14, 20), now);
  CAF_CHECK_EQUAL(text_of(held.read({"den", before, 21, 7}, now)), "14-20");
  CAF_CHECK_EQUAL(text_of(held.read({"den", before, 21, 10}, now)), "11-20");
  CAF_CHECK_EQUAL(text_of(held.read({"den", before, 21, 11}, now)), "none");
  CAF_CHECK_EQUAL(text_of(held.read({"den", before, 13, 2}, now)), "11-12");
  CAF_CHECK_EQUAL(text_of(held.read({"den", before, 11, 1}, now)), "none");
  CAF_CHECK_EQUAL(text_of(held.read({"den", before, 22, 1}, now)), "none");
  CAF_CHECK_EQUAL(text_of(held.read({"den", before, 0, 1}, now)), "none");
}

CAF_TEST(a page that begins the log may be shorter than asked) {
  recent_entries held{limits{}};
  held.remember(run_of(1, 5), now);
  CAF_CHECK_EQUAL(text_of(held.read({"den", before, 6, 50}, now)), "1-5");
  CAF_CHECK_EQUAL(text_of(held.read({"den", before, 1, 50}, now)), "none");
}

CAF_TEST(a page ends at its bound of bytes with at least one entry) {
  limits bounds;
  bounds.page_bytes = 2 * frame_size(11);
  recent_entries held{bounds};
  held.remember(run_of(11, 12), now);
  held.remember(run_of(13, 20), now);
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 10, 100}, now)), "11-12");
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 11, 100}, now)), "12-13");
  CAF_CHECK_EQUAL(text_of(held.read({"den", before, 21, 100}, now)), "19-20");
  bounds.page_bytes = 1;
  recent_entries tight{bounds};
  tight.remember(run_of(11, 20), now);
  CAF_CHECK_EQUAL(text_of(tight.read({"den", after, 10, 100}, now)), "11-11");
  CAF_CHECK_EQUAL(text_of(tight.read({"den", before, 21, 100}, now)), "20-20");
}

CAF_TEST(a run that does not follow takes the place of what was held) {
  recent_entries held{limits{}};
  held.remember(run_of(1, 5), now);
  held.remember(run_of(7, 8), now);
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 0, 9}, now)), "none");
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 6, 9}, now)), "7-8");
  CAF_CHECK_EQUAL(held.bytes(), run_of(7, 8)->bytes());
}

CAF_TEST(of an overlapping run the new part is taken) {
  recent_entries held{limits{}};
  held.remember(run_of(3, 5), now);
  held.remember(run_of(4, 7), now);
  held.remember(run_of(1, 6), now); // old news
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 2, 9}, now)), "3-7");
  CAF_CHECK_EQUAL(held.bytes(), run_of(3, 5)->bytes() + run_of(6, 7)->bytes());
}

CAF_TEST(what is read extends both ends and pushes out nothing) {
  limits bounds;
  bounds.cache_room_bytes = run_of(11, 30)->bytes();
  recent_entries held{bounds};
  held.remember(run_of(21, 25), now);
  CAF_CHECK(held.extend(run_of(16, 20), now));
  CAF_CHECK(held.extend(run_of(14, 17), now));
  CAF_CHECK(held.extend(run_of(26, 27), now));
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 13, 50}, now)), "14-27");
  CAF_CHECK(!held.extend(run_of(1, 5), now));   // apart
  CAF_CHECK(!held.extend(run_of(15, 20), now)); // within
  CAF_CHECK(!held.extend(run_of(1, 40), now));  // around
  CAF_CHECK(!held.extend(run_of(1, 13), now));  // too much
  CAF_CHECK(held.extend(run_of(11, 13), now));
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 10, 50}, now)), "11-27");
}

CAF_TEST(what is read begins a room of which nothing is held) {
  recent_entries held{limits{}};
  CAF_CHECK(held.extend(run_of(5, 9), now));
  held.remember(run_of(10, 10), now);
  CAF_CHECK_EQUAL(text_of(held.read({"den", before, 11, 6}, now)), "5-10");
}

CAF_TEST(a room keeps its newest runs within its bound) {
  limits bounds;
  bounds.cache_room_bytes = 2 * run_of(11, 12)->bytes();
  recent_entries held{bounds};
  for (seq_t seq = 11; seq < 20; seq += 2)
    held.remember(run_of(seq, seq + 1), now);
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 16, 9}, now)), "17-20");
  CAF_CHECK_EQUAL(text_of(held.read({"den", after, 15, 9}, now)), "none");
  held.remember(run_of(21, 99), now); // larger than the bound
  CAF_CHECK(held.empty());
  CAF_CHECK_EQUAL(held.bytes(), 0U);
}

CAF_TEST(above the bound of all rooms the room unused for longest loses its oldest run) {
  limits bounds;
  bounds.cache_bytes = 4 * run_of(11, 11)->bytes();
  recent_entries held{bounds};
  for (seq_t seq = 11; seq <= 12; ++seq) {
    held.remember(run_of(seq, seq, "one"), now);
    held.remember(run_of(seq, seq, "two"), now);
  }
  (void)held.read({"one", after, 11, 1}, now);
  held.remember(run_of(11, 11, "six"), now);
  CAF_CHECK_EQUAL(text_of(held.read({"two", after, 10, 9}, now)), "none");
  CAF_CHECK_EQUAL(text_of(held.read({"two", after, 11, 9}, now)), "12-12");
  CAF_CHECK_EQUAL(text_of(held.read({"one", after, 10, 9}, now)), "11-12");
}

CAF_TEST(a room that nobody used for its time is forgotten) {
  recent_entries held{limits{}};
  held.remember(run_of(1, 1, "one"), now);
  held.remember(run_of(1, 1, "two"), now);
  (void)held.read({"one", after, 0, 1}, now + 300s);
  held.forget_unused(now + 600s - 1ms);
  CAF_CHECK_EQUAL(held.bytes(), 2 * run_of(1, 1)->bytes());
  held.forget_unused(now + 600s);
  CAF_CHECK_EQUAL(text_of(held.read({"two", after, 0, 1}, now + 600s)), "none");
  CAF_CHECK_EQUAL(text_of(held.read({"one", after, 0, 1}, now + 600s)), "1-1");
  held.forget_unused(now + 1200s);
  CAF_CHECK(held.empty());
  CAF_CHECK_EQUAL(held.bytes(), 0U);
}

namespace {

/// The same thing without any cleverness: room -> runs as (first, last), in order.
struct naive {
  struct span {
    seq_t first;
    seq_t last;
  };
  struct place {
    std::vector<span> runs;
    std::uint64_t used = 0;
  };

  /// Rooms have names of one letter, so that this depends on the entries alone.
  static std::size_t bytes_of(span s) {
    static std::map<std::pair<seq_t, seq_t>, std::size_t> known;
    auto& bytes = known[{s.first, s.last}];
    return bytes != 0 ? bytes : bytes = run_of(s.first, s.last, "a")->bytes();
  }
  std::size_t bytes(const std::string& room) {
    std::size_t sum = 0;
    for (const auto& s : rooms[room].runs)
      sum += bytes_of(s);
    return sum;
  }
  std::size_t bytes() {
    std::size_t sum = 0;
    for (auto& [room, all] : rooms)
      sum += bytes(room);
    return sum;
  }

  void remember(const std::string& room, span s) {
    auto& all = rooms[room];
    all.used = ++uses;
    if (!all.runs.empty()) {
      const auto last = all.runs.back().last;
      if (s.last <= last)
        return;
      if (s.first > last + 1)
        all.runs.clear();
      else
        s.first = last + 1;
    }
    all.runs.push_back(s);
    while (bytes(room) > bounds.cache_room_bytes)
      all.runs.erase(all.runs.begin());
    while (bytes() > bounds.cache_bytes) {
      place* oldest = nullptr;
      for (auto& [name, other] : rooms)
        if (!other.runs.empty() && (oldest == nullptr || other.used < oldest->used))
          oldest = &other;
      oldest->runs.erase(oldest->runs.begin());
    }
  }

  std::string read(const read_query& query) {
    auto& all = rooms[query.room];
    std::vector<seq_t> seqs;
    for (const auto& s : all.runs)
      for (auto seq = s.first; seq <= s.last; ++seq)
        seqs.push_back(seq);
    const auto holds = [&](seq_t seq) {
      return std::find(seqs.begin(), seqs.end(), seq) != seqs.end();
    };
    std::vector<seq_t> taken;
    std::size_t sum = 0;
    auto seq = query.where == after ? query.position + 1 : query.position - 1;
    while (holds(seq) && taken.size() < query.limit) {
      const auto more = bytes_of({seq, seq}); // one frame holds one entry
      if (!taken.empty() && sum + more > bounds.page_bytes)
        break;
      sum += more;
      taken.push_back(seq);
      seq += query.where == after ? 1 : -1;
    }
    if (taken.empty()
        || (query.where == before && taken.size() < query.limit && !holds(seq) && seq != 0))
      return "none";
    all.used = ++uses;
    std::sort(taken.begin(), taken.end());
    return std::to_string(taken.front()) + "-" + std::to_string(taken.back());
  }

  limits bounds;
  std::map<std::string, place> rooms;
  std::uint64_t uses = 0;
};

void compare_with_model(unsigned seed) {
  std::mt19937 random{seed};
  const auto below = [&](unsigned n) { return random() % n; };
  naive model;
  model.bounds.cache_room_bytes = 1000 + below(3000);
  model.bounds.cache_bytes = 1500 + below(6000);
  model.bounds.page_bytes = 100 + below(2000);
  recent_entries held{model.bounds};
  std::map<std::string, seq_t> heads;
  for (int i = 0; i < 150; ++i) {
    const std::string room{"abc"[below(3)]};
    auto& head = heads[room];
    if (below(2) == 0) {
      // Mostly the next entries; sometimes an overlap, a gap, old news.
      const auto slip = below(4) == 0 ? below(7) : 3;
      const auto first = std::max<seq_t>(1, head + slip >= 2 ? head + slip - 2 : 1);
      const auto last = first + below(5);
      head = std::max(head, last);
      held.remember(run_of(first, last, room), now);
      model.remember(room, {first, last});
    } else {
      const read_query query{room, below(2) == 0 ? after : before, below(head + 3), 1 + below(12)};
      const auto expected = model.read(query);
      const auto got = text_of(held.read(query, now));
      if (got != expected)
        CAF_FAIL("seed " << seed << " step " << i << ": " << got << " instead of " << expected);
    }
    if (held.bytes() != model.bytes())
      CAF_FAIL("seed " << seed << " step " << i << ": " << held.bytes() << " bytes instead of "
                       << model.bytes());
  }
  CAF_CHECK(held.bytes() <= model.bounds.cache_bytes);
}

} // namespace

CAF_TEST(whatever is remembered and read the plainest model does the same) {
  for (unsigned seed = 1; seed <= 150; ++seed)
    compare_with_model(seed);
}

} // namespace recent_entries_suite
