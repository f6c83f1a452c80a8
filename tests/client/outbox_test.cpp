// What is typed leaves in order, again and again, until it has a receipt.
#define CAF_SUITE client_outbox

#include "client/outbox.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace callboard::client;
using namespace std::chrono_literals;

namespace outbox_suite {

namespace {

struct fixture {
  outbox posts;
  outbox::time_point now{1000s};
  std::uint64_t attempt = 0;

  void push(std::initializer_list<const char*> ids) {
    for (const auto* const id : ids)
      posts.push(id, "text of " + std::string{id});
  }

  /// Sends all that may be sent now; the ids, joined.
  std::string send() {
    std::string ids;
    while (const auto* const next = posts.next(now)) {
      ids += next->id;
      posts.sent(++attempt);
    }
    return ids;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outbox_tests, fixture)

CAF_TEST(posts leave in order and once) {
  push({"a", "b", "c"});
  CAF_CHECK_EQUAL(send(), "abc");
  CAF_CHECK_EQUAL(send(), "");
  CAF_CHECK_EQUAL(posts.under_way(), 3U);
}

CAF_TEST(a receipt ends a post and a second one changes nothing) {
  push({"a", "b"});
  send();
  CAF_CHECK(posts.stored("a"));
  CAF_CHECK(!posts.stored("a"));
  CAF_CHECK_EQUAL(posts.size(), 1U);
  CAF_CHECK_EQUAL(posts.bytes(), std::string{"text of b"}.size());
}

CAF_TEST(after a refusal everything is repeated in order once all are answered) {
  push({"a", "b", "c", "d"});
  send();
  posts.stored("a");
  posts.refused("b", 2, now + 1s);
  push({"e"});
  now += 2s;
  CAF_CHECK_EQUAL(send(), ""); // c and d are not answered yet.
  posts.refused("c", 3, now + 1s);
  posts.refused("d", 4, now + 1s);
  CAF_CHECK_EQUAL(send(), ""); // Too early.
  CAF_CHECK(posts.due() == now + 1s);
  now += 1s;
  CAF_CHECK_EQUAL(send(), "bcde");
  CAF_CHECK(!posts.due());
}

CAF_TEST(a late refusal of an earlier attempt changes nothing) {
  push({"a"});
  send();
  posts.lost();
  CAF_CHECK_EQUAL(send(), "a");
  posts.refused("a", 1, now + 1s);
  CAF_CHECK_EQUAL(posts.under_way(), 1U);
  CAF_CHECK(!posts.due());
}

CAF_TEST(a lost connection repeats all without a pause) {
  push({"a", "b", "c"});
  send();
  posts.stored("b");
  posts.refused("a", 1, now + 1h);
  posts.lost();
  CAF_CHECK_EQUAL(send(), "ac");
}

CAF_TEST(a post that can never be stored does not hold up the others) {
  push({"a", "b", "c"});
  send();
  CAF_CHECK(posts.drop("a"));
  posts.refused("b", 2, now);
  posts.refused("c", 3, now);
  CAF_CHECK_EQUAL(send(), "bc");
}

CAF_TEST(against any server that keeps the rule all are stored once and in order) {
  for (std::uint32_t seed = 0; seed < 2000; ++seed) {
    std::mt19937 random{seed};
    outbox mine;
    outbox::time_point at{1s};
    std::vector<std::string> log;
    std::vector<std::pair<std::string, std::uint64_t>> wire; // To the server, in order.
    std::set<std::string> refused_now;                       // The server's gate.
    std::uint64_t number = 0;
    int typed = 0;
    for (int step = 0; step < 4000 && (typed < 30 || mine.size() > 0); ++step) {
      switch (random() % 5) {
        case 0:
          if (typed < 30) {
            mine.push(std::to_string(typed), "x");
            ++typed;
          }
          break;
        case 1:
          if (const auto* const next = mine.next(at); next != nullptr && mine.under_way() < 8) {
            wire.emplace_back(next->id, ++number);
            mine.sent(number);
          }
          break;
        case 2:
          at += std::chrono::milliseconds{random() % 500};
          break;
        case 3:
          if (random() % 20 == 0) { // The connection is lost, with whatever is on the way.
            while (!wire.empty() && random() % 2 == 0) {
              if (!refused_now.contains(wire.front().first) && !refused_now.empty())
                break;
              if (std::find(log.begin(), log.end(), wire.front().first) == log.end())
                log.push_back(wire.front().first);
              wire.erase(wire.begin());
            }
            wire.clear();
            refused_now.clear();
            mine.lost();
          }
          break;
        default:
          if (!wire.empty()) {
            const auto [id, sent_as] = wire.front();
            wire.erase(wire.begin());
            if (refused_now.contains(id))
              refused_now.clear();
            if (!refused_now.empty() || random() % 6 == 0) {
              refused_now.insert(id);
              mine.refused(id, sent_as, at + 100ms);
            } else {
              if (std::find(log.begin(), log.end(), id) == log.end())
                log.push_back(id);
              mine.stored(id);
            }
          }
      }
    }
    CAF_REQUIRE_EQUAL(mine.size(), 0U);
    CAF_REQUIRE_EQUAL(log.size(), 30U);
    for (int i = 0; i < 30; ++i)
      CAF_REQUIRE_EQUAL(log[static_cast<std::size_t>(i)], std::to_string(i));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace outbox_suite
