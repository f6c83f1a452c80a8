// Everything one actor of the client may say to another, and every interface: the whole
// conversation on one page. Each message names sender -> receiver and its answer. Nothing is
// answered by a returned value.
#pragma once

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
#include <variant>
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
struct hold_reading;    // terminal -> link
struct attend_room;     // timeline -> link; answered by link_up when there is a connection
struct enter_log;       // timeline -> link; answered by log_entered or enter_failed
struct submit_post;     // timeline -> link; answered by post_accepted or post_rejected
struct request_older;   // timeline -> link; answered by older_page or older_failed
struct query_who;       // timeline -> link; answered by room_signal, or by nothing
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
struct room_signal;     // link -> timeline: presence, typing, who
struct say;             // main -> timeline; answered (to the terminal) by own_stored or own_failed
struct page_back;       // main -> timeline; answered (to the terminal) by older_shown
struct look_at;         // main -> timeline; answered (to the terminal) by page_shown
struct ask_names;       // main -> timeline; answered (to the terminal) by signal_shown
struct leave_log;       // main -> timeline: end
struct link_connecting; // link -> terminal
struct link_welcome;    // link -> terminal
struct link_lost;       // link -> terminal
struct link_ended;      // link -> terminal: it will not try again by itself
struct name_refused;    // link -> terminal; it waits for another introduce
struct rooms_known;     // link -> terminal
struct log_ready;       // timeline -> terminal
struct log_reset;       // timeline -> terminal
struct log_refused;     // timeline -> terminal
struct entries_shown;   // timeline -> terminal
struct older_shown;     // timeline -> terminal
struct page_shown;      // timeline -> terminal
struct own_stored;      // timeline -> terminal
struct own_failed;      // timeline -> terminal
struct signal_shown;    // timeline -> terminal
struct painted;         // main -> terminal

using link_actor = takes<transport_opened, transport_text, transport_closed, link_alarm, introduce,
                         query_rooms, hang_up, hold_reading, attend_room, enter_log, submit_post,
                         request_older, query_who, abandon_room, distrust>;

using timeline_actor = takes<link_up, link_down, log_entered, enter_failed, entry_came, page_came,
                             older_page, older_failed, post_accepted, post_rejected, room_signal,
                             say, page_back, look_at, ask_names, leave_log>;

using terminal_actor =
  takes<link_connecting, link_welcome, link_lost, link_ended, name_refused, rooms_known, log_ready,
        log_reset, log_refused, entries_shown, older_shown, page_shown, own_stored, own_failed,
        signal_shown, painted>;

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
struct enter_log {
  wire::join what;
  CALLBOARD_MESSAGE(enter_log, what.room, what.epoch, what.last)
};
struct submit_post { // kept until it has its receipt or can never have one
  std::string room;
  std::string id;
  std::string text;
  CALLBOARD_MESSAGE(submit_post, room, id, text)
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

using signal = std::variant<wire::presence, wire::typing_notice, wire::who_list>;

struct room_signal {
  std::shared_ptr<const signal> what;
  CALLBOARD_MESSAGE(room_signal)
};

// -- main -> timeline -----------------------------------------------------------------------------

struct say {
  std::uint64_t tag = 0; ///< Repeated in own_stored and own_failed.
  std::string text;
  CALLBOARD_MESSAGE(say, tag, text)
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
  std::chrono::milliseconds retry_in{0};
  CALLBOARD_MESSAGE(link_lost, why)
};
struct link_ended {
  closing what;
  CALLBOARD_MESSAGE(link_ended, what.code, what.why)
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

/// One entry as it goes to the screen.
struct shown_entry {
  entry what;
  bool own = false;      ///< Said through this very program.
  std::uint64_t tag = 0; ///< Of own ones: what `say` gave it.
  friend bool operator==(const shown_entry&, const shown_entry&) = default;
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
struct signal_shown {
  std::string room;
  std::shared_ptr<const signal> what;
  CALLBOARD_MESSAGE(signal_shown, room)
};

// -- main -> terminal -----------------------------------------------------------------------------

struct painted { // so much of what was shown has left, by weight_of
  std::size_t weight = 0;
  CALLBOARD_MESSAGE(painted, weight)
};

} // namespace callboard::client

#if CALLBOARD_CAF_1 // 0.17 needs no type ids for messages that stay in the process

// Behind the block of actors/messages.hpp: a simulation holds both.
CAF_BEGIN_TYPE_ID_BLOCK(callboard_client, caf::first_custom_type_id + 200)

  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::transport_opened))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::transport_text))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::transport_closed))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::link_alarm))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::introduce))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::query_rooms))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::hang_up))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::hold_reading))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::attend_room))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::enter_log))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::submit_post))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::request_older))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::query_who))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::abandon_room))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::distrust))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::link_up))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::link_down))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::log_entered))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::enter_failed))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::entry_came))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::page_came))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::older_page))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::older_failed))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::post_accepted))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::post_rejected))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::room_signal))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::say))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::page_back))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::look_at))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::ask_names))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::leave_log))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::link_connecting))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::link_welcome))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::link_lost))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::link_ended))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::name_refused))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::rooms_known))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::log_ready))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::log_reset))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::log_refused))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::entries_shown))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::older_shown))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::page_shown))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::own_stored))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::own_failed))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::signal_shown))
  CAF_ADD_TYPE_ID(callboard_client, (callboard::client::painted))

CAF_END_TYPE_ID_BLOCK(callboard_client)

#endif
