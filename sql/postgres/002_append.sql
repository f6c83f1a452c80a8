-- Stores a batch of drafts of any rooms in one statement, so in one transaction and one round trip, and
-- answers each draft in its place.
--
-- Each statement of a volatile function has its own READ COMMITTED snapshot, so the look for repetitions
-- sees all that was committed before the locks. New rooms are inserted by name and rooms locked by id, so
-- that two batches can never wait for each other. A single statement with the lock in a CTE has a snapshot
-- older than its lock: it raised unique violations. LATERAL and scalar subqueries force the indexes: a plain
-- join let a generic plan hash the whole, growing table.
--
-- p_rooms: each room of the batch once. p_room: for each draft, its room's place in p_rooms, from 1.
-- p_seed: random; names the epochs of rooms that this batch creates.

create function append_entries(
  p_rooms text[], p_seed text, p_room integer[], p_kind smallint[], p_author_id text[],
  p_author_name text[], p_client_id text[], p_body text[])
returns table (o_seq bigint, o_at_ms bigint, o_duplicate boolean, o_conflict boolean)
language plpgsql volatile as $$
declare
  v_ids bigint[];
begin
  select array_agg((select r.id from room r where r.name = n.name) order by n.place) into v_ids
  from unnest(p_rooms) with ordinality n(name, place);

  if array_position(v_ids, null) is not null then
    insert into room (name, epoch)
    select n.name, left(encode(sha256(convert_to(p_seed || ':' || n.name, 'UTF8')), 'hex'), 32)
    from unnest(p_rooms) n(name)
    where not exists (select 1 from room r where r.name = n.name)
    order by n.name collate "C"
    on conflict (name) do nothing;

    select array_agg((select r.id from room r where r.name = n.name) order by n.place) into v_ids
    from unnest(p_rooms) with ordinality n(name, place);
  end if;

  perform 1 from room where id = any (v_ids) order by id for no key update;

  return query
  with draft as materialized (
    select v_ids[d.room] room_id, d.kind, d.author_id collate "C" author_id, d.author_name,
           d.client_id collate "C" client_id, d.body, d.place
    from unnest(p_room, p_kind, p_author_id, p_author_name, p_client_id, p_body)
         with ordinality d(room, kind, author_id, author_name, client_id, body, place)),
  known as materialized (
    select d.*, e.seq old_seq, e.at old_at, e.body old_body,
           first_value(d.place) over (partition by d.room_id, d.author_id, d.client_id order by d.place) first_place
    from draft d left join lateral (
      select e.seq, e.at, e.body from entry e
      where e.room_id = d.room_id and e.author_id = d.author_id and e.client_id = d.client_id limit 1) e on true),
  fresh as materialized (
    select k.*, (select r.head from room r where r.id = k.room_id)
           + row_number() over (partition by k.room_id order by k.place) seq
    from known k where k.old_seq is null and k.place = k.first_place),
  bump as (
    update room r set head = f.last
    from (select f.room_id, max(f.seq) last from fresh f group by f.room_id) f where r.id = f.room_id),
  stored as (
    insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at)
    select f.room_id, f.seq, f.kind, f.author_id, f.author_name, f.client_id, f.body,
           date_trunc('milliseconds', clock_timestamp())
    from fresh f order by f.room_id, f.seq
    returning entry.room_id, entry.author_id, entry.client_id, entry.seq, entry.at, entry.body)
  select coalesce(k.old_seq, s.seq), round(extract(epoch from coalesce(k.old_at, s.at)) * 1000)::bigint,
         k.old_seq is not null or k.place <> k.first_place, coalesce(k.old_body, s.body) <> k.body
  from known k left join stored s
    on s.room_id = k.room_id and s.author_id = k.author_id and s.client_id = k.client_id
  order by k.place;
end $$;
