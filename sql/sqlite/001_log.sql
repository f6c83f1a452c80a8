-- The log, as sql/postgres/001_log.sql: one row per room, one row per entry. Times are milliseconds
-- since 1970, UTC. Text compares by bytes (BINARY) everywhere.

create table schema_migration (
  version integer primary key,
  name text not null,
  applied_at integer not null default (cast(strftime('%s', 'now') as integer) * 1000)
) strict;

create table room (
  id integer primary key,
  name text not null unique,
  epoch text not null,
  first integer not null default 1 check (first >= 1),
  head integer not null default 0 check (head >= 0),
  created_at integer not null default (cast(strftime('%s', 'now') as integer) * 1000)
) strict;

-- Without rowid the table itself is in (room_id, seq) order: a page of history is one range.
create table entry (
  room_id integer not null,
  seq integer not null check (seq >= 1),
  kind integer not null,
  author_id text not null,
  author_name text not null,
  client_id text not null,
  target integer,
  body text not null,
  at integer not null,
  primary key (room_id, seq),
  unique (room_id, author_id, client_id)
) strict, without rowid;

create table author (
  name_key text primary key,
  author_id text not null,
  name text not null,
  seen_at integer not null
) strict, without rowid;

create table meta (
  key text primary key,
  value text not null
) strict, without rowid;
