// A link and the outbox on disk: what an earlier process left goes first, once, and nobody has to
// open its rooms.
#define CAF_SUITE client_link

#include "client/link.hpp"
#include "tests/client/link_fixture.hpp"

#include <map>

using namespace callboard;
using namespace callboard::client;

namespace link_outbox_suite {

namespace {

/// The disk: outboxes by name.
struct disk {
  std::map<std::string, std::vector<kept_post>> left;
  std::vector<std::string> foreign; ///< Ids of another author.
  std::vector<std::string> troubles;
  int flushes = 0;

  std::string ids(const std::string& name) {
    std::string text;
    for (const auto& post : left[name])
      text += post.id + " ";
    return text;
  }
};

struct noting_journal final : post_journal {
  noting_journal(disk& on, std::string name) : on{on}, name{std::move(name)} {}
  void add(const kept_post& what) override { on.left[name].push_back(what); }
  void done(const std::string& id) override {
    std::erase_if(on.left[name], [&id](const kept_post& post) { return post.id == id; });
  }
  void flush() override { ++on.flushes; }
  std::vector<std::string> bind(const std::string& /*author*/) override {
    for (const auto& id : on.foreign)
      done(id);
    return std::exchange(on.foreign, {});
  }
  std::vector<std::string> troubles() override { return std::exchange(on.troubles, {}); }

  disk& on;
  std::string name;
};

struct outbox_fixture : link_fixture {
  disk hard;

  outbox_fixture() {
    stop(aut);
    settle();
    link_setup setup{way, {"host", "1", "/"}, terminal, [this] { return dice; }};
    setup.open_journal = [this](std::string_view name, std::size_t, std::size_t) {
      opened_journal opened;
      opened.journal = std::make_unique<noting_journal>(hard, std::string{name});
      opened.left = hard.left[std::string{name}];
      return opened;
    };
    aut = start_link(sys, std::move(setup));
    settle();
  }

  /// What rooms the link joined on this connection, by itself or for a timeline.
  std::string joins() {
    std::string text;
    for (const auto& [ref, what] : requests<wire::join>())
      text += what.room + " ";
    return text;
  }

  void let_in(const std::string& room) {
    for (const auto& [ref, what] : requests<wire::join>())
      if (what.room == room)
        say(ref, wire::joined{room, "e1", 1, 0, wire::join_mode::fresh});
  }

  std::string sentences() {
    std::string text;
    for (const auto& told : screen->seen.all<outbox_told>())
      text += told.trouble;
    return text;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(link_outbox_tests, outbox_fixture)

CAF_TEST(a post is on disk from the key to the receipt) {
  attend();
  start_as_alice();
  post("a");
  CAF_CHECK_EQUAL(hard.ids("alice"), "a ");
  CAF_CHECK(hard.flushes > 0);
  enter();
  CAF_CHECK_EQUAL(posted(), "a");
  drop();
  pass(50ms);
  become_welcome();
  enter(0);
  CAF_CHECK_EQUAL(hard.ids("alice"), "a ");
  receipt(requests<wire::post>().at(0).first, "a", 1);
  CAF_CHECK_EQUAL(hard.ids("alice"), "");
}

CAF_TEST(many lines cost one write to the disk) {
  attend();
  start_as_alice();
  const auto before = hard.flushes;
  for (int i = 0; i < 50; ++i)
    tell_from_outside(aut, submit_post{"tea", "id" + std::to_string(i), "x"});
  settle();
  CAF_CHECK_EQUAL(hard.flushes, before + 1);
}

CAF_TEST(what is left from before goes first and under its id) {
  hard.left["alice"] = {{"tea", "old1", "x"}, {"tea", "old2", "y"}};
  attend();
  start_as_alice();
  CAF_CHECK_EQUAL(room_count<post_restored>(), 2U);
  CAF_CHECK(screen->seen.all<outbox_told>().at(0).waiting == 2U);
  post("new");
  enter();
  CAF_CHECK_EQUAL(posted(), "old1old2new");
}

CAF_TEST(a room that nobody opened is entered left and forgotten by the link itself) {
  hard.left["alice"] = {{"pot", "old", "x"}};
  start_as_alice();
  CAF_CHECK_EQUAL(joins(), "pot ");
  CAF_CHECK(requests<wire::join>().at(0).second.last == 0U);
  let_in("pot");
  CAF_CHECK_EQUAL(posted(), "old");
  say(requests<wire::post>().at(0).first, wire::posted{"pot", "old", 1, 0, false});
  CAF_CHECK_EQUAL(hard.ids("alice"), "");
  CAF_CHECK_EQUAL(requests<wire::leave>().size(), 1U);
  drop();
  pass(50ms);
  become_welcome();
  CAF_CHECK_EQUAL(joins(), "");
}

CAF_TEST(a timeline that comes later gets what waits) {
  hard.left["alice"] = {{"tea", "old", "x"}};
  start_as_alice();
  let_in("tea");
  attend();
  CAF_CHECK_EQUAL(room_count<post_restored>(), 1U);
  CAF_CHECK_EQUAL(room_count<link_up>(), 1U);
  receipt(requests<wire::post>().at(0).first, "old", 1);
  CAF_CHECK_EQUAL(room_count<post_accepted>(), 1U);
  CAF_CHECK(requests<wire::leave>().empty());
}

CAF_TEST(what can never be stored is given back where nobody looks and kept where somebody does) {
  hard.left["alice"] = {{"pot", "p", "lost words"}, {"tea", "t", "x"}};
  attend();
  start_as_alice();
  let_in("pot");
  enter();
  for (const auto& [ref, what] : requests<wire::post>())
    say(ref, wire::error{errc::internal, "no", {}, what.id, what.room});
  CAF_CHECK(sentences().find("lost words") != std::string::npos);
  CAF_CHECK_EQUAL(room_count<post_rejected>(), 1U);
  CAF_CHECK_EQUAL(hard.ids("alice"), "t ");
  tell_link(withdraw_post{"tea", "t"});
  CAF_CHECK_EQUAL(hard.ids("alice"), "");
}

CAF_TEST(messages of another author are not sent) {
  hard.left["alice"] = {{"tea", "old", "x"}};
  hard.foreign = {"old"};
  hard.troubles = {"They are put aside."};
  attend();
  start_as_alice();
  enter();
  CAF_CHECK_EQUAL(posted(), "");
  CAF_CHECK_EQUAL(room_count<post_rejected>(), 1U);
  CAF_CHECK(sentences().find("put aside") != std::string::npos);
}

CAF_TEST(who takes another name takes along what nobody has seen) {
  hard.left["alice"] = {{"tea", "old", "of alice"}};
  attend();
  tell_link(introduce{"alice", {}});
  post("new");
  accept();
  refuse(requests<wire::hello>().at(0).first, errc::name_taken);
  tell_link(introduce{"carol", {}});
  become_welcome();
  enter();
  CAF_CHECK_EQUAL(posted(), "new");
  CAF_CHECK_EQUAL(hard.ids("alice"), "old ");
  CAF_CHECK_EQUAL(hard.ids("carol"), "new ");
}

CAF_TEST(who hangs up leaves the rest to the next process) {
  attend();
  start_as_alice();
  post("a");
  tell_link(hang_up{});
  CAF_CHECK_EQUAL(hard.ids("alice"), "a "); // For the next process.
}

CAF_TEST(what is left behind with a room is given back and off the disk) {
  attend();
  start_as_alice();
  post("a");
  tell_link(abandon_room{"tea", room});
  CAF_CHECK_EQUAL(hard.ids("alice"), "");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace link_outbox_suite
