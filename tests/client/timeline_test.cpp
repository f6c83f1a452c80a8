// One room between a link and a terminal.
#define CAF_SUITE client_timeline

#include "client/timeline.hpp"

#include "tests/client/doubles.hpp"

#include <caf/test/dsl.hpp>

using namespace callboard;
using namespace callboard::client;

namespace timeline_suite {

namespace {

struct fixture : test_coordinator_fixture<> {
  std::shared_ptr<doubles::noting_screen> screen = std::make_shared<doubles::noting_screen>();
  std::shared_ptr<std::vector<doubles::link_event>> link_saw =
    std::make_shared<std::vector<doubles::link_event>>();
  std::uint64_t dice = 0;

  terminal_actor terminal = start_terminal(sys, {screen});
  link_actor link = start<doubles::noting_link>(sys, link_saw);
  timeline_actor aut = start_timeline(sys, {link, terminal, "tea", {}, [this] { return ++dice; }});

  fixture() { run(); }

  ~fixture() {
    stop(aut);
    stop(link);
    stop(terminal);
    run();
  }

  fixture(const fixture&) = delete;
  fixture& operator=(const fixture&) = delete;

  template <class Message>
  void tell_timeline(Message what) {
    tell_from_outside(aut, std::move(what));
    run();
  }

  template <class Event>
  std::vector<Event> asked() {
    std::vector<Event> found;
    for (const auto& event : *link_saw)
      if (const auto* const what = std::get_if<Event>(&event))
        found.push_back(*what);
    return found;
  }

  static entry make_entry(seq_t seq, std::string author = "id-b", std::string id = "x") {
    return {seq, {std::move(author), "bob"}, std::move(id), "hi", 0, entry_kind::message};
  }

  void enter(wire::join_mode mode, seq_t first, seq_t last, const std::string& epoch = "e1") {
    wire::joined what{"tea", epoch, 1, last, mode};
    for (auto seq = first; seq <= last; ++seq)
      what.entries.push_back(make_entry(seq));
    tell_timeline(log_entered{std::make_shared<const wire::joined>(std::move(what))});
  }

  void begin() {
    tell_timeline(link_up{"id-a"});
    enter(wire::join_mode::fresh, 1, 3);
  }

  /// The seqs shown so far; own ones with a star.
  std::string shown() {
    std::string text;
    for (const auto& event : screen->seen.all<entries_shown>())
      for (const auto& what : event.entries)
        text.append(std::to_string(what.what.seq)).append(what.own ? "* " : " ");
    return text;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(timeline_tests, fixture)

CAF_TEST(it attends its room and enters with each connection) {
  CAF_CHECK_EQUAL(asked<attend_room>().size(), 1U);
  CAF_CHECK(asked<enter_log>().empty());
  begin();
  CAF_CHECK_EQUAL(shown(), "1 2 3 ");
  tell_timeline(entry_came{make_entry(4)});
  tell_timeline(link_down{});
  tell_timeline(link_up{"id-a"});
  const auto joins = asked<enter_log>();
  CAF_REQUIRE_EQUAL(joins.size(), 2U);
  CAF_CHECK(joins[1].what.after == seq_t{4} && joins[1].what.epoch == "e1");
  enter(wire::join_mode::resumed, 5, 6);
  CAF_CHECK_EQUAL(shown(), "1 2 3 4 5 6 ");
  const auto ready = screen->seen.all<log_ready>();
  CAF_REQUIRE_EQUAL(ready.size(), 2U);
  CAF_CHECK(!ready[0].again && ready[1].again);
}

CAF_TEST(an own message is marked and stored once whichever comes first) {
  begin();
  tell_timeline(say{1, "one"});
  tell_timeline(say{2, "two"});
  const auto posts = asked<submit_post>();
  CAF_REQUIRE_EQUAL(posts.size(), 2U);
  CAF_CHECK_EQUAL(posts[0].id.size(), 32U);
  CAF_CHECK_NOT_EQUAL(posts[0].id, posts[1].id);
  tell_timeline(post_accepted{posts[0].id, 4});
  tell_timeline(entry_came{make_entry(4, "id-a", posts[0].id)});
  tell_timeline(entry_came{make_entry(5, "id-a", posts[1].id)});
  tell_timeline(post_accepted{posts[1].id, 5});
  tell_timeline(post_accepted{posts[1].id, 5});
  CAF_CHECK_EQUAL(shown(), "1 2 3 4* 5* ");
  const auto stored = screen->seen.all<own_stored>();
  CAF_REQUIRE_EQUAL(stored.size(), 2U);
  CAF_CHECK(stored[0].tag == 1 && stored[1].tag == 2 && stored[1].seq == 5);
}

CAF_TEST(the same id of another author is not own) {
  begin();
  tell_timeline(say{1, "one"});
  tell_timeline(entry_came{make_entry(4, "id-b", asked<submit_post>()[0].id)});
  CAF_CHECK_EQUAL(shown(), "1 2 3 4 ");
}

CAF_TEST(a receipt does not move the position) {
  begin();
  tell_timeline(say{1, "one"});
  tell_timeline(post_accepted{asked<submit_post>()[0].id, 9});
  tell_timeline(entry_came{make_entry(4)});
  CAF_CHECK_EQUAL(shown(), "1 2 3 4 ");
}

CAF_TEST(a message that failed comes back with its text and the reason) {
  begin();
  tell_timeline(say{7, "one"});
  tell_timeline(post_rejected{asked<submit_post>()[0].id, errc::internal, "no"});
  const auto failed = screen->seen.all<own_failed>();
  CAF_REQUIRE_EQUAL(failed.size(), 1U);
  CAF_CHECK(failed[0].tag == 7 && failed[0].text == "one" && failed[0].why == errc::internal);
}

CAF_TEST(a gap is read again and not shown) {
  begin();
  tell_timeline(entry_came{make_entry(6)});
  CAF_CHECK_EQUAL(shown(), "1 2 3 ");
  CAF_CHECK(asked<enter_log>().at(1).what.after == seq_t{3});
  enter(wire::join_mode::resumed, 4, 6);
  CAF_CHECK_EQUAL(shown(), "1 2 3 4 5 6 ");
  CAF_CHECK(asked<distrust>().empty());
}

CAF_TEST(a gap that stays is no loop but a lost connection) {
  begin();
  tell_timeline(entry_came{make_entry(6)});
  enter(wire::join_mode::resumed, 5, 6);
  CAF_CHECK_EQUAL(asked<enter_log>().size(), 2U);
  CAF_CHECK_EQUAL(asked<distrust>().size(), 1U);
}

CAF_TEST(another log under the same name is told) {
  begin();
  tell_timeline(link_down{});
  tell_timeline(link_up{"id-a"});
  enter(wire::join_mode::reset, 1, 2, "e2");
  CAF_CHECK_EQUAL(screen->seen.all<log_reset>().size(), 1U);
  CAF_CHECK_EQUAL(shown(), "1 2 3 1 2 ");
}

CAF_TEST(older entries are asked for once at a time and shown apart) {
  tell_timeline(link_up{"id-a"});
  enter(wire::join_mode::fresh, 8, 9);
  tell_timeline(page_back{5});
  tell_timeline(page_back{5});
  CAF_REQUIRE_EQUAL(asked<request_older>().size(), 1U);
  CAF_CHECK(asked<request_older>()[0].before == 8U);
  tell_timeline(older_page{std::make_shared<const wire::history_page>(
    wire::history_page{"tea", {make_entry(6), make_entry(7)}, true, false})});
  const auto older = screen->seen.all<older_shown>();
  CAF_REQUIRE_EQUAL(older.size(), 1U);
  CAF_CHECK(older[0].entries.size() == 2 && older[0].more && !older[0].failed);
  tell_timeline(page_back{5});
  CAF_CHECK(asked<request_older>().at(1).before == 6U);
  tell_timeline(link_down{});
  CAF_CHECK(screen->seen.all<older_shown>().at(1).failed);
}

CAF_TEST(a page from anywhere is shown apart and changes nothing of what was read) {
  begin();
  const auto before = shown();
  tell_timeline(look_at{0, 41, 5});
  CAF_REQUIRE_EQUAL(asked<request_older>().size(), 1U);
  CAF_CHECK(asked<request_older>()[0].after == seq_t{41});
  tell_timeline(look_at{9, {}, 5});
  CAF_REQUIRE_EQUAL(screen->seen.all<page_shown>().size(), 1U);
  CAF_CHECK(screen->seen.all<page_shown>()[0].failed);
  tell_timeline(older_page{std::make_shared<const wire::history_page>(
    wire::history_page{"tea", {make_entry(42), make_entry(43)}, true, false})});
  const auto page = screen->seen.all<page_shown>().at(1);
  CAF_CHECK(page.after == seq_t{41} && page.entries.size() == 2 && page.more && !page.failed);
  CAF_CHECK_EQUAL(shown(), before);
  tell_timeline(look_at{9, {}, 5});
  tell_timeline(link_down{});
  CAF_CHECK(screen->seen.all<page_shown>().at(2).failed);
}

CAF_TEST(what was said here is known by its tag when it comes back) {
  begin();
  tell_timeline(say{7, "one"});
  auto own = make_entry(4);
  own.from.id = "id-a";
  own.client_id = asked<submit_post>().at(0).id;
  tell_timeline(entry_came{own});
  const auto last = screen->seen.all<entries_shown>().back().entries.back();
  CAF_CHECK(last.own);
  CAF_CHECK_EQUAL(last.tag, 7U);
}

CAF_TEST(leaving tells what was not stored) {
  begin();
  tell_timeline(say{1, "one"});
  tell_timeline(say{2, "two"});
  tell_timeline(post_accepted{asked<submit_post>()[0].id, 4});
  tell_timeline(leave_log{});
  CAF_CHECK_EQUAL(asked<abandon_room>().size(), 1U);
  const auto failed = screen->seen.all<own_failed>();
  CAF_REQUIRE_EQUAL(failed.size(), 1U);
  CAF_CHECK_EQUAL(failed[0].tag, 2U);
}

CAF_TEST(a failed message is retried under its own id and dropped for good) {
  begin();
  tell_timeline(say{7, "one"});
  tell_timeline(retry_own{7}); // It has not failed: nothing is sent twice.
  const auto id = asked<submit_post>().at(0).id;
  tell_timeline(post_rejected{id, errc::internal, "no"});
  tell_timeline(retry_own{7});
  const auto posts = asked<submit_post>();
  CAF_REQUIRE_EQUAL(posts.size(), 2U);
  CAF_CHECK(posts[1].id == id && posts[1].text == "one");
  tell_timeline(post_rejected{id, errc::internal, "no"});
  CAF_CHECK_EQUAL(screen->seen.all<own_failed>().size(), 2U);
  tell_timeline(drop_own{7});
  CAF_REQUIRE_EQUAL(asked<withdraw_post>().size(), 1U);
  tell_timeline(post_withdrawn{id, true});
  const auto dropped = screen->seen.all<own_dropped>();
  CAF_REQUIRE_EQUAL(dropped.size(), 1U);
  CAF_CHECK(dropped[0].tag == 7 && dropped[0].gone && dropped[0].text == "one");
  tell_timeline(retry_own{7});
  CAF_CHECK_EQUAL(asked<submit_post>().size(), 2U);
  CAF_CHECK_EQUAL(screen->seen.all<own_failed>().size(), 3U); // "It is no longer known here."
}

CAF_TEST(a message that a server may have is not dropped) {
  begin();
  tell_timeline(say{7, "one"});
  const auto id = asked<submit_post>().at(0).id;
  tell_timeline(drop_own{7});
  tell_timeline(post_withdrawn{id, false});
  CAF_CHECK(!screen->seen.all<own_dropped>().at(0).gone);
  tell_timeline(post_accepted{id, 4});
  CAF_CHECK_EQUAL(screen->seen.all<own_stored>().size(), 1U);
  tell_timeline(drop_own{7});
  CAF_CHECK_EQUAL(asked<withdraw_post>().size(), 1U);
}

CAF_TEST(what an earlier process wrote gets a tag of its own and its end) {
  begin();
  tell_timeline(say{1, "new"});
  tell_timeline(post_restored{"aaaa", "old"});
  tell_timeline(post_restored{"aaaa", "old"});
  const auto restored = screen->seen.all<own_restored>();
  CAF_REQUIRE_EQUAL(restored.size(), 1U);
  CAF_CHECK(restored[0].tag > restored_tag && restored[0].text == "old");
  tell_timeline(post_accepted{"aaaa", 4});
  tell_timeline(entry_came{make_entry(4, "id-a", "aaaa")});
  CAF_CHECK(screen->seen.all<own_stored>().at(0).tag == restored[0].tag);
  CAF_CHECK_EQUAL(shown(), "1 2 3 4* ");
}

CAF_TEST(failures that nobody looks at do not fill the memory) {
  begin();
  for (std::uint64_t tag = 1; tag <= 150; ++tag) {
    tell_timeline(say{tag, "x"});
    tell_timeline(post_rejected{asked<submit_post>().back().id, errc::internal, "no"});
  }
  const auto posts = asked<submit_post>().size();
  tell_timeline(retry_own{50}); // One of the oldest.
  CAF_CHECK_EQUAL(asked<submit_post>().size(), posts);
  tell_timeline(retry_own{51});
  CAF_CHECK_EQUAL(asked<submit_post>().size(), posts + 1);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace timeline_suite
