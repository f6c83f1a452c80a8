// Takes over what the Go program has stored: see the header.
#include "storage/postgres_adoption.hpp"

#include "domain/limits.hpp"
#include "domain/random_id.hpp"
#include "domain/validate.hpp"
#include "storage/pg_array.hpp"
#include "storage/pg_transaction.hpp"

#include <array>

namespace callboard {

namespace {

constexpr pg_statement is_done{"callboard_adopted",
                               "select 1 from meta where key = 'go_chat_adopted'"};

constexpr pg_statement note_done{"callboard_note_adopted",
                                 "insert into meta (key, value) values ('go_chat_adopted', $1)"};

/// One row: whether the table has the columns we read, and whether its sent_at is the Go program's.
constexpr pg_statement inspect{
  "callboard_inspect_go_chat",
  "select count(*) filter (where attname in ('id', 'username', 'message')) = 3, "
  "coalesce(bool_or(attname = 'sent_at' and atttypid = 'time'::regtype), false) "
  "from pg_attribute where attrelid = to_regclass('public.chat_room') and attnum > 0 "
  "and not attisdropped having to_regclass('public.chat_room') is not null"};

constexpr pg_statement lock_general{
  "callboard_lock_general",
  "insert into room (name, epoch) values ('general', $1) "
  "on conflict (name) do update set epoch = room.epoch returning id, head"};

constexpr pg_statement insert_lines{
  "callboard_adopt_lines",
  "insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at) "
  "select $1::bigint, $2::bigint + l.place, 1, 'go-chat', l.name, l.client_id, l.body, "
  "date_trunc('milliseconds', l.at) from unnest($3::text[], $4::text[], $5::text[], "
  "$6::timestamptz[]) "
  "with ordinality l(client_id, name, body, at, place) order by l.place"};

constexpr pg_statement set_head{"callboard_adopt_head",
                                "update room set head = $2::bigint where id = $1::bigint"};

/// The Go program stored a time of day without its date, so a date has to be chosen: 1 January
/// 2024, UTC, older than any entry of ours. `copy` tells rows apart in a table whose ids are not
/// unique.
std::string cursor_over(bool has_time) {
  const std::string time = has_time ? "coalesce(c.sent_at, time '00:00')" : "time '00:00'";
  return "declare go_lines no scroll cursor for select c.id::text, "
         "row_number() over (partition by c.id order by c.ctid), coalesce(c.username::text, ''), "
         "coalesce(c.message::text, ''), ((date '2024-01-01' + "
         + time + ") at time zone 'UTC')::text from public.chat_room c order by c.id, c.ctid";
}

/// Copies the cursor's rows behind `head`; returns the new head.
std::uint64_t copy_lines(pg_session& session, const std::string& room, std::uint64_t head) {
  const limits bounds;
  for (;;) {
    // In portions: a table of years must not be in memory at once.
    const auto rows = session.script("fetch 1000 from go_lines");
    if (rows.empty())
      return head;
    pg_array ids;
    pg_array names;
    pg_array bodies;
    pg_array times;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::string id = "adopted-" + std::string{rows.text(i, 0)};
      if (rows.number(i, 1) > 1)
        id += '-' + std::string{rows.text(i, 1)};
      ids.add(id);
      names.add(guest_name(rows.text(i, 2), bounds));
      bodies.add(rows.text(i, 3));
      times.add(rows.text(i, 4));
    }
    session.exec(insert_lines, std::array{room, std::to_string(head), std::move(ids).take(),
                                          std::move(names).take(), std::move(bodies).take(),
                                          std::move(times).take()});
    head += rows.size();
  }
}

} // namespace

std::optional<adoption> adopt_go_chat(pg_session& session) {
  if (!session.exec(is_done, {}).empty())
    return std::nullopt;
  pg_transaction transaction{session};
  if (!session.exec(is_done, {}).empty()) {
    transaction.commit();
    return std::nullopt;
  }
  adoption taken;
  if (const auto table = session.exec(inspect, {}); !table.empty() && table.flag(0, 0)) {
    const auto room = session.exec(lock_general, std::array{random_id()});
    const auto head = static_cast<std::uint64_t>(room.number(0, 1));
    const std::string id{room.text(0, 0)};
    session.script(cursor_over(table.flag(0, 1)));
    const auto last = copy_lines(session, id, head);
    session.script("close go_lines");
    session.exec(set_head, std::array{id, std::to_string(last)});
    taken.rows = last - head;
  } else if (!table.empty()) {
    taken.warning =
      "The table chat_room is not the Go program's (id, username, message); it was left alone.";
  }
  session.exec(note_done, std::array{std::to_string(taken.rows)});
  transaction.commit();
  return taken;
}

} // namespace callboard
