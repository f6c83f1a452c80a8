// Drafts, entries and runs as short as tests want to write them.
#pragma once

#include "actors/group_commit.hpp"
#include "wire/run.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::samples {

inline draft_ptr draft_of(std::string id, std::string room = "den", std::string text = "hello") {
  return std::make_shared<const draft>(
    draft{std::move(room), {"a1", "ann"}, std::move(id), std::move(text)});
}

inline std::vector<draft_ptr> drafts_of(const std::vector<std::string>& ids,
                                        const std::string& room = "den") {
  std::vector<draft_ptr> all;
  all.reserve(ids.size());
  for (const auto& id : ids)
    all.push_back(draft_of(id, room));
  return all;
}

/// The client ids of a batch, with a space between; "ping", "open ROOM", "claim KEY" of other jobs.
inline std::string name_of(const job& what) {
  std::string text;
  if (const auto* batch = std::get_if<batch_ptr>(&what)) {
    for (const auto& d : **batch)
      text += (text.empty() ? "" : " ") + d->client_id;
  } else if (const auto* open = std::get_if<store_open>(&what)) {
    text = "open " + open->room;
  } else if (const auto* name = std::get_if<std::shared_ptr<const name_claim>>(&what)) {
    text = "claim " + (*name)->key;
  } else {
    text = "ping";
  }
  return text;
}

inline std::vector<entry> entries_of(seq_t first, seq_t last, const std::string& text = "hello") {
  std::vector<entry> all;
  for (auto seq = first; seq <= last; ++seq)
    all.push_back({seq, {"a1", "ann"}, "m" + std::to_string(seq), text, 1000});
  return all;
}

inline run_ptr run_of(seq_t first, seq_t last, std::string room = "den",
                      const std::string& text = "hello") {
  return std::make_shared<const entry_run>(std::move(room), entries_of(first, last, text));
}

} // namespace callboard::samples
