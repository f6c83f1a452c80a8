// Just enough of callboard.v1 for the load generator: hello, join, post. Its posts are trusted.
#include "bench/reference.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <utility>

namespace callboard::bench {

namespace {

/// As long as real ones.
constexpr std::string_view author_id = "5f0c7a1e9b3d4826a1c4e07d92b8f365";

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// RFC 3339 with milliseconds; the calendar is looked at once a second.
std::string time_text(std::int64_t ms) {
  static std::int64_t known = -1;
  static std::string text;
  if (const auto second = ms / 1000; second != known) {
    known = second;
    std::tm parts{};
    const auto time = static_cast<std::time_t>(second);
    gmtime_r(&time, &parts);
    std::array<char, 32> buffer{};
    const auto size = std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%S.", &parts);
    text.assign(buffer.data(), size);
  }
  auto part = std::to_string(ms % 1000);
  part.insert(0, 3 - part.size(), '0');
  return text + part + 'Z';
}

} // namespace

std::size_t reference::consume(peer& who, std::string_view bytes) {
  std::size_t used = 0;
  if (!who.upgraded) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos)
      return 0;
    who.upgraded = true;
    used = end + 4;
    push(who,
         "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Protocol: callboard.v1\r\nSec-WebSocket-Accept: "
           + std::string{sample_accept} + "\r\n\r\n",
         {});
  }
  std::string text;
  while (const auto frame = next_frame(bytes.substr(used))) {
    text.assign(bytes.substr(used + frame->head, frame->payload));
    for (std::size_t i = 0; i < text.size(); ++i)
      text[i] = static_cast<char>(static_cast<unsigned char>(text[i]) ^ frame->key.at(i % 4));
    used += frame->size();
    if (frame->opcode == 1)
      take(who, text);
  }
  return used;
}

void reference::take(peer& who, std::string_view json) {
  const char kind = json.size() > 9 ? json[9] : '?';
  if (kind == 'p') {
    take_post(who, json);
  } else if (kind == 'h') {
    who.name = text_field(json, "name");
    tell(who, R"({"type":"welcome","user":{"id":")" + std::string{author_id} + R"(","name":")"
                + who.name + R"("},"token":"none"})");
  } else if (kind == 'j') {
    join(who, json);
  }
}

void reference::join(peer& who, std::string_view json) {
  const auto name = text_field(json, "room");
  auto& place = rooms_[name];
  if (!place) {
    place = std::make_unique<room>();
    place->name = name;
    place->number = 1'000'000 + static_cast<std::int64_t>(rooms_.size());
  }
  who.in = place.get();
  place->members.push_back(&who);
  tell(who, R"({"type":"joined","room":")" + name + R"(","epoch":"none","first":1,"head":)"
              + std::to_string(place->head)
              + R"(,"mode":"fresh","entries":[],"more":false,"members":1})");
}

void reference::take_post(peer& who, std::string_view json) {
  if (who.in == nullptr)
    throw std::runtime_error{"a post without a join"};
  post fresh{&who,
             who.in,
             {who.in->number, ++who.in->head, std::string{author_id}, who.name,
              text_field(json, "id"), text_field(json, "text"), now_ms()}};
  if (store_)
    waiting_.push_back(std::move(fresh));
  else
    show(fresh);
}

// -- the store ------------------------------------------------------------------------------------

void reference::commit_some() {
  if (!store_ || waiting_.empty() || !under_way_.empty())
    return;
  under_way_.swap(waiting_);
  std::vector<row> batch;
  batch.reserve(under_way_.size());
  for (const auto& each : under_way_)
    batch.push_back(each.what);
  store_->begin(batch);
  if (store_->waits_for() < 0)
    on_committed();
}

void reference::on_committed() {
  if (!store_->finish())
    return;
  for (const auto& each : under_way_)
    show(each);
  under_way_.clear();
}

void reference::show(const post& what) {
  const auto seq = std::to_string(what.what.seq);
  const auto at = time_text(what.what.at_ms);
  const auto json = R"({"type":"message","room":")" + what.to->name + R"(","seq":)" + seq
                    + R"(,"id":")" + what.what.id + R"(","from":")" + what.what.name
                    + R"(","author":")" + what.what.author + R"(","text":")" + what.what.body
                    + R"(","at":")" + at + R"("})";
  const auto frame = frame_head(json.size()) + json;
  if (how_.gather) {
    what.to->turn += frame;
    if (!std::exchange(what.to->queued, true))
      rooms_to_flush_.push_back(what.to);
  } else {
    for (auto* const member : what.to->members)
      push(*member, frame, {});
  }
  tell(*what.from, R"({"type":"posted","room":")" + what.to->name + R"(","id":")" + what.what.id
                     + R"(","seq":)" + seq + R"(,"at":")" + at + R"(","duplicate":false})");
}

void reference::tell(peer& who, const std::string& json) {
  const auto frame = frame_head(json.size()) + json;
  if (!how_.gather)
    return push(who, frame, {});
  who.own += frame;
  if (!std::exchange(who.queued, true))
    to_flush_.push_back(&who);
}

} // namespace callboard::bench
