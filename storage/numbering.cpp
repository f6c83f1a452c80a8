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
  std::unordered_map<std::string_view, std::size_t> places;
  std::vector<item> items;
  items.reserve(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (firsts[i] != i)
      continue;
    const auto& name = batch[i]->room;
    // Drafts of one room mostly stand together.
    if (items.empty() || made.rooms[items.back().room].name != name) {
      const auto [place, is_new] = places.try_emplace(name, made.rooms.size());
      if (is_new) {
        const auto* row = known.find(name);
        if (row == nullptr)
          return std::nullopt;
        made.rooms.push_back({name, row->id, row->head, row->head});
      }
      items.push_back({i, place->second});
    } else {
      items.push_back({i, items.back().room});
    }
    auto& room = made.rooms[items.back().room];
    if (room.last >= seq_max)
      return std::nullopt;
    made.receipts[i].seq = ++room.last;
  }
  for (std::size_t i = 0; i < batch.size(); ++i)
    if (const auto first = firsts[i]; first != i) {
      made.receipts[i].seq = made.receipts[first].seq;
      made.receipts[i].duplicate = true;
      made.receipts[i].conflict = batch[i]->text != batch[first]->text;
    }

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
      return std::nullopt; // One row cannot be two rooms: the memory is of two databases.
    made.lines.push_back({batch[one.place].get(), sorted.size() - 1, made.receipts[one.place].seq});
  }
  made.rooms = std::move(sorted);
  return made;
}

} // namespace callboard
