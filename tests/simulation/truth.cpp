// Density, uniqueness and immutability of the logs are checked as they grow.
#include "tests/simulation/truth.hpp"

namespace callboard::simulation {

void truth::committed(const draft& what, const receipt& got) {
  auto& room = logs_[what.room];
  const auto key = std::pair{what.from.id, what.client_id};
  if (got.refused)
    return;
  if (got.duplicate || got.conflict) {
    const auto known = room.ids.find(key);
    if (known == room.ids.end() || known->second != got.seq)
      fail("the store calls " + what.client_id + " a repetition of entry " + std::to_string(got.seq)
           + ", which it is not");
    return;
  }
  if (got.seq != room.entries.size() + 1)
    return fail("the log of " + what.room + " is not dense: entry " + std::to_string(got.seq)
                + " after " + std::to_string(room.entries.size()));
  if (!room.ids.emplace(key, got.seq).second)
    fail("stored twice: " + what.client_id + " in " + what.room);
  room.entries.push_back({got.seq, what.from, what.client_id, what.text, got.at_ms, what.kind});
  ++room.texts[what.text];
  ++entries_;
}

const entry* truth::find(const std::string& room, seq_t seq) const {
  const auto found = logs_.find(room);
  if (found == logs_.end() || seq == 0 || seq > found->second.entries.size())
    return nullptr;
  return &found->second.entries[seq - 1];
}

seq_t truth::head(const std::string& room) const {
  const auto found = logs_.find(room);
  return found == logs_.end() ? 0 : found->second.entries.size();
}

void truth::shown(const std::string& room, const entry& what, const std::string& where) {
  const auto* real = find(room, what.seq);
  if (real == nullptr)
    fail(where + " got entry " + std::to_string(what.seq) + " of " + room
         + " that is not committed");
  else if (!(*real == what))
    fail(where + " got entry " + std::to_string(what.seq) + " of " + room
         + " with other contents than the store's: \"" + what.text + "\", not \"" + real->text
         + "\"");
}

void truth::acknowledged(const std::string& room, const std::string& author, const std::string& id,
                         seq_t seq, std::int64_t at_ms, const std::string& where) {
  const auto real = seq_of(room, author, id);
  if (real == 0)
    fail(where + " got a receipt for " + id + " in " + room + " that is not committed");
  else if (real != seq)
    fail(where + " got a receipt for " + id + " with seq " + std::to_string(seq) + ", not "
         + std::to_string(real));
  else if (const auto stored = find(room, seq)->at_ms; stored != at_ms)
    fail(where + " got a receipt for " + id + " with another time than the store's: "
         + std::to_string(at_ms) + ", not " + std::to_string(stored));
}

void truth::first_receipt(const std::string& room, const std::string& author,
                          const std::string& id) {
  const auto seq = seq_of(room, author, id);
  if (seq != 0 && !logs_[room].told_as_new.insert(seq).second)
    fail("two receipts say that " + id + " in " + room + " is no repetition");
}

void truth::named(const author& who, std::int64_t now_ms) {
  constexpr std::int64_t day_ms = 86400000;
  auto& owner = names_[who.name];
  if (!owner.author.empty() && owner.author != who.id && now_ms - owner.seen_ms < day_ms)
    fail("the name " + who.name + " has two authors: " + owner.author + " and " + who.id);
  owner = {who.id, now_ms};
}

seq_t truth::seq_of(const std::string& room, const std::string& author,
                    const std::string& id) const {
  const auto found = logs_.find(room);
  if (found == logs_.end())
    return 0;
  const auto at = found->second.ids.find({author, id});
  return at == found->second.ids.end() ? 0 : at->second;
}

std::size_t truth::times(const std::string& room, const std::string& text) const {
  const auto found = logs_.find(room);
  if (found == logs_.end())
    return 0;
  const auto at = found->second.texts.find(text);
  return at == found->second.texts.end() ? 0 : at->second;
}

} // namespace callboard::simulation
