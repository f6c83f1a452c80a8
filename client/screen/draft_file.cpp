// A file is written beside and renamed; those of dead processes go when ours holds what they held.
// A process that dies in between leaves a text twice: the same text counts once, never none.
#include "client/screen/draft_file.hpp"

#include "client/screen/input_history.hpp"
#include "client/state_folder.hpp"

#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace callboard::client {

namespace {

/// Of what dead processes left; far more than anybody types.
constexpr std::size_t rooms_most = 1000;
constexpr std::size_t bytes_most = 4U << 20U;

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

} // namespace

draft_file::draft_file(std::string folder, const std::string& server)
  : folder_{std::move(folder)}, stem_{"drafts-" + name_hash(server) + "-"}, head_{server} {
  if (folder_.empty())
    return;
  std::error_code problem;
  std::filesystem::create_directories(folder_, problem);
  if (problem)
    folder_.clear();
  else
    take_over();
}

void draft_file::take_over() {
  std::vector<locked_file> files;
  std::size_t bytes = 0;
  for (const auto& path : locked_file::paths(folder_, stem_)) {
    auto file = locked_file::open(path, 0);
    const auto text = file ? file.read() : std::nullopt;
    std::string_view rest = text ? std::string_view{*text} : std::string_view{};
    // Of another server whose name has the same hash; or more than is good: it stays there. One
    // that is empty was never written.
    const bool other = !rest.empty() && take_line(rest) != head_;
    if (!text || other || (bytes += rest.size()) > bytes_most)
      continue;
    while (!rest.empty()) {
      const auto line = take_line(rest);
      const auto tab = line.find('\t');
      if (tab != std::string_view::npos && left_.size() < rooms_most)
        add(std::string{line.substr(0, tab)}, input_history::unescaped(line.substr(tab + 1)));
    }
    files.push_back(std::move(file));
  }
  if (files.empty())
    return;
  write(left_);
  if (written_ == left_)
    for (const auto& file : files)
      file.remove();
}

/// Of two texts in one room none is lost: they stand below each other.
void draft_file::add(const std::string& room, const std::string& text) {
  auto& have = left_[room];
  if (have.empty())
    have = text;
  else if (have != text)
    have += "\n" + text;
}

std::string draft_file::take(const std::string& room) {
  const auto place = left_.find(room);
  if (place == left_.end())
    return {};
  auto text = std::move(place->second);
  left_.erase(place);
  return text;
}

void draft_file::keep(const drafts& typed) {
  auto all = left_;
  for (const auto& [room, text] : typed)
    all[room] = text;
  if (all != written_)
    write(all);
}

void draft_file::write(const drafts& all) {
  if (folder_.empty())
    return;
  if (all.empty()) {
    if (file_)
      file_.remove();
    file_ = {};
    written_.clear();
    return;
  }
  // A room's name holds no tab and no line end: the server would refuse it.
  std::string text = head_ + "\n";
  for (const auto& [room, draft] : all)
    text += room + "\t" + input_history::escaped(draft) + "\n";
  if (!file_)
    file_ = locked_file::create(folder_, stem_);
  if (!file_)
    return; // Nowhere to write: without a path, what is removed below would be somebody else's.
  const auto beside = file_.path() + ".new";
  ::unlink(beside.c_str()); // Of a process that had our number and died here.
  auto fresh = locked_file::open(beside, O_CREAT | O_EXCL);
  if (!fresh)
    return;
  if (fresh.append(text) != 0 || !fresh.replace(file_)) {
    fresh.remove();
    return; // The old one is still whole.
  }
  file_ = std::move(fresh);
  written_ = all;
}

} // namespace callboard::client
