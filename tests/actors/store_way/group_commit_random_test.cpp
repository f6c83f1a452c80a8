// Thousands of ways through the store's queue, over a store that fails before and after its commit,
// hangs, and refuses drafts: what was answered is what the log holds.
#define CAF_SUITE group_commit_random

#include "actors/group_commit.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/store_way/drafts.hpp"

#include <caf/test/unit_test.hpp>

#include <map>
#include <random>
#include <set>

using namespace callboard;
using namespace callboard::samples;
using namespace std::chrono_literals;

namespace group_commit_random_suite {

namespace {

constexpr int rooms = 4;

/// What happened at all, in all histories.
struct sights {
  unsigned late = 0;       ///< Appends that were undecided first.
  unsigned refused = 0;    ///< Appends that were refused for certain.
  unsigned repeated = 0;   ///< Drafts that had committed unheard.
  unsigned guilty = 0;     ///< Drafts that the store refused.
  unsigned interrupts = 0; ///< Calls that hung.
};

/// One history under one seed.
class history_of_seed {
public:
  history_of_seed(unsigned seed, sights& seen)
    : seed_{seed},
      seen_{seen},
      random_{seed},
      bounds_{bounds_of(random_)},
      queue_{bounds_, [this](std::uint32_t below) { return below_(below); }} {
    log_->refuse_when([](const draft& d) { return d.text == "poison"; });
    log_->fail_when([this](memory_call) {
      if (!faulty_ || below_(3) != 0)
        return memory_fault::none;
      return below_(2) == 0 ? memory_fault::before_commit : memory_fault::after_commit;
    });
  }

  void run() {
    for (int i = 0; i < 400; ++i)
      step();
    faulty_ = false;
    for (int i = 0; i < 4000 && !settled(); ++i)
      drain();
    for (int i = 0; i < 20 || given_; ++i)
      drain(); // an open that nobody waits for may still be under way
    need(settled(), "somebody was never answered");
    check_log();
    check_bytes();
  }

private:
  struct asked {
    int room = 0;
    std::vector<draft_ptr> drafts;
    bool decided = false;   ///< Stored, or refused for certain.
    bool undecided = false; ///< Was told so.
    bool refused = false;
  };

  static limits bounds_of(std::mt19937& random) {
    limits bounds;
    bounds.batch_posts = 1 + random() % 9;
    bounds.batch_bytes = 300 + random() % 2000;
    bounds.waiting_bytes = 2000 + random() % 4000;
    return bounds;
  }

  std::uint32_t below_(std::uint32_t below) {
    return static_cast<std::uint32_t>(random_() % below);
  }

  void step() {
    switch (below_(6)) {
      case 0:
      case 1:
        return post(static_cast<int>(below_(rooms)));
      case 2:
        return below_(2) == 0 ? keep_other(queue_.open("room0", now_), true)
                              : keep_other(queue_.claim({"ann", {"a1", "ann"}}, now_), false);
      case 3:
        now_ += std::chrono::milliseconds{below_(1500)};
        return look_at_clock();
      default:
        return work();
    }
  }

  void drain() {
    now_ += 200ms;
    look_at_clock();
    work();
  }

  void post(int room) {
    if (open_[room] != 0)
      return; // a room has one append under way
    asked ask{room, {}};
    for (auto n = 1 + below_(5); n > 0; --n) {
      const auto text = below_(12) == 0 ? "poison" : std::string(below_(400), 'x');
      ask.drafts.push_back(draft_of(std::to_string(++last_draft_), name(room), text));
    }
    const auto id = queue_.append(ask.drafts, now_);
    if (!id)
      return;
    open_[room] = *id;
    asked_.emplace(*id, std::move(ask));
  }

  void keep_other(std::optional<work_id> id, bool is_open) {
    if (id)
      others_.emplace(*id, is_open);
  }

  void work() {
    if (given_) {
      if (hanging_)
        return; // until it is interrupted
      const auto result = call(*given_);
      given_.reset();
      take(queue_.finish(result, now_));
    }
    need(!queue_.under_way(), "two jobs are under way");
    given_ = queue_.next(now_);
    hanging_ = given_ && faulty_ && below_(10) == 0;
    need(queue_.under_way() == given_.has_value(), "under_way() is wrong");
    if (given_ && std::holds_alternative<batch_ptr>(*given_))
      need(std::get<batch_ptr>(*given_)->size() <= bounds_.batch_posts, "a batch is too large");
  }

  job_result call(const job& what) {
    const auto as_result = [](const auto& x) { return job_result{x}; };
    if (const auto* batch = std::get_if<batch_ptr>(&what))
      return std::visit(as_result, store_.append(**batch));
    if (const auto* open = std::get_if<store_open>(&what))
      return std::visit(as_result, store_.open(open->room));
    if (const auto* claim = std::get_if<std::shared_ptr<const name_claim>>(&what))
      return std::visit(as_result, store_.claim_name(**claim));
    return std::visit(as_result, store_.ping());
  }

  void look_at_clock() {
    take(queue_.lose_patience(now_));
    if (!queue_.stuck(now_))
      return;
    need(given_.has_value(), "an idle writer is stuck");
    ++seen_.interrupts;
    hanging_ = false;
    if (below_(2) == 0)
      (void)call(*given_); // it had committed, and nobody heard
    given_.reset();
    take(queue_.finish(store_failure{store_fault::again, "interrupted"}, now_));
  }

  void take(const std::vector<work_answer>& answers) {
    for (const auto& a : answers) {
      const auto of = std::visit([](const auto& x) { return x.of; }, a);
      if (const auto other = others_.find(of); other != others_.end()) {
        if (const auto* refusal = std::get_if<work_refused>(&a))
          need(!refusal->undecided, "an open or claim is undecided");
        else
          need(std::holds_alternative<work_opened>(a) == other->second,
               "an answer of another kind");
        others_.erase(other); // a second answer would be of nobody
        continue;
      }
      auto& ask = asked_.at(of);
      need(!ask.decided, "a second answer");
      if (open_[ask.room] == of)
        open_[ask.room] = 0;
      if (const auto* stored = std::get_if<work_stored>(&a))
        keep_receipts(of, ask, stored->receipts);
      else
        keep_refusal(ask, std::get<work_refused>(a));
    }
  }

  void keep_receipts(work_id of, asked& ask, const std::vector<receipt>& receipts) {
    need(of > last_stored_, "answers are out of turn");
    last_stored_ = of;
    ask.decided = true;
    need(receipts.size() == ask.drafts.size(), "receipts are missing");
    seen_.late += ask.undecided ? 1 : 0;
    for (std::size_t i = 0; i < receipts.size(); ++i)
      receipts_.emplace(ask.drafts[i]->client_id, receipts[i]);
  }

  void keep_refusal(asked& ask, const work_refused& refusal) const {
    need(refusal.why == errc::unavailable, "refused for another reason");
    need(!ask.undecided, "told undecided twice");
    ask.undecided = refusal.undecided;
    ask.decided = ask.refused = !refusal.undecided;
    seen_.refused += ask.refused ? 1 : 0;
  }

  bool settled() const {
    for (const auto& [id, ask] : asked_)
      if (!ask.decided)
        return false;
    return others_.empty();
  }

  void check_log() const {
    for (int room = 0; room < rooms; ++room) {
      const auto entries = log_->entries(name(room));
      std::size_t place = 0;
      for (const auto& [id, ask] : asked_) { // in the order of posting
        if (ask.room != room)
          continue;
        for (const auto& d : ask.drafts) {
          const bool in_log = place < entries.size() && entries[place].client_id == d->client_id;
          const bool wanted = !ask.refused && d->text != "poison";
          need(in_log == wanted, wanted ? "a draft is missing" : "a refused draft was stored");
          if (!ask.refused)
            check_receipt(*d, wanted ? &entries[place] : nullptr);
          place += in_log ? 1 : 0;
        }
      }
      need(place == entries.size(), "the log holds more than was asked");
    }
  }

  void check_receipt(const draft& d, const entry* stored) const {
    const auto& r = receipts_.at(d.client_id);
    seen_.repeated += r.duplicate ? 1 : 0;
    seen_.guilty += r.refused ? 1 : 0;
    need(r.refused == (stored == nullptr) && !r.conflict, "a receipt lies");
    need(r.seq == (stored != nullptr ? stored->seq : 0), "a receipt has another seq");
    need(r.at_ms == (stored != nullptr ? stored->at_ms : 0), "a receipt has another time");
  }

  /// With everything answered, exactly `waiting_bytes` fit again.
  void check_bytes() {
    const auto one = draft_of("fill-1");
    const auto rest = bounds_.waiting_bytes - cost_of(*one);
    const auto other =
      draft_of("fill-2", "den", std::string(rest - cost_of(*draft_of("fill-2", "den", "")), 'x'));
    need(queue_.append({one}, now_).has_value(), "an idle queue takes nothing");
    need(queue_.append({other}, now_).has_value(), "bytes were never given back");
    need(!queue_.append({draft_of("", "", "")}, now_), "bytes were given back twice");
  }

  void need(bool holds, const char* otherwise) const {
    if (!holds)
      CAF_FAIL("seed " << seed_ << ": " << otherwise);
  }

  static std::string name(int room) { return "room" + std::to_string(room); }

  unsigned seed_;
  sights& seen_;
  std::mt19937 random_;
  limits bounds_;
  std::shared_ptr<memory_log> log_ = std::make_shared<memory_log>();
  memory_store store_{log_};
  group_commit queue_;
  group_commit::time_point now_{1h};
  bool faulty_ = true;
  std::optional<job> given_;
  bool hanging_ = false;
  std::map<work_id, asked> asked_;
  std::map<work_id, bool> others_; ///< Opens (true) and claims that are not answered yet.
  std::map<int, work_id> open_;    ///< The append that a room waits for; 0: none.
  std::map<std::string, receipt> receipts_;
  work_id last_stored_ = 0;
  unsigned last_draft_ = 0;
};

} // namespace

CAF_TEST(under any faults every append is answered once and truly and in order) {
  sights all;
  for (unsigned seed = 1; seed <= 1000; ++seed)
    history_of_seed{seed, all}.run();
  // Without these the histories would prove little.
  CAF_CHECK(all.late > 100);
  CAF_CHECK(all.refused > 100);
  CAF_CHECK(all.repeated > 100);
  CAF_CHECK(all.guilty > 100);
  CAF_CHECK(all.interrupts > 100);
}

} // namespace group_commit_random_suite
