// Every queue and every input has a bound, and every bound is in this file: unit, reason,
// consequence. Those of a socket below its session stand in socket_limits.hpp.
//
// Each can be set (server/limit_settings.cpp). What is fixed stands where it belongs to a contract:
// the protocol's lengths of `ref`, `id` and page (wire/), the memory of a pure machine (order_gate,
// registry, busy_names).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace callboard {

/// Defaults are what production uses; tests and `.env` may set others. Read-only once started.
struct limits {
  // -- what a client may send (told in `welcome.limits`) ------------------------------------------

  /// Bytes of one message's text (UTF-8): some screens full. More: `too_long`.
  std::size_t text_bytes = 8192;

  /// Bytes of one WebSocket message: a text of nothing but escapes (six bytes for one) and room to
  /// spare, because it is in memory before anything of it is checked. More: close 1009.
  std::size_t frame_bytes = 65536;

  /// Code points of an author's name: the seed's column, and what a line of chat has room for.
  /// More: `bad_name`.
  std::size_t name_chars = 50;

  /// Code points of a room's name, which every frame of the room repeats. More: `bad_room`.
  std::size_t room_chars = 64;

  /// Rooms that one connection may be in: each costs a cursor here and a place in the room. More:
  /// `too_many_rooms`.
  std::size_t rooms = 100;

  /// Entries of one page, so that reading a long log is many short calls of the store. Larger
  /// requests are clamped, and told `more`.
  std::size_t page = 500;

  /// Bytes of one page, so that one frame stays bounded whatever its entries hold. A page that
  /// reaches it ends early (with at least one entry).
  std::size_t page_bytes = 262144;

  /// Requests of one connection whose answers have not left its outbox: enough to fill a long way
  /// to the server, few enough that one client cannot queue up work. At the bound the server stops
  /// reading the socket, and TCP holds the client back.
  std::uint32_t requests_under_way = 64;

  // -- one connection -----------------------------------------------------------------------------

  /// Bytes waiting for one socket: what a slow reader may cost. Nothing live is put in beyond it
  /// (but into an empty outbox any): the session keeps only its cursor.
  std::size_t outbox_high_bytes = 524288;

  /// Bytes waiting for one socket, below which the session reads on from the log; low enough that a
  /// page then fits, high enough that the socket has something to send meanwhile. One page and one
  /// list may come on top.
  std::size_t outbox_low_bytes = 65536;

  /// Connections of one author: tabs, terminal, phone. Each gets all that its rooms say. More:
  /// close 4502.
  std::size_t connections_per_author = 8;

  /// Connections of the whole server; 20,000 idle ones are 160 MiB. More: HTTP 503.
  std::size_t connections = 20000;

  // -- one room -----------------------------------------------------------------------------------

  /// Rooms in memory, some KiB each, so that one client that joins and leaves new ones cannot use
  /// it up. A join of one more: `busy`.
  std::size_t open_rooms = 50000;

  /// Posts of one room that are not answered yet: four full transactions. More: `busy`.
  std::size_t room_posts = 4096;

  /// Bytes of these posts, so that long texts count as what they are. More: `busy`.
  std::size_t room_post_bytes = 8 << 20;

  /// Authors in a room of whom each coming and going is told by name: beyond, names would cost the
  /// square of the members. Larger rooms get counts only.
  std::size_t presence_names = 64;

  /// Names in one `who`, so that the answer is one bounded frame. Further ones are only counted.
  std::size_t who_names = 500;

  // -- the store's way ----------------------------------------------------------------------------

  /// Drafts in one transaction: beyond, rows per second no longer rise (measured). The rest is the
  /// next one.
  std::size_t batch_posts = 1024;

  /// Their bytes, so that a transaction stays short and the posts behind it too. The rest is the
  /// next one.
  std::size_t batch_bytes = 4 << 20;

  /// Bytes of drafts that wait for the writer, of all rooms: what a store that hangs may cost.
  /// More: `busy`.
  std::size_t waiting_bytes = 64 << 20;

  /// Bytes of encoded recent entries, of all rooms: what spares the store most joins. The room
  /// unused longest goes first.
  std::size_t cache_bytes = 64 << 20;

  /// Of one room, so that one busy room cannot empty the rest. Its oldest go.
  std::size_t cache_room_bytes = 4 << 20;

  /// Different pages asked of the store at once; whoever asks for the same waits for one read.
  /// More: `busy`.
  std::size_t reads_under_way = 4096;

  // -- time ---------------------------------------------------------------------------------------

  /// How long a post, page or list waits for the store: about as long as a person does. Then
  /// `unavailable`, and the client repeats it.
  std::chrono::milliseconds store_patience{5000};

  /// The same while the server stops, so that stopping ends.
  std::chrono::milliseconds drain_patience{3000};

  /// From SIGTERM to the end, goodbyes included. Then connections are cut; they come back and
  /// resume.
  std::chrono::milliseconds drain_within{5000};

  /// What refusals recommend, and a session's own clock: soon enough not to be noticed, late enough
  /// that thousands who were refused do not make it worse.
  std::chrono::milliseconds retry_after{1000};

  /// The coarse clock of rooms, cache and persistence: their deadlines are exact to one tick.
  /// Shorter costs wake-ups.
  std::chrono::milliseconds tick{250};

  /// How long a post waits, for each member of its room, for others to be stored and shown with: as
  /// long as showing it alone would take. 0 stores each at once.
  std::chrono::microseconds gather_per_member{3};

  /// At most so long, however large the room is. Shorter than most of a room's fan-out it makes
  /// several groups of those who talk, and a write to each member for each group.
  std::chrono::milliseconds gather_most{20};

  /// A room that nobody reads leaves the cache after this; its next reader costs the store a read.
  std::chrono::seconds cache_ttl{600};

  /// An empty room's actor ends after this; the next join costs the store an open.
  std::chrono::seconds room_idle{60};

  /// From the upgrade to `hello`, so that silent sockets do not pile up. Longer: close 4500.
  std::chrono::seconds hello_within{10};

  /// Silence before a ping: below the 30 to 60 s after which routers forget a connection. Twice as
  /// long: close 4001.
  std::chrono::seconds heartbeat{25};

  /// A go-chat client, which answers no ping, that takes no byte for so long is gone: closed.
  std::chrono::seconds go_write_stall{600};

  /// A name stays its author's so long after leaving: overnight. Then others may take it.
  std::chrono::seconds name_hold{86400};

  /// Arrivals and departures are gathered so long into one `presence`: many come at once.
  std::chrono::seconds presence_every{1};

  /// A return within this is no departure: a reload of a page is one.
  std::chrono::seconds presence_grace{5};

  /// One author's `typing` in one room is passed on so often; more is dropped.
  std::chrono::seconds typing_every{1};

  /// A token older than this is `bad_token`: a stolen one does not hold for ever.
  std::chrono::hours token_life{24 * 365};
};

} // namespace callboard
