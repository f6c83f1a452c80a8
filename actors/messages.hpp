// Everything one actor of the server may say to another, and every interface: the whole
// conversation on one page. Each message names sender -> receiver and its answer. Requests carry a
// `ticket` that the answer repeats; nothing is answered by a returned value.
#pragma once

#include "actors/job.hpp"
#include "domain/entry.hpp"
#include "domain/error.hpp"
#include "runtime/caf.hpp"
#include "storage/store.hpp"
#include "wire/run.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace callboard {

using ticket_t = std::uint64_t;
using connection_t = std::uint64_t; ///< Number of a connection, unique within the server.

// -- connection -> session ------------------------------------------------------------------------

struct frame_received { // costs one credit
  std::string text;
  CALLBOARD_MESSAGE(frame_received, text)
};
struct outbox_low { // answers connection::tell_when_low
  CALLBOARD_MESSAGE(outbox_low)
};
struct connection_closed {
  CALLBOARD_MESSAGE(connection_closed)
};
struct drain { // server stops: finish, say bye
  CALLBOARD_MESSAGE(drain)
};

// -- anybody -> itself ----------------------------------------------------------------------------

struct tick { // the one coarse clock of an actor; armed only while something waits
  CALLBOARD_MESSAGE(tick)
};
struct flush { // persistence, room: what has arrived before it is the batch
  CALLBOARD_MESSAGE(flush)
};

// -- who is who -----------------------------------------------------------------------------------

struct sign_in;     // session -> lobby; answered by signed_in or sign_in_refused
struct enter_room;  // session -> lobby -> room; answered by entered or enter_refused
struct leave_room;  // session -> room
struct post_draft;  // session -> room; answered by post_stored or post_refused
struct show_typing; // session -> room
struct ask_who;     // session -> room; answered by who_answered
struct list_rooms;  // session -> lobby -> cache -> history; answered by rooms_listed
struct read_page;   // session, room -> cache; answered by page_read or page_refused
struct fetch_page;  // cache -> history; answered by page_fetched
struct remember;    // room -> cache
struct append;      // room -> persistence; answered by appended or append_refused
struct open_room;   // room -> persistence; answered by room_opened or open_refused
struct claim;       // lobby -> persistence; answered by claimed or claim_refused
struct store_job;   // persistence -> writer; answered by job_done
struct may_retire;  // room -> lobby; answered by retire, or by nothing when somebody is on the way
struct census;      // room -> lobby

struct signed_in;
struct sign_in_refused;
struct entered;
struct enter_refused;
struct post_stored;
struct post_refused;
struct deliver;
struct notice;
struct who_answered;
struct rooms_listed;
struct page_read;
struct page_refused;
struct page_fetched;
struct appended;
struct append_refused;
struct room_opened;
struct open_refused;
struct claimed;
struct claim_refused;
struct job_done;
struct retire;

using reader_actor = takes<page_read, page_refused>; ///< Whoever reads the log: a session, a room.

using session_actor = takes<frame_received, outbox_low, connection_closed, drain, tick, signed_in,
                            sign_in_refused, entered, enter_refused, post_stored, post_refused,
                            deliver, notice, who_answered, rooms_listed, page_read, page_refused>;

using room_actor =
  takes<enter_room, leave_room, post_draft, show_typing, ask_who, appended, append_refused,
        room_opened, open_refused, page_read, page_refused, retire, flush, tick>;

using lobby_actor =
  takes<sign_in, enter_room, list_rooms, claimed, claim_refused, may_retire, census, tick>;

using persistence_actor = takes<append, open_room, claim, flush, job_done, tick>;

using writer_actor = takes<store_job>;

using history_actor = takes<fetch_page, list_rooms>;

using cache_actor = takes<remember, read_page, page_fetched, list_rooms, tick>;

// -- session <-> lobby ----------------------------------------------------------------------------

struct sign_in { // session -> lobby
  session_actor session;
  ticket_t ticket = 0;
  author who;           ///< `id` empty: mint one (a new author, by name).
  bool refresh = false; ///< The token is old: mark the name as seen.
  std::string claim_id; ///< By name: the id to mint, which the same hello gets again; empty: any.
  CALLBOARD_MESSAGE(sign_in, session, ticket)
};
struct signed_in { // lobby -> session
  ticket_t ticket = 0;
  author who;
  CALLBOARD_MESSAGE(signed_in, ticket)
};
struct sign_in_refused { // lobby -> session
  ticket_t ticket = 0;
  errc why = errc::internal;
  bool too_many_connections = false; ///< Of this author: close 4502.
  CALLBOARD_MESSAGE(sign_in_refused, ticket)
};

using census_map = std::map<std::string, std::uint32_t>; ///< Room -> authors in it.

struct list_rooms { // session -> lobby -> cache -> history
  session_actor asker;
  ticket_t ticket = 0;
  std::string prefix;
  std::size_t limit = 0;
  std::shared_ptr<const census_map> members; ///< Put in by the lobby.
  CALLBOARD_MESSAGE(list_rooms, asker, ticket, prefix, limit)
};
struct rooms_listed { // history -> session
  ticket_t ticket = 0;
  bool failed = false; ///< The store does not answer: `unavailable`.
  std::vector<room_info> rooms;
  CALLBOARD_MESSAGE(rooms_listed, ticket, failed)
};

// -- session <-> room -----------------------------------------------------------------------------

struct enter_room { // session -> lobby -> room
  session_actor session;
  connection_t connection = 0;
  ticket_t ticket = 0;
  std::string room;
  author who;
  bool again = false; ///< It is in the room already, and the room's actor has died.
  CALLBOARD_MESSAGE(enter_room, session, connection, ticket, room, again)
};
struct entered { // room -> session: from now on every published run is delivered to it
  ticket_t ticket = 0;
  std::string name;
  room_actor room;
  cache_actor cache;
  room_head log;
  std::uint32_t members = 0; ///< Authors in the room, this one included.
  CALLBOARD_MESSAGE(entered, ticket, name)
};
struct enter_refused { // room -> session
  ticket_t ticket = 0;
  std::string name;
  errc why = errc::unavailable;
  CALLBOARD_MESSAGE(enter_refused, ticket, name)
};
struct leave_room { // session -> room
  connection_t connection = 0;
  CALLBOARD_MESSAGE(leave_room, connection)
};
struct post_draft { // session -> room
  connection_t connection = 0;
  ticket_t ticket = 0;
  std::uint64_t round =
    0; ///< Of the session's order_gate: posts of a refused round are refused too.
  draft_ptr what;
  CALLBOARD_MESSAGE(post_draft, connection, ticket, round)
};
struct post_stored { // room -> session: committed
  ticket_t ticket = 0;
  receipt what;
  CALLBOARD_MESSAGE(post_stored, ticket)
};
struct post_refused { // room -> session
  ticket_t ticket = 0;
  std::uint64_t round = 0;
  errc why = errc::internal;
  CALLBOARD_MESSAGE(post_refused, ticket, round)
};
struct deliver { // room -> session, once per batch: committed entries, encoded once for all
  run_ptr run;
  caf::actor_clock::time_point published{}; ///< While somebody looks at figures; else zero.
  CALLBOARD_MESSAGE(deliver)
};
struct notice { // room -> session: typing, presence; never stored, dropped first
  std::string room;
  slice frame;
  CALLBOARD_MESSAGE(notice, room)
};
struct show_typing { // session -> room
  connection_t connection = 0;
  CALLBOARD_MESSAGE(show_typing, connection)
};
struct ask_who { // session -> room
  connection_t connection = 0;
  ticket_t ticket = 0;
  CALLBOARD_MESSAGE(ask_who, connection, ticket)
};
struct who_answered { // room -> session
  ticket_t ticket = 0;
  std::vector<std::string> names; ///< At most limits::who_names.
  std::uint32_t members = 0;
  CALLBOARD_MESSAGE(who_answered, ticket, members)
};

// -- room <-> lobby -------------------------------------------------------------------------------

struct may_retire { // room -> lobby: empty and idle
  std::string room;
  std::uint64_t entered = 0; ///< How many enter_room have arrived.
  CALLBOARD_MESSAGE(may_retire, room, entered)
};
struct retire { // lobby -> room: nobody is on the way; end
  CALLBOARD_MESSAGE(retire)
};
struct census { // room -> lobby
  std::string room;
  std::uint32_t members = 0;
  CALLBOARD_MESSAGE(census, room, members)
};

// -- reading: session, room -> cache -> history ---------------------------------------------------

struct read_page { // session, room -> cache
  reader_actor asker;
  ticket_t ticket = 0;
  read_query query;
  CALLBOARD_MESSAGE(read_page, asker, ticket, query.room, query.position, query.limit)
};
struct page_read { // cache -> session, room
  ticket_t ticket = 0;
  std::string room;
  seq_t first = 1; ///< The page is [first, last] of these runs, in order; empty: last < first.
  seq_t last = 0;
  std::vector<run_ptr> runs;
  CALLBOARD_MESSAGE(page_read, ticket, room, first, last)
};
struct page_refused { // cache -> session, room
  ticket_t ticket = 0;
  std::string room;
  errc why = errc::unavailable;
  CALLBOARD_MESSAGE(page_refused, ticket, room)
};
struct remember { // room -> cache: before any member hears of it
  run_ptr run;
  CALLBOARD_MESSAGE(remember)
};
struct fetch_page { // cache -> history
  cache_actor cache;
  ticket_t ticket = 0;
  read_query query;
  CALLBOARD_MESSAGE(fetch_page, ticket, query.room, query.position, query.limit)
};
struct page_fetched { // history -> cache
  ticket_t ticket = 0;
  bool failed = false;
  run_ptr run; ///< Null: there is nothing (or it failed).
  CALLBOARD_MESSAGE(page_fetched, ticket, failed)
};

// -- writing: room, lobby -> persistence -> writer ------------------------------------------------

struct append { // room -> persistence; a room has at most one under way, so order needs no more
  room_actor room;
  ticket_t ticket = 0;
  std::vector<draft_ptr> drafts;
  CALLBOARD_MESSAGE(append, room, ticket)
};
struct appended { // persistence -> room: committed; one receipt for each draft
  ticket_t ticket = 0;
  std::vector<receipt> receipts;
  CALLBOARD_MESSAGE(appended, ticket)
};
struct append_refused { // persistence -> room
  ticket_t ticket = 0;
  errc why = errc::unavailable;
  bool undecided = false; ///< It may be stored yet: `appended` follows when that is known.
  CALLBOARD_MESSAGE(append_refused, ticket, undecided)
};
struct open_room { // room -> persistence: in turn with the batches
  room_actor room;
  ticket_t ticket = 0;
  std::string name;
  CALLBOARD_MESSAGE(open_room, room, ticket, name)
};
struct room_opened { // persistence -> room
  ticket_t ticket = 0;
  room_head log;
  CALLBOARD_MESSAGE(room_opened, ticket)
};
struct open_refused { // persistence -> room
  ticket_t ticket = 0;
  CALLBOARD_MESSAGE(open_refused, ticket)
};
struct claim { // lobby -> persistence
  lobby_actor lobby;
  ticket_t ticket = 0;
  name_claim what;
  CALLBOARD_MESSAGE(claim, ticket)
};
struct claimed { // persistence -> lobby
  ticket_t ticket = 0;
  bool granted = false;
  CALLBOARD_MESSAGE(claimed, ticket, granted)
};
struct claim_refused { // persistence -> lobby: the store does not answer
  ticket_t ticket = 0;
  CALLBOARD_MESSAGE(claim_refused, ticket)
};

struct store_job { // persistence -> writer: one store call
  persistence_actor persistence;
  ticket_t ticket = 0;
  job what;
  CALLBOARD_MESSAGE(store_job, ticket)
};
struct job_done { // writer -> persistence
  ticket_t ticket = 0;
  std::shared_ptr<const job_result> result;
  CALLBOARD_MESSAGE(job_done, ticket)
};

} // namespace callboard

#include "actors/message_ids.hpp"
