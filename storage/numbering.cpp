// Numbers by memory: see the header. All in a few passes over flat arrays, since it is on the way
// of every post.
#include "storage/numbering.hpp"

#include "storage/fit.hpp"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

namespace callboard {

namespace {

/// A draft of the batch on the way to its line.
struct item {
  std::size_t place = 0; ///< In the batch.
  std::size_t room = 0;
};

/// Where the drafts of a batch that say the same stand: for each, the first of its kind.
std::vector<std::size_t> firsts_of(std::span<const draft_ptr> batch) {
  std::vector<std::pair<std::size_t, std::size_t>> by_hash(batch.size()); // hash, place
  constexpr std::hash<std::string_view> hash{};
  for (std::size_t i = 0; i < batch.size(); ++i)
    by_hash[i] = {hash(batch[i]->client_id) * 31 + hash(batch[i]->from.id), i};
  std::sort(by_hash.begin(), by_hash.end());
  std::vector<std::size_t> firsts(batch.size());
  const auto identity = [&](std::size_t i) {
    return std::tie(batch[i]->client_id, batch[i]->from.id, batch[i]->room);
  };
  for (std::size_t i = 0; i < by_hash.size(); ++i) {
    const auto place = firsts[by_hash[i].second] = by_hash[i].second;
    for (auto j = i; j > 0 && by_hash[j - 1].first == by_hash[i].first; --j)
      if (identity(by_hash[j - 1].second) == identity(place)) {
        firsts[place] = firsts[by_hash[j - 1].second];
        break;
      }
  }
  return firsts;
}

/// The rooms of a batch, each with its place in the list that it makes.
class room_finder {
public:
  room_finder(const remembered_rooms& known, std::vector<numbered_batch::room>& found)
    : known_{known}, found_{found} {}

  /// Nothing when the room is not remembered.
  std::optional<std::size_t> place_of(const std::string& name) {
    // Drafts of one room mostly stand together.
    if (last_ < found_.size() && found_[last_].name == name)
      return last_;
    const auto [place, is_new] = places_.try_emplace(name, found_.size());
    if (is_new) {
      const auto* row = known_.find(name);
      if (row == nullptr || row->id == 0)
        return std::nullopt;
      found_.push_back({name, row->id, row->head, row->head});
    }
    return last_ = place->second;
  }

private:
  const remembered_rooms& known_;
  std::vector<numbered_batch::room>& found_;
  std::unordered_map<std::string_view, std::size_t> places_;
  std::size_t last_ = 0;
};

/// Puts rooms and lines in order of the rooms' ids. False when one row would be two rooms: then the
/// memory is of two databases.
bool sort(numbered_batch& made, std::vector<item> items, std::span<const draft_ptr> batch) {
  std::stable_sort(items.begin(), items.end(), [&](const item& a, const item& b) {
    return made.rooms[a.room].id < made.rooms[b.room].id;
  });
  std::vector<numbered_batch::room> sorted;
  sorted.reserve(made.rooms.size());
  made.lines.reserve(items.size());
  for (const auto& one : items) {
    const auto& room = made.rooms[one.room];
    if (sorted.empty() || sorted.back().id != room.id)
      sorted.push_back(room);
    else if (sorted.back().name != room.name)
      return false;
    made.lines.push_back({batch[one.place].get(), sorted.size() - 1, made.receipts[one.place].seq});
  }
  made.rooms = std::move(sorted);
  return true;
}

} // namespace

const remembered_rooms::row* remembered_rooms::find(const std::string& room) const {
  const auto place = rows_.find(room);
  return place == rows_.end() ? nullptr : &place->second;
}

void remembered_rooms::remember(const std::string& room, row what) {
  if (rows_.size() >= most_ && !rows_.contains(room))
    rows_.clear();
  rows_.insert_or_assign(room, what);
}

std::optional<numbered_batch> number(std::span<const draft_ptr> batch,
                                     const remembered_rooms& known) {
  numbered_batch made;
  made.receipts.resize(batch.size());
  const auto firsts = firsts_of(batch);
  room_finder rooms{known, made.rooms};
  std::vector<item> items;
  items.reserve(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (firsts[i] != i)
      continue;
    const auto room = rooms.place_of(batch[i]->room);
    if (!room || made.rooms[*room].last >= seq_max)
      return std::nullopt;
    made.receipts[i].seq = ++made.rooms[*room].last;
    items.push_back({i, *room});
  }
  for (std::size_t i = 0; i < batch.size(); ++i)
    if (const auto first = firsts[i]; first != i)
      made.receipts[i] = {.seq = made.receipts[first].seq,
                          .duplicate = true,
                          .conflict = batch[i]->text != batch[first]->text};
  if (!sort(made, std::move(items), batch))
    return std::nullopt;
  return made;
}

} // namespace callboard
