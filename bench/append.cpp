// The store alone, without actors and sockets: the same batches by append() and by the plain
// insert, in turn, so that what else the machine does meets both.
#include "bench/clock.hpp"
#include "bench/report.hpp"
#include "bench/rows.hpp"
#include "bench/scenario.hpp"
#include "storage/store.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <vector>

namespace callboard::bench {

namespace {

std::string with_number(std::string_view front, std::int64_t number) {
  std::string text{front};
  return text.append(std::to_string(number));
}

struct shape {
  std::int64_t rooms = 0;
  std::int64_t run = 0; ///< Drafts of one room that stand together, as a room's append has them.
  std::int64_t batch = 0;
  std::string tag;
};

/// The same messages as drafts and as rows: 120 characters of text, ids of 17 and 32 characters.
class message_maker {
public:
  explicit message_maker(shape how)
    : how_{std::move(how)}, heads_(static_cast<std::size_t>(how_.rooms)) {}

  std::vector<draft_ptr> drafts() {
    std::vector<draft_ptr> batch;
    for (std::int64_t i = 0; i < how_.batch; ++i) {
      const auto room = next();
      batch.push_back(std::make_shared<const draft>(
        draft{name_of(room), {author_of(room), with_number("u", room)}, id(), text()}));
    }
    return batch;
  }

  std::vector<row> rows() {
    std::vector<row> batch;
    for (std::int64_t i = 0; i < how_.batch; ++i) {
      const auto room = next();
      batch.push_back({1'000'000 + room, ++heads_[static_cast<std::size_t>(room)], author_of(room),
                       with_number("u", room), id(), text(), 1'763'900'000'000 + made_});
    }
    return batch;
  }

  [[nodiscard]] std::string name_of(std::int64_t room) const {
    return with_number("b-" + how_.tag + "-", room);
  }

private:
  std::int64_t next() { return made_++ / how_.run % how_.rooms; }
  [[nodiscard]] static std::string text() {
    std::string text;
    return text.append(120, 'x');
  }

  [[nodiscard]] std::string id() const {
    const auto number = std::to_string(made_);
    std::string id{"p"};
    return id.append(9 - number.size(), '0').append(number).append("-").append(how_.tag);
  }

  [[nodiscard]] static std::string author_of(std::int64_t room) {
    auto author = std::to_string(0x9e3779b97f4a7c15ULL * (static_cast<std::uint64_t>(room) + 1));
    author.resize(32, 'a');
    return author;
  }

  shape how_;
  std::vector<std::int64_t> heads_;
  std::int64_t made_ = 0;
};

/// Rows a second, for `time` of calls; making the batches is not counted.
template <class Make, class Store>
double measure(std::chrono::nanoseconds time, std::int64_t size, Make make, Store store) {
  std::int64_t stored = 0;
  std::int64_t used = 0;
  while (used < time.count()) {
    const auto batch = make();
    const auto began = now_ns();
    store(batch);
    used += now_ns() - began;
    stored += size;
  }
  return static_cast<double>(stored) * 1e9 / static_cast<double>(used);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

template <class T, class Other>
T require(std::variant<T, Other> what) {
  if (auto* value = std::get_if<T>(&what))
    return std::move(*value);
  throw std::runtime_error{"the store failed"};
}

} // namespace

void append(arguments& given) {
  const auto url = given.text("database", "");
  const auto plain_url = given.text("plain", url);
  const shape how{given.number("rooms", 200), given.number("run", 40), given.number("batch", 1024),
                  given.text("tag", "aaaaaa")};
  const auto time = given.time("time_ms", 250);
  const auto rounds = given.number("rounds", 9);
  given.all_used();

  const auto place = require(open_database(url));
  (void)require(place->prepare());
  if (plain_url != url)
    (void)require(require(open_database(plain_url))->prepare());
  const auto ours = place->writer();
  const auto plain = open_row_store(plain_url);
  message_maker our_messages{how};
  message_maker plain_messages{how};
  for (std::int64_t room = 0; room < how.rooms; ++room)
    (void)require(ours->open(our_messages.name_of(room))); // as the server does before any post

  std::vector<double> append_rates;
  std::vector<double> insert_rates;
  std::vector<double> ratios;
  for (std::int64_t i = 0; i <= rounds; ++i) {
    const auto inserts = measure(
      time, how.batch, [&] { return plain_messages.rows(); },
      [&](const auto& batch) { plain->store(batch); });
    const auto appends = measure(
      time, how.batch, [&] { return our_messages.drafts(); },
      [&](const auto& batch) { (void)require(ours->append(batch)); });
    if (i == 0)
      continue; // prepared statements, pages, plans
    insert_rates.push_back(inserts);
    append_rates.push_back(appends);
    ratios.push_back(appends / inserts);
  }
  report out;
  out.add("append_rows_per_s", median(append_rates));
  out.add("insert_rows_per_s", median(insert_rates));
  out.add("ratio", median(ratios));
  out.add("ratio_least", *std::min_element(ratios.begin(), ratios.end()));
  out.add("ratio_most", *std::max_element(ratios.begin(), ratios.end()));
  out.print();
}

} // namespace callboard::bench

/// append database=URL tag=SIX_CHARACTERS [plain=URL] [rooms=NUMBER] [run=NUMBER] [batch=NUMBER]
/// [time_ms=MS] [rounds=NUMBER]. The databases may be empty. With SQLite the plain insert needs a
/// file of its own: in one file each pays for the other's checkpoints.
int main(int count, char** words) {
  try {
    callboard::bench::arguments given{count - 1, words + 1}; // NOLINT(*-pointer-arithmetic)
    callboard::bench::append(given);
    return 0;
  } catch (const std::exception& error) {
    (void)std::fprintf(stderr, "append: %s\n", error.what());
    return 1;
  }
}
