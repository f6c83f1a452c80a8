// Random conversations with crashes and a store that comes and goes. Whatever was asked: each frame
// gives its credit back exactly once, and each reader gets every entry once and in order.
#include "tests/actors/server_fixture.hpp"

#include <random>

namespace credit_suite {

#define CAF_SUITE credit

using namespace callboard;
using namespace callboard::doubles;

namespace {

/// A client's places: from one `joined` to the next, the entries of a room come once and without
/// gap.
struct reader {
  void operator()(const wire::joined& a) {
    at[a.room] = a.entries.empty() ? a.head : a.entries.back().seq;
  }
  void operator()(const wire::message& a) { follow(a.room, a.what.seq); }
  void operator()(const wire::history_page& a) {
    for (const auto& item : a.entries)
      if (a.resume)
        follow(a.room, item.seq);
  }
  void operator()(const wire::left& a) { at.erase(a.room); }
  void operator()(const wire::error& a) {
    if (ref == "join")
      at.erase(a.room);
  }
  void operator()(const auto&) { /* says nothing about entries */
  }

  void follow(const std::string& room, seq_t seq) { in_order = in_order && seq == ++at[room]; }

  std::map<std::string, seq_t> at{{"den", 0}}; ///< Of the rooms that it is in.
  std::string ref;                             ///< Of the answer at hand.
  bool in_order = true;
};

struct random_conversation : server_fixture {
  std::mt19937 dice{0};
  std::vector<client> clients;
  int posts = 0;

  std::uint32_t below(std::uint32_t limit) {
    return std::uniform_int_distribution<std::uint32_t>{0, limit - 1}(dice);
  }

  /// Mostly a new one.
  int next_id() { return below(4) == 0 ? static_cast<int>(below(30)) : 100 + posts++; }

  std::string any_frame() {
    const std::string room = below(3) == 0 ? "attic" : "den";
    const auto in_room = [&room](const std::string& type, const std::string& fields) {
      return R"({"type":")" + type + R"(","room":")" + room + "\"" + fields + "}";
    };
    switch (below(16)) {
      case 0:
        return in_room("leave", "");
      case 1:
        return in_room("join", R"(,"ref":"join","last":)" + std::to_string(below(4)));
      case 2:
        return in_room("join",
                       R"(,"ref":"join","epoch":"epoch-1","after":)" + std::to_string(below(9)));
      case 3:
        return in_room("history", R"(,"before":)" + std::to_string(below(20)));
      case 4:
        return in_room("history", R"(,"after":)" + std::to_string(below(20)));
      case 5:
        return in_room("who", "");
      case 6:
        return in_room("typing", "");
      case 7:
        return R"({"type":"rooms"})";
      case 8:
        return R"({"type":"ping"})";
      case 9:
        return R"({"type":"nonsense"})";
      default:
        return in_room("post", R"(,"text":"hi","id":"p)" + std::to_string(next_id()) + '"');
    }
  }

  void disturb() {
    switch (below(60)) {
      case 0:
        kill(den());
        break;
      case 1:
        kill(way.cache);
        break;
      case 2:
        kill(way.persistence);
        break;
      case 3:
        store.mood.refuses = !store.mood.refuses;
        break;
      case 4:
        store.mood.silent = true;
        break;
      case 5:
        store.mood.mute = true;
        break;
      case 6:
      case 7:
        wait(std::chrono::milliseconds{250 * (1 + below(8))});
        break;
      case 8:
        clients[below(2)].wire->backlog = bounds.outbox_high_bytes + 1;
        break;
      default:
        break;
    }
    // What a silent or mute store has swallowed only a crash brings back.
    if ((store.mood.silent || store.mood.mute) && below(8) == 0) {
      store.mood.silent = store.mood.mute = false;
      kill(way.persistence);
    }
  }

  void calm() {
    store.mood = {};
    kill(way.persistence);
    for (auto& who : clients) {
      who.wire->backlog = 0;
      say(self, who.session, outbox_low{});
    }
    wait(15s);
    for (auto& who : clients)
      say(self, who.session, outbox_low{});
    consume_messages();
  }

  /// Reads what a client was sent, and says what is wrong: in the end all entries that are stored
  /// in the rooms that it is in have come.
  std::string read_all(const std::vector<std::string>& texts) {
    reader client;
    for (const auto& text : texts) {
      const auto parsed = wire::parse_answer(text);
      const auto& answer = std::get<wire::answer>(parsed);
      client.ref = answer.ref;
      std::visit([&client](const auto& body) { client(body); }, answer.body);
    }
    for (const auto& [room, seq] : client.at)
      if (seq != store.log->entries(room).size())
        return "the last entries are missing";
    return client.in_order ? "" : "an entry is missing or comes twice";
  }

  /// What is wrong in the end; nothing, if all is well.
  std::string converse(unsigned seed) {
    dice.seed(seed);
    bounds.page = 3;
    begin();
    for (const auto* name : {"alice", "bob"})
      clients.push_back(member(name));
    for (int i = 0; i < 150; ++i) {
      auto& who = clients[below(2)];
      if (who.frames - who.wire->given_back < bounds.requests_under_way)
        give(who, any_frame());
      if (below(3) == 0)
        consume_messages();
      disturb();
    }
    calm();
    for (auto& who : clients) {
      if (who.wire->closed_with)
        return "closed";
      if (who.wire->given_back != who.frames)
        return std::to_string(who.wire->given_back) + " credits for " + std::to_string(who.frames)
               + " frames";
      if (auto trouble = read_all(who.wire->raw()); !trouble.empty())
        return trouble;
    }
    return {};
  }
};

} // namespace

CAF_TEST(every frame gives its credit back once and every entry comes once) {
  for (unsigned seed = 1; seed <= 150; ++seed) {
    const auto trouble = random_conversation{}.converse(seed);
    if (!trouble.empty())
      CAF_FAIL("seed " << seed << ": " << trouble);
  }
}

} // namespace credit_suite
