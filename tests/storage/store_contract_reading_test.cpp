// The store's contract on memory, SQLite and PostgreSQL alike: what is not append().
#define CAF_SUITE store_contract

#include "contract.hpp"

#include <set>

using namespace callboard;
using namespace callboard::places;
using namespace std::chrono_literals;

namespace store_contract_reading_suite {

CAF_TEST(opening a room creates it and tells its head) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    const auto fresh = must(store->open("a"));
    CAF_CHECK(!fresh.epoch.empty());
    CAF_CHECK_EQUAL(fresh.first, 1U);
    CAF_CHECK_EQUAL(fresh.head, 0U);
    append(*store, {make_draft("a", "ann", "1", "one"), make_draft("b", "ann", "1", "one")});
    const auto grown = must(store->open("a"));
    CAF_CHECK_EQUAL(grown.epoch, fresh.epoch);
    CAF_CHECK_EQUAL(grown.head, 1U);
    CAF_CHECK(must(store->open("b")).epoch != fresh.epoch);
  });
}

CAF_TEST(what was stored is there after a restart) {
  on_all([](place& here) {
    append(*here.db().writer(),
           {make_draft("a", "ann", "1", "one"), make_draft("b", "ann", "2", "two"),
            make_draft("b", "ann", "3", "three")});
    const auto before = must(here.db().writer()->open("a"));
    const auto found = here.reopen();
    CAF_CHECK_EQUAL(found.rooms, 2U);
    CAF_CHECK_EQUAL(found.entries, 3U);
    CAF_CHECK_EQUAL(found.adopted, 0U);
    CAF_CHECK_EQUAL(found.epochs_renewed, false);
    CAF_CHECK_EQUAL(found.schema, found.migrated_from);
    CAF_CHECK(must(here.db().writer()->open("a")) == before);
    CAF_CHECK_EQUAL(all_of(*here.db().reader(), "b").size(), 2U);
    CAF_CHECK(append(*here.db().writer(), {make_draft("b", "ann", "2", "two")})[0].duplicate);
  });
}

CAF_TEST(renewing epochs gives every room another) {
  on_all([](place& here) {
    const auto a = must(here.db().writer()->open("a")).epoch;
    const auto b = must(here.db().writer()->open("b")).epoch;
    CAF_CHECK_EQUAL(must(here.db().renew_epochs()), 2U);
    const std::set<std::string> all{a, b, must(here.db().writer()->open("a")).epoch,
                                    must(here.db().writer()->open("b")).epoch};
    CAF_CHECK_EQUAL(all.size(), 4U);
  });
}

CAF_TEST(pages are ascending and nearest to the position) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    for (int i = 1; i <= 10; ++i)
      append(*store, {make_draft("a", "ann", std::to_string(i), "x"),
                      make_draft("b", "ann", std::to_string(i), "y")});
    const auto page = [&](where side, seq_t position, std::size_t limit) {
      return numbers(must(here.db().reader()->read({"a", side, position, limit})));
    };
    using seqs = std::vector<seq_t>;
    CAF_CHECK(page(where::after, 0, 3) == (seqs{1, 2, 3}));
    CAF_CHECK(page(where::after, 8, 3) == (seqs{9, 10}));
    CAF_CHECK(page(where::after, 10, 3).empty());
    CAF_CHECK(page(where::after, 3, 0).empty());
    CAF_CHECK(page(where::before, 11, 3) == (seqs{8, 9, 10}));
    CAF_CHECK(page(where::before, 3, 5) == (seqs{1, 2}));
    CAF_CHECK(page(where::before, 1, 5).empty());
    CAF_CHECK(page(where::before, 0, 5).empty());
    CAF_CHECK(page(where::before, 5, 0).empty());
    CAF_CHECK(must(here.db().reader()->read({"unknown", where::after, 0, 5})).empty());
    CAF_CHECK(must(here.db().reader()->read({"unknown", where::before, 5, 5})).empty());
  });
}

CAF_TEST(positions and limits beyond 63 bits mean all) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    append(*store, {make_draft("a", "ann", "1", "x"), make_draft("a", "ann", "2", "x")});
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    constexpr auto beyond = (std::uint64_t{1} << 63U) + 1;
    for (const auto huge : {most, beyond}) {
      CAF_CHECK_EQUAL(must(store->read({"a", where::before, huge, huge})).size(), 2U);
      CAF_CHECK(must(store->read({"a", where::after, huge, huge})).empty());
      CAF_CHECK_EQUAL(must(store->read({"a", where::after, 0, huge})).size(), 2U);
      CAF_CHECK_EQUAL(must(store->rooms("", huge)).size(), 1U);
    }
  });
}

CAF_TEST(rooms are listed by prefix in the order of bytes) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    const std::vector<std::string> all{
      "%",   "100%", "100% sure", "100a", "A",   "B",     "Zoe", "\\back", "_x",     "a",
      "a_b", "ab",   "ax",        "b",    "zoë", "Ärger", "ä",   "日本",   "日本語", "🎭"};
    for (std::size_t i = all.size(); i > 0; --i)
      must(store->open(all[i - 1])); // Created in another order than listed.
    append(*store, {make_draft("ab", "ann", "1", "x"), make_draft("ab", "ann", "2", "x")});
    const auto list = [&](std::string_view prefix, std::size_t limit = 100) {
      return names(must(here.db().reader()->rooms(prefix, limit)));
    };
    using found = std::vector<std::string>;
    CAF_CHECK(list("") == all);
    CAF_CHECK(list("", 2) == (found{"%", "100%"}));
    CAF_CHECK(list("", 0).empty());
    CAF_CHECK(list("%") == found{"%"});
    CAF_CHECK(list("_") == found{"_x"});
    CAF_CHECK(list("\\") == found{"\\back"});
    CAF_CHECK(list("100%") == (found{"100%", "100% sure"}));
    CAF_CHECK(list("a") == (found{"a", "a_b", "ab", "ax"}));
    CAF_CHECK(list("a_") == found{"a_b"});
    CAF_CHECK(list("日本") == (found{"日本", "日本語"}));
    CAF_CHECK(list("none").empty());
    const auto ab = must(here.db().reader()->rooms("ab", 5));
    CAF_CHECK(ab == (std::vector<room_info>{{"ab", 2, 0}}));
  });
}

CAF_TEST(a name has one owner until it is given up or taken by force) {
  on_all([](place& here) {
    const auto store = here.db().writer();
    const author ann{"a1", "Ann"};
    const author thief{"b2", "ANN"};
    CAF_CHECK(must(store->claim_name({"ann", ann, 24h, false})));
    CAF_CHECK(must(store->claim_name({"ann", ann, 24h, false})));
    CAF_CHECK(!must(store->claim_name({"ann", thief, 24h, false})));
    CAF_CHECK(!must(store->claim_name({"ann", thief, std::chrono::seconds::max(), false})));
    CAF_CHECK(must(store->claim_name({"bob", thief, 24h, false})));
    CAF_CHECK(must(store->claim_name({"ann", thief, 24h, true})));
    CAF_CHECK(!must(store->claim_name({"ann", ann, 24h, false})));
    CAF_CHECK(must(store->claim_name({"ann", ann, 0s, false})));
    CAF_CHECK(!must(store->claim_name({"ann", thief, 24h, false})));
  });
}

CAF_TEST(a refused claim does not prolong the hold) {
  on_all([](place& here) {
    if (here.what() == kind::memory)
      return; // Its clock is the test's: see memory_store_test.
    const auto store = here.db().writer();
    const auto start = std::chrono::steady_clock::now();
    CAF_CHECK(must(store->claim_name({"ann", {"a1", "Ann"}, 1h, false})));
    // The other's own refusals must not keep the name taken: within twice the hold it is free.
    bool taken = false;
    CAF_CHECK(wait_until([&] {
      return taken = must(store->claim_name({"ann", {"b2", "Ann"}, 1s, false}));
    }));
    CAF_CHECK(taken);
    CAF_CHECK(std::chrono::steady_clock::now() - start >= 990ms);
  });
}

CAF_TEST(a meta value is stored once and for all servers) {
  on_all([](place& here) {
    std::vector<std::future<std::string>> servers;
    servers.reserve(4);
    for (int i = 0; i < 4; ++i)
      servers.push_back(std::async(std::launch::async, [&here, i] {
        return must(here.db().writer()->meta("secret", "value " + std::to_string(i)));
      }));
    std::set<std::string> seen;
    for (auto& server : servers)
      seen.insert(server.get());
    CAF_CHECK_EQUAL(seen.size(), 1U);
    CAF_CHECK_EQUAL(must(here.db().reader()->meta("secret", "late")), *seen.begin());
    CAF_CHECK_EQUAL(must(here.db().writer()->meta("other", "")), "");
    here.reopen();
    CAF_CHECK_EQUAL(must(here.db().writer()->meta("secret", "later")), *seen.begin());
  });
}

CAF_TEST(every store of a database sees what another one was answered) {
  on_all([](place& here) {
    const auto writer = here.db().writer();
    const auto reader = here.db().reader();
    for (int i = 1; i <= 20; ++i) {
      const auto got = append(*writer, {make_draft("a", "ann", std::to_string(i), "x")});
      const auto page =
        must(reader->read({"a", where::before, std::numeric_limits<seq_t>::max(), 1}));
      CAF_REQUIRE_EQUAL(page.size(), 1U);
      CAF_CHECK_EQUAL(page[0].seq, got[0].seq);
      CAF_CHECK_EQUAL(page[0].at_ms, got[0].at_ms);
    }
  });
}

CAF_TEST(time is counted by the database in milliseconds) {
  on_all([](place& here) {
    if (here.what() == kind::memory)
      return; // Its clock is the test's: see memory_store_test.
    const auto at = append(*here.db().writer(), {make_draft("a", "ann", "1", "x")})[0].at_ms;
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
    CAF_CHECK(at <= now && at > now - 60'000);
  });
}

} // namespace store_contract_reading_suite
