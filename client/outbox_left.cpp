// A line that cannot be read is passed over: had it said that a message is stored, the message goes
// out again under its id and is still stored once.
#include "client/outbox_left.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace callboard::client {

bool outbox_left::has(const std::string& id) const {
  return std::any_of(posts.begin(), posts.end(), [&id](const post& p) { return p.what.id == id; });
}

bool outbox_left::erase(const std::string& id) {
  return std::erase_if(posts, [&id](const post& p) { return p.what.id == id; }) > 0;
}

void outbox_left::bind(const std::string& author_id) {
  for (auto& post : posts)
    if (post.author.empty())
      post.author = author_id; // Nothing, when nobody knows who is next.
  author = author_id;
}

std::size_t outbox_left::bytes() const {
  return std::accumulate(posts.begin(), posts.end(), std::size_t{0},
                         [](std::size_t sum, const post& p) { return sum + p.what.text.size(); });
}

std::string outbox_left::to_lines() const {
  std::string lines;
  std::string now;
  const auto become = [&lines, &now](const std::string& author_id) {
    if (std::exchange(now, author_id) != author_id)
      lines += to_line({journal_record::what::author, author_id, {}, {}});
  };
  for (const auto& post : posts) {
    become(post.author);
    lines += to_line({journal_record::what::post, post.what.room, post.what.id, post.what.text});
  }
  become(author);
  return lines;
}

outbox_left read_outbox(std::string_view text) {
  outbox_left left;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos)
      break;
    auto record = read_line(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (!record) {
      left.damaged_line = left.damaged_line == 0 ? number : left.damaged_line;
      continue;
    }
    switch (record->kind) {
      case journal_record::what::head:
        left.head = std::move(record);
        break;
      case journal_record::what::author:
        left.bind(record->first);
        break;
      case journal_record::what::post:
        if (!left.has(record->second))
          left.posts.push_back({{record->first, record->second, record->third}, left.author});
        break;
      case journal_record::what::done:
        left.erase(record->second);
        break;
    }
  }
  return left;
}

} // namespace callboard::client
