// The limit of the store: the same rows into the same two indexes by the best plain batch insert,
// alone on the machine, and what one row's commit takes.
#include "bench/report.hpp"
#include "bench/rows.hpp"
#include "bench/scenario.hpp"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace callboard::bench {

namespace {

/// Rows as callboard stores them: 120 characters of text, ids of 17 and 32 characters.
class row_maker {
public:
  row_maker(std::int64_t rooms, std::string tag)
    : heads_(static_cast<std::size_t>(rooms)), tag_{std::move(tag)} {}

  std::vector<row> make(std::int64_t count) {
    std::vector<row> batch;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto room = static_cast<std::size_t>(made_) % heads_.size();
      auto number = std::to_string(made_++);
      number.insert(0, 9 - number.size(), '0');
      // The author's random id: one sender for each room.
      auto author = std::to_string(0x9e3779b97f4a7c15ULL * (room + 1));
      author.resize(32, 'a');
      batch.push_back({1'000'000 + static_cast<std::int64_t>(room), ++heads_[room], author,
                       "u" + tag_ + "-" + std::to_string(room), "p" + number + "-" + tag_,
                       std::string(120, 'x'), 1'763'900'000'000 + made_});
    }
    return batch;
  }

private:
  std::vector<std::int64_t> heads_;
  std::string tag_;
  std::int64_t made_ = 0;
};

/// Rows a second in batches of `size`, for `time`.
double measure(row_store& store, row_maker& rows, std::int64_t size, std::chrono::milliseconds time,
               histogram* commits) {
  std::vector<std::vector<row>> ready; // Made before the clock starts, used in turn.
  std::int64_t stored = 0;
  std::int64_t used = 0;
  while (used < std::chrono::nanoseconds{time}.count()) {
    ready.assign(1, rows.make(size));
    const auto began = now_ns();
    store.store(ready.front());
    const auto took = now_ns() - began;
    used += took;
    stored += size;
    if (commits != nullptr)
      commits->add(took);
  }
  return static_cast<double>(stored) * 1e9 / static_cast<double>(used);
}

} // namespace

void insert(arguments& given) {
  const auto store = open_row_store(given.text("database", ""));
  const auto time = given.time("time_ms", 1500);
  row_maker rows{given.number("rooms", 200), given.text("tag", "aaaaaa")};
  given.all_used();
  (void)measure(*store, rows, 100, time / 4, nullptr);
  histogram commits;
  report out;
  double best = 0;
  for (const std::int64_t size : {100, 1000, 4000}) {
    const auto rate = measure(*store, rows, size, time, nullptr);
    out.add("rows_per_s_" + std::to_string(size), rate);
    best = std::max(best, rate);
  }
  out.add("rows_per_s", best);
  out.add("single_per_s", measure(*store, rows, 1, time / 2, &commits));
  out.add("commit", commits);
  out.print();
}

} // namespace callboard::bench

/// insert database=URL tag=SIX_CHARACTERS [rooms=NUMBER] [time_ms=MS]
int main(int count, char** words) {
  try {
    callboard::bench::arguments given{count - 1, words + 1}; // NOLINT(*-pointer-arithmetic)
    callboard::bench::insert(given);
    return 0;
  } catch (const std::exception& error) {
    (void)std::fprintf(stderr, "insert: %s\n", error.what());
    return 1;
  }
}
