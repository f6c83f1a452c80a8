// The part of client/messages.hpp that goes to the screen, which includes this file: whatever a
// user interface may want to show, and nothing that it has to keep for the client to be right.
#pragma once

#include "client/messages.hpp"

namespace callboard::client {

// -- link -> terminal -----------------------------------------------------------------------------

struct link_connecting { // also the terminal's way to learn whom to hold
  link_actor link;
  CALLBOARD_MESSAGE(link_connecting)
};
struct link_welcome {
  std::shared_ptr<const wire::welcome> what; ///< Its token is secret: never to be logged.
  CALLBOARD_MESSAGE(link_welcome)
};
struct link_lost {
  std::string why;
  std::chrono::milliseconds retry_in{0}; ///< From now: the countdown's start.
  std::uint32_t attempt = 1;             ///< Of the next try; 1 after a connection that worked.
  CALLBOARD_MESSAGE(link_lost, why)
};
struct link_ended {
  closing what;
  CALLBOARD_MESSAGE(link_ended, what.code, what.why)
};
struct link_pulse {                        // while somebody is at the keys
  std::chrono::microseconds round_trip{0}; ///< From our ping to its pong, measured.
  CALLBOARD_MESSAGE(link_pulse)
};
struct outbox_told {       // what an earlier process left, or what is wrong with the file
  std::size_t waiting = 0; ///< Messages from before that will be sent; their rooms may be others.
  std::string trouble;     ///< A sentence; empty: all is well.
  CALLBOARD_MESSAGE(outbox_told, waiting)
};
struct name_refused {
  std::string name;
  errc why = errc::name_taken;
  CALLBOARD_MESSAGE(name_refused, name, why)
};
struct rooms_known {
  std::string prefix;
  std::vector<room_info> rooms;
  std::optional<errc> failed;
  CALLBOARD_MESSAGE(rooms_known, prefix)
};

// -- timeline -> terminal -------------------------------------------------------------------------

struct log_ready { // all that the log held at the join has been shown
  std::string room;
  seq_t head = 0;
  bool again = false; ///< Not for the first time.
  std::string epoch;  ///< Of this log: under another one, numbers name other entries.
  CALLBOARD_MESSAGE(log_ready, room, head, again)
};
struct log_reset { // what was shown belongs to another log; its newest entries follow
  std::string room;
  CALLBOARD_MESSAGE(log_reset, room)
};
struct log_refused {
  std::string room;
  errc why = errc::bad_room;
  CALLBOARD_MESSAGE(log_refused, room, why)
};

struct entries_shown { // behind all shown before
  std::string room;
  std::vector<shown_entry> entries;
  CALLBOARD_MESSAGE(entries_shown, room)
};
struct older_shown { // in front of all shown before
  std::string room;
  std::vector<shown_entry> entries;
  bool more = false;   ///< There is more in front of them.
  bool failed = false; ///< It could not be asked for now.
  CALLBOARD_MESSAGE(older_shown, room, more, failed)
};
struct page_shown { // the answer to look_at
  std::string room;
  seq_t before = 0;           ///< As it was asked for.
  std::optional<seq_t> after; ///< As it was asked for.
  std::vector<shown_entry> entries;
  bool more = false;   ///< There is more in the direction that was asked for.
  bool failed = false; ///< It could not be asked for now.
  CALLBOARD_MESSAGE(page_shown, room, before, more, failed)
};
struct own_stored {
  std::string room;
  std::uint64_t tag = 0;
  std::string id;
  seq_t seq = 0;
  CALLBOARD_MESSAGE(own_stored, room, tag, id, seq)
};
struct own_failed { // it is not stored, and never will be by itself
  std::string room;
  std::uint64_t tag = 0;
  std::string text; ///< What was said.
  errc why = errc::internal;
  std::string sentence;
  CALLBOARD_MESSAGE(own_failed, room, tag, why)
};
struct own_restored { // it waits, and has its end in own_stored or own_failed
  std::string room;
  std::uint64_t tag = 0;
  std::string text;
  CALLBOARD_MESSAGE(own_restored, room, tag)
};
struct own_dropped {
  std::string room;
  std::uint64_t tag = 0;
  std::string text;  ///< To be edited, perhaps.
  bool gone = false; ///< False: nothing has changed, the server may have it already.
  CALLBOARD_MESSAGE(own_dropped, room, tag, gone)
};
struct signal_shown {
  std::string room;
  std::shared_ptr<const signal> what;
  CALLBOARD_MESSAGE(signal_shown, room)
};

} // namespace callboard::client

#include "client/message_ids.hpp" // Behind all that it names.
