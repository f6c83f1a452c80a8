// The store's contract on memory, SQLite and PostgreSQL alike: what append() promises. The rest
// stands in store_contract_reading_test.cpp.
#define CAF_SUITE store_contract

#include "contract.hpp"

#include <thread>

using namespace callboard;
using namespace callboard::places;
using namespace std::chrono_literals;

namespace store_contract_suite {

namespace {

/// What people really write, and what breaks quoting.
const std::vector<std::string> difficult_texts{
  "",
  " ",
  "NULL",
  "null",
  "{}",
  "{a,b}",
  "\"",
  "\\",
  "\\\"",
  "it's",
  "'; drop table entry; --",
  "$$ $1 ?1 :x %s %_",
  "line\nline\r\n\ttab\x01\x7f",
  // Hebrew and Arabic by number: in the source they would turn the line around.
  "Grüße, Ω, 你好, \u05e9\u05dc\u05d5\u05dd, \u0645\u0631\u062d\u0628\u0627",
  "👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301",
  "\u2028\u202eover\u202c\ufeff\uffff",
  "\U0010ffff",
  std::string(8192, 'x'),
  std::string(4096, '"'),
};

} // namespace

CAF_TEST(entries are numbered without gap in the order of the batch) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    const auto first =
      append(*store, {make_draft("a", "ann", "1", "one"), make_draft("b", "ann", "2", "two"),
                      make_draft("a", "bob", "3", "three")});
    const auto second =
      append(*store, {make_draft("b", "bob", "4", "four"), make_draft("a", "bob", "5", "five")});
    CAF_REQUIRE_EQUAL(first.size(), 3U);
    CAF_REQUIRE_EQUAL(second.size(), 2U);
    CAF_CHECK_EQUAL(first[0].seq, 1U);
    CAF_CHECK_EQUAL(first[1].seq, 1U);
    CAF_CHECK_EQUAL(first[2].seq, 2U);
    CAF_CHECK_EQUAL(second[0].seq, 2U);
    CAF_CHECK_EQUAL(second[1].seq, 3U);
    for (const auto& got : first)
      CAF_CHECK(!got.duplicate && !got.conflict && !got.refused);
    const auto log = all_of(*here.db().reader(), "a");
    CAF_REQUIRE_EQUAL(log.size(), 3U);
    CAF_CHECK(
      log[0]
      == (entry{1, {"ann", "name of ann"}, "1", "one", first[0].at_ms, entry_kind::message}));
    CAF_CHECK(
      log[1]
      == (entry{2, {"bob", "name of bob"}, "3", "three", first[2].at_ms, entry_kind::message}));
    CAF_CHECK(
      log[2]
      == (entry{3, {"bob", "name of bob"}, "5", "five", second[1].at_ms, entry_kind::message}));
  });
}

CAF_TEST(an empty batch is stored at once) {
  on_all([](place& here) { CAF_CHECK(append(*here.db().writer(), {}).empty()); });
}

CAF_TEST(a repetition in a later batch gets the first receipt and stores nothing) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    const auto what = make_draft("a", "ann", "1", "one");
    const auto first = append(*store, {what});
    append(*store, {make_draft("a", "ann", "2", "two")});
    const auto again = append(*store, {make_draft("a", "ann", "3", "three"), what});
    CAF_CHECK_EQUAL(again[0].seq, 3U);
    CAF_CHECK_EQUAL(again[1].seq, first[0].seq);
    CAF_CHECK_EQUAL(again[1].at_ms, first[0].at_ms);
    CAF_CHECK(again[1].duplicate);
    CAF_CHECK(!again[1].conflict);
    CAF_CHECK_EQUAL(all_of(*store, "a").size(), 3U);
  });
}

CAF_TEST(a repetition within a batch gets the first receipt and stores nothing) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    const auto what = make_draft("a", "ann", "1", "one");
    const auto got = append(*store, {what, make_draft("a", "ann", "2", "two"), what, what});
    CAF_CHECK_EQUAL(got[0].seq, 1U);
    CAF_CHECK(!got[0].duplicate);
    CAF_CHECK_EQUAL(got[1].seq, 2U);
    CAF_CHECK(got[2] == got[3]);
    CAF_CHECK_EQUAL(got[2].seq, 1U);
    CAF_CHECK_EQUAL(got[2].at_ms, got[0].at_ms);
    CAF_CHECK(got[2].duplicate && !got[2].conflict);
    CAF_CHECK(numbers(all_of(*store, "a")) == (std::vector<seq_t>{1, 2}));
  });
}

CAF_TEST(the same id with another text is a conflict that names the holder) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    append(*store, {make_draft("a", "ann", "0", "zero")});
    const auto got =
      append(*store, {make_draft("a", "ann", "1", "one"), make_draft("a", "ann", "1", "other"),
                      make_draft("a", "ann", "1", "one"), make_draft("a", "ann", "0", "nought")});
    CAF_CHECK(!got[0].conflict && !got[0].duplicate);
    CAF_CHECK(got[1].conflict);
    CAF_CHECK_EQUAL(got[1].seq, 2U);
    CAF_CHECK(!got[2].conflict && got[2].duplicate);
    CAF_CHECK(got[3].conflict);
    CAF_CHECK_EQUAL(got[3].seq, 1U);
    const auto log = all_of(*store, "a");
    CAF_REQUIRE_EQUAL(log.size(), 2U);
    CAF_CHECK_EQUAL(log[0].text, "zero");
    CAF_CHECK_EQUAL(log[1].text, "one");
  });
}

CAF_TEST(the same id of another author or in another room is another message) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    const auto got =
      append(*store, {make_draft("a", "ann", "1", "x"), make_draft("a", "bob", "1", "y"),
                      make_draft("b", "ann", "1", "z"), make_draft("a", "an", "n1", "w")});
    for (const auto& one : got)
      CAF_CHECK(!one.duplicate && !one.conflict);
    CAF_CHECK_EQUAL(all_of(*store, "a").size(), 3U);
    CAF_CHECK_EQUAL(all_of(*store, "b").size(), 1U);
  });
}

CAF_TEST(a refused batch leaves nothing behind) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    append(*store, {make_draft("a", "ann", "1", "one")});
    for (const auto& poison :
         {std::string{"a\0b", 3}, std::string{"\xff"}, std::string{"\xed\xa0\x80"}}) {
      const auto answer = store->append(
        std::vector{make_draft("a", "ann", "2", "two"), make_draft("new", "ann", "3", poison)});
      CAF_CHECK(failure_of(answer).fault == store_fault::refused);
    }
    CAF_CHECK_EQUAL(all_of(*store, "a").size(), 1U);
    CAF_CHECK(names(must(store->rooms("", 10))) == std::vector<std::string>{"a"});
    const auto after = append(*store, {make_draft("a", "ann", "2", "two")});
    CAF_CHECK_EQUAL(after[0].seq, 2U);
  });
}

CAF_TEST(texts come back byte for byte) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    std::vector<draft_ptr> batch;
    for (std::size_t i = 0; i < difficult_texts.size(); ++i)
      batch.push_back(
        std::make_shared<const draft>(draft{"räum \"{1}\"\\",
                                            {"ann", "{Ann}, \"\\'" + std::to_string(i)},
                                            "id-" + std::to_string(i),
                                            difficult_texts[i]}));
    append(*store, batch);
    const auto again = append(*store, batch);
    const auto log = all_of(*here.db().reader(), "räum \"{1}\"\\");
    CAF_REQUIRE_EQUAL(log.size(), difficult_texts.size());
    for (std::size_t i = 0; i < log.size(); ++i) {
      CAF_CHECK(log[i].text == difficult_texts[i]);
      CAF_CHECK(log[i].from == batch[i]->from);
      CAF_CHECK_EQUAL(log[i].client_id, batch[i]->client_id);
      CAF_CHECK(again[i].duplicate && !again[i].conflict);
    }
  });
}

CAF_TEST(a large batch over many rooms is stored whole) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    std::vector<draft_ptr> batch;
    batch.reserve(1000);
    for (int i = 0; i < 1000; ++i)
      batch.push_back(
        make_draft("room " + std::to_string(i % 7), "ann", std::to_string(i), "text"));
    const auto got = append(*store, batch);
    for (std::size_t i = 0; i < got.size(); ++i)
      CAF_CHECK_EQUAL(got[i].seq, i / 7 + 1);
  });
}

CAF_TEST(numbers are exact up to the last of 63 bits and then the room is full) {
  on_all([](place& here) {
    auto store = here.db().writer();
    must(store->open("a"));
    constexpr seq_t most = std::numeric_limits<std::int64_t>::max();
    if (!here.set_head("a", (seq_t{1} << 53U)))
      return;
    CAF_CHECK_EQUAL(+append(*store, {make_draft("a", "ann", "1", "x")})[0].seq,
                    (seq_t{1} << 53U) + 1);
    here.set_head("a", most - 1);
    CAF_CHECK_EQUAL(+append(*store, {make_draft("a", "ann", "2", "y")})[0].seq, most);
    CAF_CHECK_EQUAL(must(store->open("a")).head, most);
    CAF_CHECK(failure_of(store->append(std::vector{make_draft("a", "ann", "3", "z")})).fault
              == store_fault::refused);
    CAF_CHECK(append(*store, {make_draft("a", "ann", "2", "y")})[0].duplicate);
    CAF_CHECK(numbers(must(store->read({"a", where::after, most - 1, 5})))
              == std::vector<seq_t>{most});
    CAF_CHECK(numbers(must(store->read({"a", where::before, most + 1, 1})))
              == std::vector<seq_t>{most});
    store.reset();
    CAF_CHECK_EQUAL(here.reopen().entries, most);
  });
}

CAF_TEST(a NUL is refused everywhere and cut off nowhere) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    must(store->open("a"));
    const std::string nul{"a\0b", 3};
    CAF_CHECK(failure_of(store->open(nul)).fault == store_fault::refused);
    CAF_CHECK(failure_of(store->read({nul, where::after, 0, 1})).fault == store_fault::refused);
    CAF_CHECK(failure_of(store->rooms(nul, 1)).fault == store_fault::refused);
    CAF_CHECK(failure_of(store->meta(nul, "x")).fault == store_fault::refused);
    CAF_CHECK(failure_of(store->meta("x", nul)).fault == store_fault::refused);
    CAF_CHECK(failure_of(store->claim_name({nul, {"x", "y"}, 1h, false})).fault
              == store_fault::refused);
    CAF_CHECK(names(must(store->rooms("", 10))) == std::vector<std::string>{"a"});
  });
}

CAF_TEST(an interrupted call ends and the same call again settles it) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    append(*store, {make_draft("a", "ann", "1", "one")});
    const auto batch = std::vector{make_draft("a", "ann", "2", "two")};
    auto held = here.hold_appends();
    const auto start = std::chrono::steady_clock::now();
    auto stuck = std::async(std::launch::async, [&] { return store->append(batch); });
    // It may not have begun when the first interruption comes.
    CAF_CHECK(stuck.wait_for(200ms) == std::future_status::timeout);
    CAF_REQUIRE(wait_until([&] {
      store->interrupt();
      return stuck.wait_for(0s) == std::future_status::ready;
    }));
    CAF_CHECK(failure_of(stuck.get()).fault == store_fault::again);
    CAF_CHECK(std::chrono::steady_clock::now() - start < 2s);
    held.reset();
    std::vector<receipt> got;
    CAF_REQUIRE(wait_until([&] {
      const auto answer = store->append(batch);
      const auto* value = value_of(answer);
      if (value != nullptr)
        got = *value;
      return value != nullptr;
    }));
    CAF_CHECK_EQUAL(got[0].seq, 2U);
    CAF_CHECK(numbers(all_of(*store, "a")) == (std::vector<seq_t>{1, 2}));
  });
}

CAF_TEST(an interruption without a call under way costs at most one repetition) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    store->interrupt();
    must(store->open("a"));
    store->interrupt();
    (void)store->ping();
    CAF_CHECK(value_of(store->ping()) != nullptr);
    CAF_CHECK(value_of(store->append(std::vector{make_draft("a", "ann", "1", "x")})) != nullptr);
  });
}

CAF_TEST(interrupting from other threads at any moment does no harm) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    std::atomic<bool> stop = false;
    std::thread other{[&] {
      while (!stop) {
        store->interrupt();
        std::this_thread::sleep_for(30ms); // Connecting must sometimes succeed.
      }
    }};
    std::size_t stored = 0;
    for (int i = 0; i < 25; ++i) {
      const auto batch = std::vector{make_draft("a", "ann", std::to_string(i), "x")};
      stored += wait_until([&] { return value_of(store->append(batch)) != nullptr; }) ? 1 : 0;
    }
    stop = true;
    other.join();
    (void)store->ping();
    CAF_CHECK_EQUAL(stored, 25U);
    CAF_CHECK_EQUAL(all_of(*here.db().reader(), "a").size(), 25U);
  });
}

} // namespace store_contract_suite
