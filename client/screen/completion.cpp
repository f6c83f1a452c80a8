// A name at the start of a line is followed by ": ", as people address each other.
#include "client/screen/completion.hpp"

#include "client/screen/text_width.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace callboard::client {

namespace {

struct emoji {
  std::string_view name;
  std::string_view text;
};

constexpr std::array<emoji, 20> emojis{{
  {":+1:", "\xF0\x9F\x91\x8D"},     {":-1:", "\xF0\x9F\x91\x8E"},
  {":bug:", "\xF0\x9F\x90\x9B"},    {":clap:", "\xF0\x9F\x91\x8F"},
  {":coffee:", "\xE2\x98\x95"},     {":cry:", "\xF0\x9F\x98\xA2"},
  {":eyes:", "\xF0\x9F\x91\x80"},   {":fire:", "\xF0\x9F\x94\xA5"},
  {":grin:", "\xF0\x9F\x98\x81"},   {":heart:", "\xE2\x9D\xA4"},
  {":joy:", "\xF0\x9F\x98\x82"},    {":laugh:", "\xF0\x9F\x98\x84"},
  {":ok:", "\xF0\x9F\x91\x8C"},     {":party:", "\xF0\x9F\x8E\x89"},
  {":rocket:", "\xF0\x9F\x9A\x80"}, {":shrug:", "\xF0\x9F\xA4\xB7"},
  {":smile:", "\xF0\x9F\x98\x80"},  {":thinking:", "\xF0\x9F\xA4\x94"},
  {":wave:", "\xF0\x9F\x91\x8B"},   {":wink:", "\xF0\x9F\x98\x89"},
}};

bool takes_room(std::string_view text) {
  return text.starts_with("/join ") || text.starts_with("/leave ");
}

} // namespace

completion::completion(std::string_view text, std::size_t caret, const word_sources& sources) {
  const auto blank = caret == 0 ? std::string_view::npos : text.find_last_of(" \n", caret - 1);
  begin_ = blank == std::string_view::npos ? 0 : blank + 1;
  auto start = text.substr(begin_, caret - begin_);
  const bool first = begin_ == 0 || text[begin_ - 1] == '\n';
  if (begin_ == 0 && start.starts_with('/') && !start.starts_with("//")) {
    gather(sources.commands, start, " ");
  } else if (start.size() > 1 && start.starts_with(':')) {
    for (const auto& one : emojis)
      if (one.name.starts_with(start))
        words_.push_back(std::string{one.text} + " ");
  } else if (takes_room(text)) {
    begin_ = std::min(text.find(' ') + 1, caret); // Names of rooms may have spaces in them.
    gather_rooms(sources.rooms, text.substr(begin_, caret - begin_));
  } else if (start.starts_with('#')) {
    ++begin_;
    gather(sources.rooms, start.substr(1), " ");
  } else if (start.starts_with('@')) {
    ++begin_;
    gather(sources.names, start.substr(1), " ");
  } else if (!start.empty() || first) {
    gather(sources.names, start, first ? ": " : " ");
  }
}

void completion::gather(const std::vector<std::string>& from, std::string_view start,
                        std::string_view behind) {
  const auto wanted = folded(start);
  for (const auto& word : from)
    if (folded(word).starts_with(wanted))
      words_.push_back(word + std::string{behind});
}

/// A # in front is no part of the name, unless some room has it there.
void completion::gather_rooms(const std::vector<std::string>& rooms, std::string_view start) {
  gather(rooms, start, "");
  if (words_.empty() && start.starts_with('#'))
    gather(rooms, start.substr(1), "");
}

const std::string& completion::next() {
  at_ = std::exchange(begun_, true) ? (at_ + 1) % words_.size() : 0;
  return words_[at_];
}

const std::string& completion::previous() {
  at_ = std::exchange(begun_, true) ? (at_ + words_.size() - 1) % words_.size() : words_.size() - 1;
  return words_[at_];
}

} // namespace callboard::client
