// A room on the screen: window, unread line, days, own lines, scrolling (goals 5.2.11 to 5.2.13).
#define CAF_SUITE terminal_reading

#include "client/screen/message_pane.hpp"
#include "client/screen/room_list.hpp"
#include "tests/terminal/fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <chrono>

using namespace callboard;
using namespace callboard::client;

namespace reading_suite {

namespace {

constexpr std::int64_t hour = 3600000;

void fill(room_view& room, seq_t first, seq_t last, bool watched = true) {
  for (auto seq = first; seq <= last; ++seq)
    room.add(make_entry(seq, "entry " + std::to_string(seq) + "."), false, 0, "ada", watched);
}

std::vector<entry> entries(seq_t first, seq_t last) {
  std::vector<entry> found;
  for (auto seq = first; seq <= last; ++seq)
    found.push_back(make_entry(seq, "entry " + std::to_string(seq) + "."));
  return found;
}

/// All rows, one line each, without what stands on the left of the texts.
std::string picture(const room_view& room, int rows, int columns = 60,
                    std::string_view search = {}) {
  std::string text;
  for (const auto& line : painted_messages(room, {rows, columns, search, "ada"}))
    text += line.text() + "\n";
  return text;
}

bool has(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(reading_tests, screen_fixture)

CAF_TEST(days are told between messages of different days in local time) {
  room_view room;
  // 22:30 and 23:30 UTC are 23:30 and 00:30 of the next day here (CET).
  room.add(make_entry(1, "late", "bob", 22 * hour + hour / 2), false, 0, "ada", true);
  room.add(make_entry(2, "later", "bob", 23 * hour + hour / 2), false, 0, "ada", true);
  room.add(make_entry(3, "same day", "bob", 30 * hour), false, 0, "ada", true);
  const auto text = picture(room, 10);
  const auto first = text.find("1 January 1970");
  const auto second = text.find("2 January 1970");
  CAF_CHECK(first < text.find("late"));
  CAF_CHECK(second > text.find("late") && second < text.find("later"));
  CAF_CHECK(text.find("January", second + 5) == std::string::npos);
  CAF_CHECK(has(text, "23:30"));
}

CAF_TEST(the unread line stands before what was not read and stays until the room is left) {
  room_view room;
  fill(room, 1, 2);
  fill(room, 3, 5, false);
  CAF_CHECK_EQUAL(room.unread(), 3U);
  auto text = picture(room, 10);
  CAF_CHECK(has(text, " 3 new "));
  CAF_CHECK(text.find("entry 2.") < text.find("3 new")
            && text.find("3 new") < text.find("entry 3."));
  room.mark_read();
  CAF_CHECK_EQUAL(room.unread(), 0U);
  CAF_CHECK(has(picture(room, 10), " 3 new "));
  room.put_away();
  CAF_CHECK(!has(picture(room, 10), "new"));
}

CAF_TEST(own messages and what was there at the join are not unread) {
  room_view room;
  fill(room, 1, 3);
  room.add(make_entry(4, "mine", "ada"), true, 0, "ada", false);
  CAF_CHECK_EQUAL(room.unread(), 0U);
  room.add(make_entry(5, "hey Ada!"), false, 0, "ada", false);
  CAF_CHECK_EQUAL(room.unread_mentions(), 1U);
  CAF_CHECK(has(picture(room, 10), "\u00BB hey Ada!"));
}

CAF_TEST(own lines are pending and then stored or failed with the reason) {
  room_view room;
  fill(room, 1, 1);
  room.say(7, "mine", 0);
  CAF_CHECK(has(picture(room, 10), "mine \u2026"));
  room.stored(7);
  CAF_CHECK(has(picture(room, 10), "mine \u2713"));
  room.add(make_entry(2, "mine", "ada"), true, 7, "ada", true);
  CAF_CHECK(room.own().empty());
  const auto text = picture(room, 10);
  CAF_CHECK(text.find("mine") == text.rfind("mine"));
  room.say(8, "too long", 0);
  room.failed(8, "too long", "The text is too long.", 0);
  CAF_CHECK(has(picture(room, 10), "not stored: The text is too long."));
  CAF_CHECK_EQUAL(room.last_failed()->tag, 8U);
  room.pending_again(8);
  CAF_CHECK(room.last_failed() == nullptr);
  CAF_CHECK_EQUAL(room.forget(8), "too long");
}

CAF_TEST(the same day of another year is another day) {
  room_view room;
  room.add(make_entry(1, "old", "bob", 0), false, 0, "ada", true);
  room.add(make_entry(2, "new", "bob", 365 * 24 * hour), false, 0, "ada", true);
  CAF_CHECK(has(picture(room, 10), "1 January 1971"));
  CAF_CHECK(!has(picture(room, 10, 30), "x")); // What holds room for names in a narrow pane.
}

CAF_TEST(visits are one line) {
  room_view room;
  room.visit({"bob", "eve"}, {}, 0);
  room.visit({"zoe"}, {"bob"}, 0);
  const auto text = picture(room, 5);
  CAF_CHECK(has(text, "eve, zoe came, bob left"));
  CAF_CHECK_EQUAL(room.end() - room.first(), 1);
  fill(room, 1, 1);
  room.visit({"ann"}, {}, 0);
  CAF_CHECK_EQUAL(room.end() - room.first(), 3);
}

CAF_TEST(scrolling stops at the ends and comes back to the end) {
  room_view room;
  fill(room, 1, 30);
  const pane in{10, 60, {}, "ada"};
  CAF_CHECK(has(picture(room, 10), "entry 30."));
  scroll(room, in, -5);
  CAF_CHECK(!has(picture(room, 10), "entry 26."));
  CAF_CHECK(has(picture(room, 10), "entry 25."));
  scroll(room, in, -1000);
  CAF_CHECK(has(picture(room, 10), "entry 1."));
  CAF_CHECK(has(picture(room, 10), "entry 9."));
  scroll(room, in, 1000);
  CAF_CHECK(room.where.at_end);
}

CAF_TEST(what arrives while scrolled up moves nothing) {
  room_view room;
  fill(room, 1, 30);
  scroll(room, {10, 60, {}, "ada"}, -8);
  const auto before = picture(room, 10);
  fill(room, 31, 40, false);
  CAF_CHECK_EQUAL(picture(room, 10), before);
  CAF_CHECK_EQUAL(room.unread(), 10U);
}

CAF_TEST(a window is bounded in both directions and reads on where it was cut) {
  room_view room;
  fill(room, 100001, 100100);
  const pane in{10, 60, {}, "ada"};
  seq_t asked = 0;
  for (int page = 0; page < 600 && room.has_older(); ++page) {
    room.where = {false, room.first() - 1, 0}; // The top, without laying out what lies between.
    scroll(room, in, 0);
    const auto wanted = room.want_older();
    CAF_REQUIRE(wanted.has_value());
    CAF_CHECK(!room.want_older()); // One at a time.
    asked = wanted->before;
    const auto first = asked > 200 ? asked - 200 : 1;
    room.add_page(*wanted, entries(first, asked - 1), first > 1, "ada", "id-ada");
    CAF_REQUIRE(room.end() - room.first() <= static_cast<std::int64_t>(room_view::window_most));
  }
  CAF_CHECK(asked <= 201);
  scroll(room, in, -100000);
  CAF_CHECK(has(picture(room, 10), "entry 1."));
  CAF_CHECK(!room.attached());
  // News while away from the end are counted and not shown.
  fill(room, 100101, 100103, false);
  CAF_CHECK_EQUAL(room.unread(), 3U);
  scroll(room, in, 100000);
  CAF_CHECK(!room.where.at_end);
  const auto newer = room.want_newer();
  CAF_REQUIRE(newer.has_value());
  CAF_CHECK(newer->after == seq_t{10000});
  room.add_page(*newer, entries(10001, 10200), true, "ada", "id-ada");
  CAF_CHECK_EQUAL(room.end() - room.first(), static_cast<std::int64_t>(room_view::window_most));
  const auto end = room.want_end();
  CAF_REQUIRE(end.has_value());
  CAF_CHECK_EQUAL(end->before, 100104U);
  room.add_page(*end, entries(99904, 100103), true, "ada", "id-ada");
  CAF_CHECK(room.attached());
  CAF_CHECK(has(picture(room, 10), "entry 100103."));
}

CAF_TEST(the way to the end takes up what arrives meanwhile) {
  room_view room;
  fill(room, 1, 25000);
  const pane in{10, 60, {}, "ada"};
  const auto start = room.want_start();
  CAF_REQUIRE(start.has_value());
  CAF_CHECK(start->after == seq_t{0});
  CAF_CHECK(has(picture(room, 10), "entry 25000.")); // Until the page is here, nothing changes.
  room.add_page(*start, entries(1, 200), true, "ada", "id-ada");
  scroll(room, in, 0);
  CAF_CHECK(has(picture(room, 10), "entry 1.") && has(picture(room, 10), "entry 9."));
  CAF_CHECK(!room.has_older() && !room.attached());
  CAF_CHECK(!room.want_start());
  const auto end = room.want_end();
  CAF_REQUIRE(end.has_value());
  CAF_CHECK_EQUAL(end->before, 25001U);
  fill(room, 25001, 25300, false);
  CAF_CHECK(has(picture(room, 10), "entry 1."));
  room.add_page(*end, entries(24801, 25000), true, "ada", "id-ada");
  CAF_CHECK(room.where.at_end && !room.attached());
  auto more = room.still_wanted();
  CAF_REQUIRE(more.has_value());
  CAF_CHECK(more->after == seq_t{25000});
  room.add_page(*more, entries(25001, 25200), true, "ada", "id-ada");
  more = room.still_wanted();
  CAF_REQUIRE(more.has_value());
  room.add_page(*more, entries(25201, 25300), false, "ada", "id-ada");
  CAF_CHECK(!room.still_wanted());
  CAF_CHECK(room.attached());
  fill(room, 25301, 25301);
  CAF_CHECK(has(picture(room, 10), "entry 25301."));
}

CAF_TEST(who turns round on the way to the end stays there) {
  room_view room;
  fill(room, 1, 25000);
  room.add_page(*room.want_start(), entries(1, 200), true, "ada", "id-ada");
  const auto end = room.want_end();
  fill(room, 25001, 25001, false);
  room.add_page(*end, entries(24801, 25000), true, "ada", "id-ada");
  scroll(room, {10, 60, {}, "ada"}, -5);
  CAF_CHECK(!room.still_wanted());
  CAF_CHECK(!room.where.at_end);
}

CAF_TEST(the wish for the end waits for the page under way and ends with a failure) {
  room_view room;
  fill(room, 1, 25000);
  room.add_page(*room.want_start(), entries(1, 200), true, "ada", "id-ada");
  scroll(room, {10, 60, {}, "ada"}, 0);
  const auto newer = room.want_newer();
  CAF_REQUIRE(newer.has_value());
  CAF_CHECK(!room.want_end());
  room.add_page(*newer, entries(201, 400), true, "ada", "id-ada");
  const auto end = room.still_wanted();
  CAF_REQUIRE(end.has_value());
  CAF_CHECK_EQUAL(end->before, 25001U);
  room.page_failed();
  CAF_CHECK(!room.still_wanted());
  CAF_CHECK(has(picture(room, 10), "entry 9.")); // What was there is still there.
  CAF_CHECK(room.want_end().has_value());
}

CAF_TEST(a log whose beginning was dropped begins where it begins) {
  room_view room;
  fill(room, 700, 800);
  room.add_page(*room.want_start(), entries(500, 699), true, "ada", "id-ada");
  CAF_CHECK(!room.has_older());
  CAF_CHECK(room.want_newer()->after == seq_t{699});
}

CAF_TEST(the unread line of before stands where the reader stopped) {
  room_view room;
  fill(room, 1, 10);
  room.resume_reading(7);
  CAF_CHECK_EQUAL(room.unread(), 3U);
  auto text = picture(room, 20);
  CAF_CHECK(text.find("entry 7.") < text.find(" 3 new ")
            && text.find(" 3 new ") < text.find("entry 8."));
  room.resume_reading(10);
  CAF_CHECK_EQUAL(room.unread(), 0U);
  CAF_CHECK(!has(picture(room, 20), "new"));
  room.resume_reading(99); // The log is shorter than it was.
  CAF_CHECK_EQUAL(room.read(), 10U);
}

CAF_TEST(own messages by another process are no news) {
  room_view room;
  fill(room, 1, 3);
  room.add(make_entry(4, "mine", "ada"), true, 0, "ada", true);
  room.add(make_entry(5, "ada?"), false, 0, "ada", true);
  room.resume_reading(3);
  CAF_CHECK_EQUAL(room.unread(), 1U);
  CAF_CHECK_EQUAL(room.unread_mentions(), 1U);
}

CAF_TEST(what is unread before the window counts and its line comes with its page) {
  room_view room;
  fill(room, 901, 1000);
  room.resume_reading(850);
  CAF_CHECK_EQUAL(room.unread(), 150U);
  const pane in{10, 60, {}, "ada"};
  scroll(room, in, -100000);
  CAF_CHECK(has(picture(room, 10), "entry 901.") && !has(picture(room, 10), "new"));
  room.add_page(*room.want_older(), entries(701, 900), true, "ada", "id-ada");
  const auto text = picture(room, 400);
  CAF_CHECK(text.find("entry 850.") < text.find(" 150 new ")
            && text.find(" 150 new ") < text.find("entry 851."));
}

CAF_TEST(a picture costs a screenful however long the window is) {
  using clock = std::chrono::steady_clock;
  const auto cost = [](room_view& room) {
    auto best = clock::duration::max();
    for (int turn = 0; turn < 30; ++turn) {
      const auto begun = clock::now();
      CAF_REQUIRE(!picture(room, 40).empty());
      best = std::min(best, clock::now() - begun);
    }
    return best;
  };
  room_view small;
  fill(small, 1, 60);
  room_view large;
  fill(large, 1, 10000);
  // In proportion to the window it would be 160 times as much.
  CAF_CHECK(cost(large) < 10 * cost(small));
}

CAF_TEST(an arriving message costs the same however long the window is) {
  using clock = std::chrono::steady_clock;
  const auto cost = [](room_view& room, seq_t next) {
    auto best = clock::duration::max();
    for (int turn = 0; turn < 30; ++turn, next += 100) {
      const auto begun = clock::now();
      fill(room, next, next + 99);
      best = std::min(best, clock::now() - begun);
    }
    return best;
  };
  room_view small;
  const auto little = cost(small, 1);
  room_view large;
  fill(large, 1, 12000);
  CAF_CHECK(cost(large, 12001) < 10 * little);
}

CAF_TEST(an endless flood stays within the window) {
  room_view room;
  fill(room, 1, 25000);
  CAF_CHECK_EQUAL(room.end() - room.first(), static_cast<std::int64_t>(room_view::window_most));
  CAF_CHECK(room.want_older()->before == 15001U);
}

CAF_TEST(another log under the same name begins anew) {
  room_view room;
  fill(room, 1, 5);
  room.say(1, "waits", 0);
  room.reset();
  fill(room, 1, 2);
  CAF_CHECK(!has(picture(room, 10), "entry 5."));
  CAF_CHECK(has(picture(room, 10), "waits \u2026"));
}

CAF_TEST(what is searched is found in any case and in both directions) {
  room_view room;
  fill(room, 1, 20);
  CAF_CHECK(room.find("ENTRY 1", room.end(), true) == room.first() + 18);
  CAF_CHECK(room.find("entry 3.", room.end(), true) == room.first() + 2);
  CAF_CHECK(!room.find("entry 3.", room.first() + 2, true));
  CAF_CHECK(room.find("entry 3.", room.first(), false).has_value());
  scroll_to(room, {5, 60, {}, "ada"}, room.first() + 2);
  CAF_CHECK(has(picture(room, 5), "entry 3."));
}

CAF_TEST(the next unread room is one with a mention) {
  room_list aut;
  for (const auto* const name : {"a", "b", "c"})
    aut.open(name);
  aut.open("a");
  CAF_CHECK(!aut.next_unread());
  fill(aut.find("b")->view, 1, 1, false);
  CAF_CHECK(aut.next_unread() == "b");
  aut.find("c")->view.add(make_entry(1, "ada?"), false, 0, "ada", false);
  CAF_CHECK(aut.next_unread() == "c");
  CAF_CHECK_EQUAL(aut.unread(), 2U);
  CAF_CHECK_EQUAL(aut.mentions(), 1U);
  aut.select(1);
  aut.select(1);
  CAF_CHECK(aut.selected() == "c");
  CAF_CHECK_EQUAL(aut.unread(), 2U);
  aut.close("a");
  CAF_CHECK_EQUAL(aut.current()->name, "b");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace reading_suite
