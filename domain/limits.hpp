// Every queue and every input has a bound, and every bound is in this file: unit, reason,
// consequence.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace callboard {

/// Defaults are what production uses; tests and `.env` may set others. Read-only once started.
struct limits {
  // -- what a client may send (told in `welcome.limits`) ------------------------------------------

  std::size_t text_bytes = 8192;   ///< One message's UTF-8 bytes. More: `too_long`.
  std::size_t frame_bytes = 65536; ///< One WebSocket message's bytes. More: close 1009.
  std::size_t name_chars = 50; ///< Code points of an author's name (the seed's column). `bad_name`.
  std::size_t room_chars = 64; ///< Code points of a room's name. More: `bad_room`.
  std::size_t rooms = 100;     ///< Rooms that one connection may be in. More: `too_many_rooms`.
  std::size_t page = 500;      ///< Entries of one page; larger requests are clamped.
  std::size_t page_bytes = 262144; ///< Bytes of one page, so that one frame stays bounded; a page
                                   ///< that reaches it ends early (with at least one entry).

  /// Requests of one connection whose answers have not left its outbox. At the bound the server
  /// stops reading the socket, and TCP holds the client back.
  std::uint32_t requests_under_way = 64;

  // -- one connection -----------------------------------------------------------------------------

  /// Bytes waiting for one socket. Nothing live is put in beyond the high mark (but into an empty
  /// outbox any): the session keeps only its cursor. Below the low mark it reads on from the log,
  /// and one page and one list may come on top.
  std::size_t outbox_high_bytes = 524288;
  std::size_t outbox_low_bytes = 65536;

  std::size_t connections_per_author = 8; ///< Tabs, terminal, phone. More: close 4502.
  std::size_t connections = 20000;        ///< Of the whole server. More: HTTP 503.

  std::size_t open_rooms = 50000; ///< Rooms in memory, some KiB each. A join of one more: `busy`.

  // -- one room -----------------------------------------------------------------------------------

  std::size_t room_posts = 4096;         ///< Posts of one room not yet answered. More: `busy`.
  std::size_t room_post_bytes = 8 << 20; ///< Their bytes. More: `busy`.
  std::size_t presence_names = 64;       ///< Larger rooms get counts only: names cost members².
  std::size_t who_names = 500;           ///< Names in one `who`.

  // -- the store's way ----------------------------------------------------------------------------

  std::size_t batch_posts = 1024;    ///< Drafts in one transaction: beyond, rows/s no longer rise.
  std::size_t batch_bytes = 4 << 20; ///< Their bytes: a transaction stays short.
  std::size_t waiting_bytes =
    64 << 20;                         ///< Drafts that wait for the writer, all rooms. More: `busy`.
  std::size_t cache_bytes = 64 << 20; ///< Encoded recent entries, all rooms. More: oldest go.
  std::size_t cache_room_bytes =
    4 << 20;                          ///< Of one room, so that one busy room cannot empty the rest.
  std::size_t reads_under_way = 4096; ///< Different pages asked of the store. More: `busy`.

  // -- time ---------------------------------------------------------------------------------------

  std::chrono::milliseconds store_patience{5000}; ///< A post that waits longer: `unavailable`.
  std::chrono::milliseconds drain_patience{3000}; ///< The same while the server stops.
  std::chrono::milliseconds retry_after{1000};    ///< What refusals recommend.
  std::chrono::milliseconds tick{250};            ///< Each actor's one coarse clock.
  /// A post waits so long for each member, and at most so long, for others to be stored and shown
  /// with: as long as showing it alone would take.
  std::chrono::microseconds gather_per_member{3};
  std::chrono::milliseconds gather_most{10};
  std::chrono::seconds cache_ttl{600};      ///< A room unused for so long leaves the cache.
  std::chrono::seconds room_idle{60};       ///< An empty room ends after this.
  std::chrono::seconds hello_within{10};    ///< A connection without `hello`: close 4500.
  std::chrono::seconds heartbeat{25};       ///< Silence before a ping; twice: close 4001.
  std::chrono::seconds go_write_stall{600}; ///< A go-chat client that takes no byte for so long.
  std::chrono::seconds name_hold{86400};    ///< A name stays its author's so long after leaving.
  std::chrono::seconds presence_every{1};   ///< Arrivals and departures are gathered so long.
  std::chrono::seconds presence_grace{5};   ///< A return within this is no departure.
  std::chrono::seconds typing_every{1};     ///< One author's typing in one room; more is dropped.
  std::chrono::hours token_life{24 * 365};  ///< A token older than this is `bad_token`.
};

} // namespace callboard
