// Everything one actor of the client may say to another, and every interface: the whole
// conversation on one page (the fields of what goes to the screen: client/screen_messages.hpp).
// Each message names sender -> receiver and its answer. Nothing is answered by a returned value.
#pragma once

#include "client/shown.hpp"
#include "client/transport.hpp"
#include "domain/entry.hpp"
#include "domain/error.hpp"
#include "runtime/caf.hpp"
#include "wire/frame.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace callboard::client {

// -- who is who -----------------------------------------------------------------------------------

struct transport_opened; // transport -> link
struct transport_text;   // transport -> link; costs one frame of credit
struct transport_closed; // transport -> link
struct link_alarm;       // link -> itself

struct introduce;       // main -> link; answered by link_welcome, name_refused or link_ended
struct query_rooms;     // main -> link; answered by rooms_known, or by nothing when the
                        // link is lost
struct hang_up;         // main -> link: end
struct reconnect;       // main -> link: now, whatever was agreed
struct keys_touched;    // main -> link: somebody is at the keys
struct hold_reading;    // terminal -> link
struct attend_room;     // timeline -> link; answered by link_up when there is a connection
struct enter_log;       // timeline -> link; answered by log_entered or enter_failed
struct submit_post;     // timeline -> link; answered by post_accepted or post_rejected
struct request_older;   // timeline -> link; answered by older_page or older_failed
struct withdraw_post;   // timeline -> link; answered by post_withdrawn
struct query_who;       // timeline -> link; answered by room_signal, or by nothing
struct say_typing;      // timeline -> link
struct abandon_room;    // timeline -> link
struct distrust;        // timeline -> link: this connection brings a log that cannot be
struct link_up;         // link -> timeline
struct link_down;       // link -> timeline
struct log_entered;     // link -> timeline
struct enter_failed;    // link -> timeline
struct entry_came;      // link -> timeline
struct page_came;       // link -> timeline: one that the server sent on its own
struct older_page;      // link -> timeline
struct older_failed;    // link -> timeline
struct post_accepted;   // link -> timeline
struct post_rejected;   // link -> timeline
struct post_restored;   // link -> timeline
struct post_withdrawn;  // link -> timeline
struct room_signal;     // link -> timeline: presence, typing, who
struct say;             // main -> timeline; answered (to the terminal) by own_stored or own_failed
struct page_back;       // main -> timeline; answered (to the terminal) by older_shown
struct retry_own;       // main -> timeline; answered (to the terminal) as `say` is
struct drop_own;        // main -> timeline; answered (to the terminal) by own_dropped
struct type_on;         // main -> timeline
struct look_at;         // main -> timeline; answered (to the terminal) by page_shown
struct ask_names;       // main -> timeline; answered (to the terminal) by signal_shown
struct leave_log;       // main -> timeline: end
struct link_connecting; // link -> terminal
struct link_welcome;    // link -> terminal
struct link_lost;       // link -> terminal
struct link_ended;      // link -> terminal: it will not try again by itself
struct link_pulse;      // link -> terminal
struct name_refused;    // link -> terminal; it waits for another introduce
struct outbox_told;     // link -> terminal
struct rooms_known;     // link -> terminal
struct log_ready;       // timeline -> terminal
struct log_reset;       // timeline -> terminal
struct log_refused;     // timeline -> terminal
struct entries_shown;   // timeline -> terminal
struct older_shown;     // timeline -> terminal
struct page_shown;      // timeline -> terminal
struct own_stored;      // timeline -> terminal
struct own_failed;      // timeline -> terminal
struct own_restored;    // timeline -> terminal
struct own_dropped;     // timeline -> terminal
struct signal_shown;    // timeline -> terminal
struct painted;         // main -> terminal

using link_actor =
  takes<transport_opened, transport_text, transport_closed, link_alarm, introduce, query_rooms,
        hang_up, reconnect, keys_touched, hold_reading, attend_room, enter_log, submit_post,
        withdraw_post, request_older, query_who, say_typing, abandon_room, distrust>;

using timeline_actor =
  takes<link_up, link_down, log_entered, enter_failed, entry_came, page_came, older_page,
        older_failed, post_accepted, post_rejected, post_restored, post_withdrawn, room_signal, say,
        retry_own, drop_own, type_on, page_back, look_at, ask_names, leave_log>;

using terminal_actor =
  takes<link_connecting, link_welcome, link_lost, link_ended, link_pulse, name_refused, outbox_told,
        rooms_known, log_ready, log_reset, log_refused, entries_shown, older_shown, page_shown,
        own_stored, own_failed, own_restored, own_dropped, signal_shown, painted>;

// -- transport -> link ----------------------------------------------------------------------------

struct transport_opened {
  connection_no connection = 0;
  CALLBOARD_MESSAGE(transport_opened, connection)
};
struct transport_text {
  connection_no connection = 0;
  std::string text;
  CALLBOARD_MESSAGE(transport_text, connection, text)
};
struct transport_closed {
  connection_no connection = 0;
  closing what;
  CALLBOARD_MESSAGE(transport_closed, connection, what.code, what.why)
};
struct link_alarm { // the one clock of the link; armed only while something waits
  CALLBOARD_MESSAGE(link_alarm)
};

// -- main, terminal -> link -----------------------------------------------------------------------

struct introduce { // who to be; connects if there is no connection
  std::string name;
  std::string token; ///< Empty: none. Wins over the name, which is for when it is refused.
  std::string claim; ///< A secret that makes the name ours though no welcome came; empty: none.
  CALLBOARD_MESSAGE(introduce, name)
};
struct query_rooms {
  std::string prefix;
  std::size_t limit = 100;
  CALLBOARD_MESSAGE(query_rooms, prefix, limit)
};
struct hang_up {
  CALLBOARD_MESSAGE(hang_up)
};
struct reconnect { // does not wait for the delay; also leaves a connection, also after link_ended
  CALLBOARD_MESSAGE(reconnect)
};
struct keys_touched { // as often as wanted: for a minute the link looks closer (link_timing)
  CALLBOARD_MESSAGE(keys_touched)
};
struct hold_reading { // the screen is slow: read no further (or go on)
  bool hold = false;
  CALLBOARD_MESSAGE(hold_reading, hold)
};

// -- timeline -> link -----------------------------------------------------------------------------

struct attend_room { // first of all: who takes this room's frames
  std::string room;
  timeline_actor timeline;
  CALLBOARD_MESSAGE(attend_room, room)
};
struct enter_log { // of a timeline that another has followed already: changes nothing
  wire::join what;
  timeline_actor timeline;
  CALLBOARD_MESSAGE(enter_log, what.room, what.epoch, what.last)
};
struct submit_post { // kept until it has its receipt or can never have one
  std::string room;
  std::string id;
  std::string text;
  CALLBOARD_MESSAGE(submit_post, room, id, text)
};
struct withdraw_post { // has its end for the person who wrote it
  std::string room;
  std::string id;
  CALLBOARD_MESSAGE(withdraw_post, room, id)
};
struct request_older { // or newer: exactly one of `before` and `after` is given
  std::string room;
  seq_t before = 0;
  std::size_t limit = 50;
  std::optional<seq_t> after;
  CALLBOARD_MESSAGE(request_older, room, before, limit)
};
struct query_who {
  std::string room;
  CALLBOARD_MESSAGE(query_who, room)
};
struct say_typing { // the link sends one in `typing_every`
  std::string room;
  CALLBOARD_MESSAGE(say_typing, room)
};
struct abandon_room { // of a timeline that another has followed already: changes nothing
  std::string room;
  timeline_actor timeline;
  CALLBOARD_MESSAGE(abandon_room, room)
};
struct distrust {
  std::string why;
  CALLBOARD_MESSAGE(distrust, why)
};

// -- link -> timeline -----------------------------------------------------------------------------

struct link_up { // there is a connection that knows nothing of the room: enter it
  std::string author_id;
  CALLBOARD_MESSAGE(link_up, author_id)
};
struct link_down {
  CALLBOARD_MESSAGE(link_down)
};
struct log_entered {
  std::shared_ptr<const wire::joined> what;
  CALLBOARD_MESSAGE(log_entered)
};
struct enter_failed { // for good
  errc why = errc::internal;
  CALLBOARD_MESSAGE(enter_failed, why)
};
struct entry_came {
  entry what;
  CALLBOARD_MESSAGE(entry_came, what.seq)
};
struct page_came {
  std::shared_ptr<const wire::history_page> what;
  CALLBOARD_MESSAGE(page_came)
};
struct older_page {
  std::shared_ptr<const wire::history_page> what;
  CALLBOARD_MESSAGE(older_page)
};
struct older_failed {
  errc why = errc::unavailable;
  CALLBOARD_MESSAGE(older_failed, why)
};
struct post_accepted {
  std::string id;
  seq_t seq = 0;
  CALLBOARD_MESSAGE(post_accepted, id, seq)
};
struct post_rejected { // for good
  std::string id;
  errc why = errc::internal;
  std::string text; ///< The server's sentence.
  CALLBOARD_MESSAGE(post_rejected, id, why)
};

struct post_restored { // from the outbox on disk: submitted by an earlier process
  std::string id;
  std::string text;
  CALLBOARD_MESSAGE(post_restored, id)
};
struct post_withdrawn {
  std::string id;
  bool gone = false; ///< False: the server may have it already, so it goes on.
  CALLBOARD_MESSAGE(post_withdrawn, id, gone)
};

struct room_signal {
  std::shared_ptr<const signal> what;
  CALLBOARD_MESSAGE(room_signal)
};

// -- main -> timeline -----------------------------------------------------------------------------

struct say {
  std::uint64_t tag = 0; ///< Repeated in own_stored and own_failed. Below restored_tag.
  std::string text;
  CALLBOARD_MESSAGE(say, tag, text)
};
struct retry_own { // after own_failed; with the same message id, so it is stored once at most
  std::uint64_t tag = 0;
  CALLBOARD_MESSAGE(retry_own, tag)
};
struct drop_own { // what failed, or waits and was never sent; to edit: drop, then say another text
  std::uint64_t tag = 0;
  CALLBOARD_MESSAGE(drop_own, tag)
};
struct type_on { // a key was hit in this room's input; as often as wanted
  CALLBOARD_MESSAGE(type_on)
};
struct page_back {
  std::size_t limit = 50;
  CALLBOARD_MESSAGE(page_back, limit)
};
struct look_at {              // a page of the log, wherever it is; changes nothing of what was read
  seq_t before = 0;           ///< The entries in front of this one; not with `after`.
  std::optional<seq_t> after; ///< The entries behind this one.
  std::size_t limit = 100;
  CALLBOARD_MESSAGE(look_at, before, limit)
};
struct ask_names {
  CALLBOARD_MESSAGE(ask_names)
};
struct leave_log {
  CALLBOARD_MESSAGE(leave_log)
};

// -- main -> terminal -----------------------------------------------------------------------------

struct painted { // so much of what was shown has left, by weight_of
  std::size_t weight = 0;
  CALLBOARD_MESSAGE(painted, weight)
};

} // namespace callboard::client

#include "client/screen_messages.hpp" // Behind the interfaces that it carries.
