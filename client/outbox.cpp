// While nothing was refused, the posts under way are the first ones of the queue; that is what
// makes the order of the log the order of the typing.
#include "client/outbox.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace callboard::client {

void outbox::push(std::string id, std::string text) {
  bytes_ += text.size();
  items_.push_back({std::move(id), std::move(text)});
}

void outbox::restore(std::vector<item> left) {
  auto place = items_.begin();
  for (auto& what : left) {
    bytes_ += what.text.size();
    place =
      std::next(items_.insert(place, {std::move(what.id), std::move(what.text), 0, true, true}));
  }
}

const outbox::item* outbox::next(time_point now) const {
  if (retry_at_ && (under_way_ > 0 || now < *retry_at_))
    return nullptr;
  const auto place =
    std::find_if(items_.begin(), items_.end(), [](const item& what) { return what.attempt == 0; });
  return place == items_.end() ? nullptr : &*place;
}

void outbox::sent(std::uint64_t attempt) {
  const auto place =
    std::find_if(items_.begin(), items_.end(), [](const item& what) { return what.attempt == 0; });
  if (place == items_.end())
    return;
  retry_at_.reset();
  place->attempt = attempt;
  place->tried = true;
  ++under_way_;
}

bool outbox::stored(const std::string& id) {
  return erase(id);
}

bool outbox::drop(const std::string& id) {
  return erase(id);
}

bool outbox::tried(const std::string& id) const {
  return std::any_of(items_.begin(), items_.end(),
                     [&id](const item& what) { return what.id == id && what.tried; });
}

void outbox::refused(const std::string& id, std::uint64_t attempt, time_point retry_at) {
  const auto place = find(id);
  if (place == items_.end() || place->attempt != attempt || attempt == 0)
    return;
  land(*place);
  retry_at_ = retry_at_ ? std::max(*retry_at_, retry_at) : retry_at;
}

void outbox::lost() {
  for (auto& what : items_)
    land(what);
  retry_at_.reset();
}

std::optional<outbox::time_point> outbox::due() const {
  return under_way_ == 0 ? retry_at_ : std::nullopt;
}

std::deque<outbox::item>::iterator outbox::find(const std::string& id) {
  return std::find_if(items_.begin(), items_.end(),
                      [&id](const item& what) { return what.id == id; });
}

bool outbox::erase(const std::string& id) {
  const auto place = find(id);
  if (place == items_.end())
    return false;
  land(*place);
  bytes_ -= place->text.size();
  items_.erase(place);
  if (items_.empty())
    retry_at_.reset();
  return true;
}

void outbox::land(item& what) {
  if (what.attempt != 0)
    --under_way_;
  what.attempt = 0;
}

} // namespace callboard::client
