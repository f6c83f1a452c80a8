// A batch as arrays: see the header.
#include "storage/postgres_parameters.hpp"

#include "domain/random_id.hpp"
#include "storage/pg_array.hpp"

#include <string_view>
#include <unordered_map>
#include <utility>

namespace callboard {

std::array<std::string, 8> encode(std::span<const draft_ptr> batch) {
  std::unordered_map<std::string_view, std::size_t> places;
  pg_array rooms;
  pg_array room;
  pg_array kind;
  pg_array author_id;
  pg_array author_name;
  pg_array client_id;
  pg_array body;
  for (const auto& draft : batch) {
    const auto [place, is_new] = places.try_emplace(draft->room, places.size() + 1);
    if (is_new)
      rooms.add(draft->room);
    room.add(place->second);
    kind.add(static_cast<int>(draft->kind));
    author_id.add(draft->from.id);
    author_name.add(draft->from.name);
    client_id.add(draft->client_id);
    body.add(draft->text);
  }
  return {std::move(rooms).take(),     random_id(),
          std::move(room).take(),      std::move(kind).take(),
          std::move(author_id).take(), std::move(author_name).take(),
          std::move(client_id).take(), std::move(body).take()};
}

std::array<std::string, 10> encode(const numbered_batch& batch) {
  pg_array ids;
  pg_array heads;
  pg_array lasts;
  for (const auto& room : batch.rooms) {
    ids.add(room.id);
    heads.add(room.head);
    lasts.add(room.last);
  }
  pg_array room;
  pg_array seq;
  pg_array kind;
  pg_array author_id;
  pg_array author_name;
  pg_array client_id;
  pg_array body;
  for (const auto& line : batch.lines) {
    room.add(batch.rooms[line.room].id);
    seq.add(line.seq);
    kind.add(static_cast<int>(line.what->kind));
    author_id.add(line.what->from.id);
    author_name.add(line.what->from.name);
    client_id.add(line.what->client_id);
    body.add(line.what->text);
  }
  return {std::move(ids).take(),       std::move(heads).take(),       std::move(lasts).take(),
          std::move(room).take(),      std::move(seq).take(),         std::move(kind).take(),
          std::move(author_id).take(), std::move(author_name).take(), std::move(client_id).take(),
          std::move(body).take()};
}

} // namespace callboard
