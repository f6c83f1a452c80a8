// Reads that wait: joined where they are the same, bounded, given up in time.
#define CAF_SUITE read_queue

#include "actors/read_queue.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace std::chrono_literals;

namespace read_queue_suite {

namespace {

constexpr auto after = read_query::direction::after;
constexpr auto before = read_query::direction::before;

struct bench {
  explicit bench(std::size_t readers = 1, const limits& bounds = {}) : queue{bounds, readers} {}

  bool ask(asker_id who, seq_t position, std::size_t limit = 50, std::string room = "den") {
    return queue.ask({std::move(room), after, position, limit}, who, now);
  }

  /// "reader:position" of the next read, or "".
  std::string next() {
    last = queue.next(now);
    if (!last)
      return {};
    return std::to_string(last->reader) + ":"
           + (last->query ? std::to_string(last->query->position) : "job");
  }

  std::string askers(read_id id) {
    const auto done = queue.finish(id);
    if (!done)
      return "none";
    std::string text;
    for (const auto& a : done->askers)
      text += std::to_string(a.id) + (a.late ? "late " : " ");
    return text;
  }

  read_queue::time_point now{1h};
  read_queue queue;
  std::optional<read_queue::order> last;
};

} // namespace

CAF_TEST(the same page is read once for all who ask for it) {
  bench b;
  CAF_CHECK(b.ask(1, 10, 50));
  CAF_CHECK(b.ask(2, 10, 20));
  CAF_CHECK_EQUAL(b.next(), "0:10");
  CAF_CHECK(b.ask(3, 10, 50));
  CAF_CHECK_EQUAL(b.next(), "");
  CAF_CHECK_EQUAL(b.askers(b.last ? b.last->id : 1), "1 2 3late ");
  CAF_CHECK(b.queue.empty());
}

CAF_TEST(a larger page and another position and another direction are other reads) {
  bench b{9};
  CAF_CHECK(b.ask(1, 10, 50));
  CAF_CHECK(b.ask(2, 10, 51));
  CAF_CHECK(b.ask(3, 11, 50));
  CAF_CHECK(b.ask(4, 10, 50, "loft"));
  CAF_CHECK(b.queue.ask({"den", before, 10, 50}, 5, b.now));
  CAF_CHECK(b.ask(6, 10, 50)); // joins the larger one
  int reads = 0;
  while (!b.next().empty())
    ++reads;
  CAF_CHECK_EQUAL(reads, 5);
  CAF_CHECK_EQUAL(b.askers(1), "1 ");
  CAF_CHECK(b.ask(7, 10, 50)); // the larger one is still there to join
  CAF_CHECK_EQUAL(b.next(), "");
  CAF_CHECK_EQUAL(b.askers(2), "2 6 7late ");
}

CAF_TEST(a reader has one read at a time and an idle one gets the next) {
  bench b{2};
  for (seq_t position = 1; position <= 4; ++position)
    CAF_CHECK(b.ask(position, position));
  CAF_CHECK_EQUAL(b.next(), "0:1");
  const auto first = b.last->id;
  CAF_CHECK_EQUAL(b.next(), "1:2");
  const auto second = b.last->id;
  CAF_CHECK_EQUAL(b.next(), "");
  CAF_CHECK_EQUAL(b.askers(second), "2 ");
  CAF_CHECK_EQUAL(b.next(), "1:3");
  CAF_CHECK_EQUAL(b.askers(first), "1 ");
  CAF_CHECK_EQUAL(b.next(), "0:4");
}

CAF_TEST(a finished read is not joined any more and finished once) {
  bench b;
  CAF_CHECK(b.ask(1, 10));
  CAF_CHECK_EQUAL(b.next(), "0:10");
  const auto id = b.last->id;
  CAF_CHECK_EQUAL(b.askers(id), "1 ");
  CAF_CHECK_EQUAL(b.askers(id), "none");
  CAF_CHECK_EQUAL(b.askers(0), "none");
  CAF_CHECK(b.ask(2, 10));
  CAF_CHECK_EQUAL(b.next(), "0:10");
}

CAF_TEST(different reads are bounded and joining is not ) {
  limits bounds;
  bounds.reads_under_way = 2;
  bench b{1, bounds};
  CAF_CHECK(b.ask(1, 10));
  CAF_CHECK(b.ask(2, 20));
  CAF_CHECK(!b.ask(3, 30));
  CAF_CHECK(!b.queue.ask(4, b.now));
  CAF_CHECK(b.ask(5, 20));
  CAF_CHECK_EQUAL(b.next(), "0:10");
  CAF_CHECK(!b.ask(3, 30));
  CAF_CHECK_EQUAL(b.askers(b.last->id), "1 ");
  CAF_CHECK(b.ask(3, 30));
}

CAF_TEST(who waits too long is given up and a read for nobody is dropped) {
  bench b;
  CAF_CHECK(b.ask(1, 10));
  CAF_CHECK(b.ask(2, 20));
  CAF_CHECK_EQUAL(b.next(), "0:10");
  const auto given = b.last->id;
  b.now += 3s;
  CAF_CHECK(b.ask(3, 10));
  CAF_CHECK(b.ask(4, 30));
  CAF_CHECK(b.queue.ask(5, b.now));
  b.now += 2s;
  CAF_CHECK((b.queue.lose_patience(b.now) == std::vector<asker_id>{1, 2}));
  b.now += 3s;
  CAF_CHECK((b.queue.lose_patience(b.now) == std::vector<asker_id>{3, 4, 5}));
  CAF_CHECK(!b.queue.empty()); // the reader still has it
  CAF_CHECK(b.ask(6, 20));
  CAF_CHECK_EQUAL(b.askers(given), "");
  CAF_CHECK_EQUAL(b.next(), "0:20");
  CAF_CHECK_EQUAL(b.askers(b.last->id), "6 ");
  CAF_CHECK_EQUAL(b.next(), "");
}

CAF_TEST(a job that a reader has keeps its asker) {
  bench b;
  CAF_CHECK(b.queue.ask(1, b.now));
  CAF_CHECK_EQUAL(b.next(), "0:job");
  CAF_CHECK_EQUAL(b.last->only, 1U);
  b.now += 1h;
  CAF_CHECK(b.queue.lose_patience(b.now).empty());
  CAF_CHECK_EQUAL(b.askers(b.last->id), "1 ");
}

CAF_TEST(a reader that is stuck is named once per patience) {
  bench b{2};
  CAF_CHECK(b.ask(1, 10));
  b.now += 4s;
  CAF_CHECK_EQUAL(b.next(), "0:10");
  b.now += 5s - 1ms;
  CAF_CHECK(b.queue.stuck(b.now).empty());
  b.now += 1ms;
  CAF_CHECK((b.queue.stuck(b.now) == std::vector<std::size_t>{0}));
  CAF_CHECK(b.queue.stuck(b.now).empty());
  b.now += 5s;
  CAF_CHECK((b.queue.stuck(b.now) == std::vector<std::size_t>{0}));
  CAF_CHECK(b.queue.busy(0));
  CAF_CHECK(!b.queue.busy(1));
}

} // namespace read_queue_suite
