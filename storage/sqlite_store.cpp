// The log in one SQLite file: see the header.
#include "storage/sqlite_store.hpp"

#include "domain/random_id.hpp"
#include "storage/fit.hpp"

#include <algorithm>
#include <stdexcept>
#include <type_traits>
#include <unordered_map>

namespace callboard {

namespace {

using namespace std::chrono_literals;

/// Longer than any of our transactions, shorter than a post's patience.
constexpr auto lock_patience = 3000ms;

/// These data are refused, as PostgreSQL would.
struct not_storable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void require_storable(std::string_view text) {
  if (!is_storable(text))
    throw not_storable{"a text holds a NUL or is not UTF-8"};
}

/// The embedded database's clock is this process's.
std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
           std::chrono::system_clock::now().time_since_epoch())
    .count();
}

std::int64_t bounded(std::uint64_t number) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(number, seq_max));
}

} // namespace

std::unique_ptr<sqlite_handle> open_sqlite_handle(const std::string& path) {
  auto handle = std::make_unique<sqlite_handle>(path, lock_patience);
  // FULL syncs the WAL at every commit; NORMAL, WAL's usual companion, may lose the last commits
  // with the power. A bounded WAL, since a long read may let it grow. It is copied into the file
  // each 16 MiB instead of 4: busy pages, which stand in it many times, are copied once.
  handle->script(
    "pragma journal_mode = wal; pragma synchronous = full; pragma trusted_schema = off;"
    "pragma cell_size_check = on; pragma journal_size_limit = 67108864;"
    "pragma wal_autocheckpoint = 4000");
  return handle;
}

/// The connection and its statements, which must go first.
struct sqlite_store::link {
  explicit link(const std::string& path) : handle{open_sqlite_handle(path)} {}

  struct open_room {
    std::int64_t id = 0;
    seq_t head = 0;
    bool grown = false;
  };

  /// The room's row, made if missing; within a write transaction.
  open_room take_room(const std::string& name) {
    if (!find_room.with(name).step()) {
      insert_room.with(name, random_id()).run();
      find_room.with(name).step();
    }
    const open_room room{find_room.number(0), static_cast<seq_t>(find_room.number(1))};
    find_room.reset();
    return room;
  }

  receipt store(open_room& room, const draft& what, std::int64_t at) {
    if (room.head < seq_max) {
      insert_entry
        .with(room.id, static_cast<std::int64_t>(room.head + 1),
              static_cast<std::int64_t>(what.kind), what.from.id, what.from.name, what.client_id,
              what.text, at)
        .run();
      if (handle->changes() == 1) {
        room.grown = true;
        return {
          .seq = ++room.head, .at_ms = at, .duplicate = false, .conflict = false, .refused = false};
      }
    }
    if (!find_entry.with(room.id, what.from.id, what.client_id).step())
      throw not_storable{"the room's log is full"};
    const receipt known{.seq = static_cast<seq_t>(find_entry.number(0)),
                        .at_ms = find_entry.number(1),
                        .duplicate = true,
                        .conflict = find_entry.text(2) != what.text,
                        .refused = false};
    find_entry.reset();
    return known;
  }

  std::unique_ptr<sqlite_handle> handle;
  sqlite_statement find_room =
    handle->prepare("select id, head, epoch, first from room where name = ?1");
  sqlite_statement insert_room = handle->prepare("insert into room (name, epoch) values (?1, ?2)");
  sqlite_statement grow_room = handle->prepare("update room set head = ?2 where id = ?1");
  // Only a known id is passed over; a number taken twice would be damage and must fail.
  sqlite_statement insert_entry = handle->prepare(
    "insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at) "
    "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict (room_id, author_id, client_id) do "
    "nothing");
  sqlite_statement find_entry = handle->prepare(
    "select seq, at, body from entry where room_id = ?1 and author_id = ?2 and client_id = ?3");
  sqlite_statement read_after = handle->prepare(
    "select seq, kind, author_id, author_name, client_id, body, at from entry "
    "where room_id = (select id from room where name = ?1) and seq > ?2 order by seq limit ?3");
  sqlite_statement read_before =
    handle->prepare("select seq, kind, author_id, author_name, client_id, body, at from entry "
                    "where room_id = (select id from room where name = ?1) and seq <= ?2 order by "
                    "seq desc limit ?3");
  sqlite_statement list_rooms =
    handle->prepare("select name, head from room where name >= ?1 order by name");
  sqlite_statement claim = handle->prepare(
    "insert into author (name_key, author_id, name, seen_at) values (?1, ?2, ?3, ?4) on conflict "
    "(name_key) "
    "do update set author_id = excluded.author_id, name = excluded.name, seen_at = "
    "excluded.seen_at "
    "where author.author_id = excluded.author_id or ?6 or author.seen_at + ?5 <= excluded.seen_at");
  sqlite_statement find_meta = handle->prepare("select value from meta where key = ?1");
  sqlite_statement insert_meta = handle->prepare("insert into meta (key, value) values (?1, ?2)");
};

sqlite_store::sqlite_store(sqlite_file_ptr file) : file_{std::move(file)} {}

sqlite_store::~sqlite_store() {
  disconnect();
}

sqlite_store::link& sqlite_store::connected() {
  require_file();
  if (!link_) {
    auto fresh = std::make_unique<link>(file_->path());
    const std::lock_guard guard{link_lock_};
    link_ = std::move(fresh);
  }
  link_->handle->calm();
  return *link_;
}

void sqlite_store::require_file() const {
  if (!file_)
    throw std::runtime_error{"the database was not prepared"};
  if (!file_->is_in_place())
    throw std::runtime_error{file_->path()
                             + " was moved, deleted or replaced while the server runs; restart it"};
}

void sqlite_store::disconnect() noexcept {
  const std::lock_guard guard{link_lock_};
  link_.reset();
}

void sqlite_store::interrupt() noexcept {
  const std::lock_guard guard{link_lock_};
  if (link_)
    link_->handle->interrupt();
}

template <class Call>
auto sqlite_store::settle(Call call) -> outcome<std::invoke_result_t<Call, link&>> {
  try {
    return call(connected());
  } catch (const sqlite_error& error) {
    // Also resets every statement, so that none keeps a lock or pins the WAL.
    disconnect();
    return store_failure{error.fault(), error.what()};
  } catch (const not_storable& error) {
    disconnect();
    return store_failure{store_fault::refused, error.what()};
  } catch (const std::exception& error) {
    disconnect();
    return store_failure{store_fault::again, error.what()};
  }
}

outcome<std::vector<receipt>> sqlite_store::append(std::span<const draft_ptr> batch) {
  return settle([&](link& on) {
    std::vector<receipt> receipts;
    if (batch.empty())
      return receipts;
    receipts.reserve(batch.size());
    for (const auto& draft : batch)
      if (!is_storable(*draft))
        throw not_storable{"a draft holds a NUL or is not UTF-8"};
    sqlite_transaction transaction{*on.handle};
    std::unordered_map<std::string_view, link::open_room> rooms;
    const auto at = now_ms();
    for (const auto& draft : batch) {
      auto [room, is_new] = rooms.try_emplace(draft->room);
      if (is_new)
        room->second = on.take_room(draft->room);
      receipts.push_back(on.store(room->second, *draft, at));
    }
    for (const auto& [name, room] : rooms)
      if (room.grown)
        on.grow_room.with(room.id, static_cast<std::int64_t>(room.head)).run();
    require_file();
    transaction.commit();
    return receipts;
  });
}

outcome<room_head> sqlite_store::open(const std::string& room) {
  return settle([&](link& on) {
    require_storable(room);
    sqlite_transaction transaction{*on.handle}; // Waits for every write that has begun.
    on.take_room(room);
    on.find_room.with(room).step();
    room_head head{std::string{on.find_room.text(2)}, static_cast<seq_t>(on.find_room.number(3)),
                   static_cast<seq_t>(on.find_room.number(1))};
    on.find_room.reset();
    transaction.commit();
    return head;
  });
}

outcome<std::vector<entry>> sqlite_store::read(const read_query& query) {
  return settle([&](link& on) {
    require_storable(query.room);
    std::vector<entry> page;
    const bool before = query.where == read_query::direction::before;
    if (before && query.position == 0)
      return page;
    // "Below p" as "up to p - 1": a position beyond the database's 64 signed bits still means all.
    auto& rows = before ? on.read_before : on.read_after;
    rows.with(query.room, bounded(before ? query.position - 1 : query.position),
              bounded(query.limit));
    while (rows.step())
      page.push_back({.seq = static_cast<seq_t>(rows.number(0)),
                      .from = {std::string{rows.text(2)}, std::string{rows.text(3)}},
                      .client_id = std::string{rows.text(4)},
                      .text = std::string{rows.text(5)},
                      .at_ms = rows.number(6),
                      .kind = static_cast<entry_kind>(rows.number(1))});
    rows.reset();
    if (before)
      std::reverse(page.begin(), page.end());
    return page;
  });
}

outcome<std::vector<room_info>> sqlite_store::rooms(std::string_view prefix, std::size_t limit) {
  return settle([&](link& on) {
    require_storable(prefix);
    std::vector<room_info> found;
    on.list_rooms.with(prefix);
    // The names that start with a prefix follow it, in the order of bytes, without another between.
    while (found.size() < limit && on.list_rooms.step()
           && on.list_rooms.text(0).starts_with(prefix))
      found.push_back(
        {std::string{on.list_rooms.text(0)}, static_cast<seq_t>(on.list_rooms.number(1)), 0});
    on.list_rooms.reset();
    return found;
  });
}

outcome<bool> sqlite_store::claim_name(const name_claim& claim) {
  return settle([&](link& on) {
    for (const auto& text : {claim.key, claim.who.id, claim.who.name})
      require_storable(text);
    constexpr std::chrono::seconds longest = std::chrono::hours{24 * 365 * 1000};
    const std::chrono::milliseconds hold = std::clamp(claim.hold, std::chrono::seconds{0}, longest);
    on.claim
      .with(claim.key, claim.who.id, claim.who.name, now_ms(), std::int64_t{hold.count()},
            std::int64_t{claim.by_force ? 1 : 0})
      .run();
    return on.handle->changes() == 1;
  });
}

outcome<std::string> sqlite_store::meta(const std::string& key, const std::string& fresh) {
  return settle([&](link& on) {
    require_storable(key);
    require_storable(fresh);
    sqlite_transaction transaction{*on.handle};
    std::string value = fresh;
    if (on.find_meta.with(key).step())
      value = on.find_meta.text(0);
    else
      on.insert_meta.with(key, fresh).run();
    on.find_meta.reset();
    transaction.commit();
    return value;
  });
}

outcome<done> sqlite_store::ping() {
  return settle([&](link& on) {
    sqlite_transaction transaction{*on.handle}; // Takes the write lock and writes nothing.
    transaction.commit();
    return done{};
  });
}

} // namespace callboard
