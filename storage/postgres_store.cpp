// The log in PostgreSQL: see the header. Every statement commits by itself, and every call is
// harmless to begin again.
#include "storage/postgres_store.hpp"

#include "domain/random_id.hpp"
#include "storage/fit.hpp"
#include "storage/pg_array.hpp"
#include "storage/postgres_identity.hpp"
#include "storage/postgres_parameters.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <utility>

namespace callboard {

namespace {

constexpr pg_statement append_statement{
  "callboard_append",
  "select o_seq, o_at_ms, o_duplicate, o_conflict from append_entries($1::text[], $2::text, "
  "$3::integer[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[])"};

constexpr pg_statement append_numbered{
  "callboard_append_numbered",
  "select append_numbered($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], "
  "$6::smallint[], $7::text[], $8::text[], $9::text[], $10::text[])"};

constexpr pg_statement lock_room{
  "callboard_lock_room",
  "select name, id, head, epoch, first from room where name = $1 for no key update"};

constexpr pg_statement create_room{
  "callboard_create_room",
  "insert into room (name, epoch) values ($1, $2) on conflict (name) do nothing"};

constexpr pg_statement read_after{
  "callboard_read_after",
  "select e.seq, e.kind, e.author_id, e.author_name, e.client_id, e.body, "
  "round(extract(epoch from e.at) * 1000)::bigint from entry e "
  "where e.room_id = (select r.id from room r where r.name = $1) and e.seq > $2::bigint "
  "order by e.seq limit $3::bigint"};

constexpr pg_statement read_before{
  "callboard_read_before",
  "select e.seq, e.kind, e.author_id, e.author_name, e.client_id, e.body, "
  "round(extract(epoch from e.at) * 1000)::bigint from entry e "
  "where e.room_id = (select r.id from room r where r.name = $1) and e.seq <= $2::bigint "
  "order by e.seq desc limit $3::bigint"};

/// ^@ is starts_with() that can use the index; LIKE would give % _ \ in a prefix a meaning.
constexpr pg_statement list_rooms{
  "callboard_rooms", "select name, head from room where name ^@ $1 order by name limit $2::bigint"};

/// No row: the name stays another author's.
constexpr pg_statement claim_statement{
  "callboard_claim",
  "insert into author (name_key, author_id, name, seen_at) values ($1, $2, $3, clock_timestamp()) "
  "on conflict (name_key) do update "
  "set author_id = excluded.author_id, name = excluded.name, seen_at = excluded.seen_at "
  "where author.author_id = excluded.author_id or $5::boolean "
  "or author.seen_at + make_interval(secs => $4::double precision) <= clock_timestamp() "
  "returning true"};

constexpr pg_statement read_meta{"callboard_read_meta", "select value from meta where key = $1"};

/// The update changes nothing; it makes a value visible that another server has just committed.
constexpr pg_statement make_meta{
  "callboard_make_meta", "insert into meta (key, value) values ($1, $2) "
                         "on conflict (key) do update set value = meta.value returning value"};

constexpr pg_statement ping_statement{"callboard_ping",
                                      "select current_setting('transaction_read_only') = 'off'"};

/// See store_fault::replaced.
struct database_replaced {
  const char* how;
};

/// Rows that cannot all be true: see append_by_looking().
struct damaged_room {};

/// Runs `call`; no exception leaves. What is not known to be the data's fault is worth another try.
template <class Call>
auto settle(Call call) -> outcome<decltype(call())> {
  try {
    return call();
  } catch (const pg_error& error) {
    return store_failure{error.fault(), error.what()};
  } catch (const database_replaced& found) {
    return store_failure{store_fault::replaced, found.how};
  } catch (const damaged_room&) {
    return store_failure{
      store_fault::refused,
      "rows that belong together disagree (a room's head is behind its entries, or a "
      "number is taken): the database was damaged or restored in part; restore it whole"};
  } catch (const std::exception& error) {
    return store_failure{store_fault::again, error.what()};
  }
}

std::string decimal(std::uint64_t number) {
  return std::to_string(std::min<std::uint64_t>(number, seq_max));
}

constexpr std::string_view head_moved = "40001";

/// The memory was wrong, a draft is a repetition from before, or two batches met: nothing was
/// stored, and append_entries() knows what to do.
bool needs_looking(const pg_error& error) {
  return error.state() == head_moved || error.state() == "23505" || error.state() == "40P01";
}

entry entry_of(const pg_rows& rows, std::size_t row) {
  entry line;
  line.seq = static_cast<seq_t>(rows.number(row, 0));
  line.kind = static_cast<entry_kind>(rows.number(row, 1));
  line.from.id = rows.text(row, 2);
  line.from.name = rows.text(row, 3);
  line.client_id = rows.text(row, 4);
  line.text = rows.text(row, 5);
  line.at_ms = rows.number(row, 6);
  return line;
}

} // namespace

outcome<std::vector<receipt>> postgres_store::append(std::span<const draft_ptr> batch) {
  return settle([&] {
    if (batch.empty())
      return std::vector<receipt>{};
    meet_database();
    if (auto receipts = append_by_memory(batch))
      return std::move(*receipts);
    auto receipts = append_by_looking(batch);
    learn(batch, receipts);
    return receipts;
  });
}

void postgres_store::meet_database() {
  if (must_renew_)
    begin_anew();
  const auto connection = session_.connection();
  if (rooms_of_ == connection)
    return;
  try {
    if (rooms_of_ != 0 && (renew_in_copy(session_) || renew_where_set_back(session_, rooms_))) {
      rooms_ = remembered_rooms{};
      throw database_replaced{
        "behind a new connection stands another database, or an earlier state"};
    }
  } catch (const pg_error& error) {
    if (error.fault() == store_fault::again)
      throw;
    throw pg_error{"", error.what()}; // It speaks of the database, not of the call's data.
  }
  rooms_of_ = connection;
}

void postgres_store::begin_anew() {
  // Remembered where the attempt fails: nothing else may be left that shows the need.
  must_renew_ = true;
  renew_epochs(session_);
  must_renew_ = false;
  rooms_ = remembered_rooms{};
  throw database_replaced{
    "a log is shorter than it was: the database was set back to an earlier state"};
}

void postgres_store::must_not_shrink(const remembered_rooms::row& before, seq_t now) {
  if (now < before.head)
    begin_anew();
}

void postgres_store::learn(const std::string& room, const remembered_rooms::row& now) {
  if (const auto* before = rooms_.find(room)) {
    must_not_shrink(*before, now.head);
    if (now.epoch != before->epoch) {
      rooms_ = remembered_rooms{};
      throw database_replaced{"another server has renewed the epochs"};
    }
  }
  rooms_.remember(room, now);
}

std::optional<std::vector<receipt>>
postgres_store::append_by_memory(std::span<const draft_ptr> batch) {
  auto numbered = number(batch, rooms_);
  if (!numbered || !luck_.try_next())
    return std::nullopt;
  try {
    const auto at_ms = session_.exec(append_numbered, encode(*numbered)).number(0, 0);
    for (auto& one : numbered->receipts)
      one.at_ms = at_ms;
  } catch (const pg_error& error) {
    if (!needs_looking(error))
      throw;
    luck_.failed();
    if (error.state() == head_moved)
      for (const auto& room : numbered->rooms) // One of them; it may even be another row now.
        rooms_.doubt(std::string{room.name});
    return std::nullopt;
  }
  luck_.succeeded();
  for (const auto& room : numbered->rooms)
    rooms_.advance(std::string{room.name}, room.last);
  return std::move(numbered->receipts);
}

/// Under the rooms' locks every repetition is seen, so a number or an identity that is taken all
/// the same is one that the rows themselves disagree about. Once is forgiven: another program,
/// perhaps.
std::vector<receipt> postgres_store::append_by_looking(std::span<const draft_ptr> batch) {
  for (int attempt = 0; attempt < 2; ++attempt)
    try {
      return look_and_append(batch);
    } catch (const pg_error& error) {
      if (error.state() != "23505")
        throw;
    }
  throw damaged_room{};
}

std::vector<receipt> postgres_store::look_and_append(std::span<const draft_ptr> batch) {
  const auto rows = session_.exec(append_statement, encode(batch));
  if (rows.size() != batch.size())
    throw pg_error{"", "append_entries answered another number of rows than drafts"};
  std::vector<receipt> receipts;
  receipts.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    receipts.push_back({.seq = static_cast<seq_t>(rows.number(i, 0)),
                        .at_ms = rows.number(i, 1),
                        .duplicate = rows.flag(i, 2),
                        .conflict = rows.flag(i, 3),
                        .refused = false});
  return receipts;
}

/// The last new entry of a room is its head; where there is none, or the room was unknown, the
/// database is asked.
void postgres_store::learn(std::span<const draft_ptr> batch, const std::vector<receipt>& receipts) {
  struct fresh {
    seq_t first = 0; ///< 0: none.
    seq_t last = 0;
  };
  std::unordered_map<std::string_view, fresh> stored;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    auto& mine = stored[batch[i]->room];
    if (receipts[i].duplicate)
      continue;
    mine.last = receipts[i].seq;
    if (mine.first == 0)
      mine.first = mine.last;
  }
  pg_array unknown;
  bool ask = false;
  for (const auto& [name, mine] : stored) {
    const std::string room{name};
    const auto* row = rooms_.find(room);
    if (row != nullptr && mine.first > 0)
      must_not_shrink(*row, mine.first - 1);
    if (row != nullptr && row->id != 0 && mine.first > 0) {
      rooms_.advance(room, mine.last);
    } else {
      unknown.add(name);
      ask = true;
    }
  }
  if (!ask)
    return;
  try {
    const auto rows = session_.exec(find_rooms, std::array{std::move(unknown).take()});
    for (std::size_t i = 0; i < rows.size(); ++i)
      learn(std::string{rows.text(i, 0)}, row_of(rows, i));
  } catch (const pg_error&) {
    return; // The batch is stored all the same; these rooms stay unknown.
  }
}

/// The name may be there by now; a number that is taken is another room's.
void postgres_store::create(const std::string& room) {
  try {
    session_.exec(create_room, std::array{room, random_id()});
  } catch (const pg_error& error) {
    if (error.state() == "23505")
      throw damaged_room{};
    throw;
  }
}

outcome<room_head> postgres_store::open(const std::string& room) {
  return settle([&] {
    meet_database();
    const std::array name{room};
    auto rows = session_.exec(lock_room, name);
    if (rows.empty()) {
      create(room);
      rows = session_.exec(lock_room, name);
    }
    if (rows.empty())
      throw pg_error{"40001", "the room was removed while it was opened"};
    const auto row = row_of(rows, 0);
    learn(room, row);
    return room_head{std::string{rows.text(0, 3)}, static_cast<seq_t>(rows.number(0, 4)), row.head};
  });
}

outcome<std::vector<entry>> postgres_store::read(const read_query& query) {
  return settle([&] {
    std::vector<entry> page;
    const bool before = query.where == read_query::direction::before;
    if (before && query.position == 0)
      return page;
    // "Below p" as "up to p - 1": a position beyond the database's 64 signed bits still means all.
    const auto bound = before ? query.position - 1 : query.position;
    const auto rows = session_.exec(before ? read_before : read_after,
                                    std::array{query.room, decimal(bound), decimal(query.limit)});
    page.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      page.push_back(entry_of(rows, i));
    if (before)
      std::reverse(page.begin(), page.end());
    return page;
  });
}

outcome<std::vector<room_info>> postgres_store::rooms(std::string_view prefix, std::size_t limit) {
  return settle([&] {
    std::vector<room_info> found;
    const auto rows = session_.exec(list_rooms, std::array{std::string{prefix}, decimal(limit)});
    for (std::size_t i = 0; i < rows.size(); ++i)
      found.push_back({std::string{rows.text(i, 0)}, static_cast<seq_t>(rows.number(i, 1)), 0});
    return found;
  });
}

outcome<bool> postgres_store::claim_name(const name_claim& claim) {
  return settle([&] {
    meet_database();
    // PostgreSQL's intervals end long before 64 bits of seconds do.
    constexpr std::chrono::seconds longest = std::chrono::hours{24 * 365 * 1000};
    const auto hold = std::clamp(claim.hold, std::chrono::seconds{0}, longest);
    return !session_
              .exec(claim_statement, std::array{claim.key, claim.who.id, claim.who.name,
                                                std::to_string(hold.count()),
                                                std::string{claim.by_force ? "true" : "false"}})
              .empty();
  });
}

outcome<std::string> postgres_store::meta(const std::string& key, const std::string& fresh) {
  auto value = settle([&] {
    session_.bound_lock_waits();
    auto rows = session_.exec(read_meta, std::array{key});
    if (rows.empty())
      rows = session_.exec(make_meta, std::array{key, fresh});
    return std::string{rows.text(0, 0)};
  });
  session_.disconnect(); // And with it the bound: whoever appends waits for its turn.
  return value;
}

outcome<done> postgres_store::ping() {
  return settle([&] {
    meet_database();
    if (!session_.exec(ping_statement, {}).flag(0, 0))
      throw pg_error{"25006", "the database is read-only"};
    return done{};
  });
}

} // namespace callboard
