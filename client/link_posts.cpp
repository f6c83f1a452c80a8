// Posts of a link, from the keys to the receipt: in memory, on disk, under way. A post leaves the
// disk only when the server has it, or a person has let go of it.
#include "client/link_state.hpp"
#include "client/visible_text.hpp"
#include "domain/validate.hpp"
#include "wire/codec.hpp"

#include <algorithm>
#include <utility>

namespace callboard::client {

// -- rooms ----------------------------------------------------------------------------------------

void link_state::attend(const attend_room& msg) {
  auto& room = rooms[msg.room];
  // Actors are numbered as they are started. One that begins so late that another has followed it
  // is about to leave, and must not take the room away.
  if (room.timeline && room.timeline.id() > msg.timeline.id())
    return;
  room.timeline = msg.timeline;
  for (const auto& what : room.posts.items())
    if (what.restored)
      tell(self, room.timeline, post_restored{what.id, what.text});
  if (now_in == phase::welcome)
    tell(self, msg.timeline, link_up{author_id});
}

/// A room of which nobody but the outbox knows is entered by the link itself.
void link_state::bring_in(const std::string& name_of, room& room) {
  if (room.timeline)
    tell(self, room.timeline, link_up{author_id});
  else
    send_join(room, {name_of, {}, {}, 0});
}

// -- on disk --------------------------------------------------------------------------------------

/// Takes over what earlier processes of this author left. Nothing is under way now.
void link_state::open_journal() {
  const auto key = name_key(name_wanted);
  if (!setup.open_journal || key == journal_key)
    return;
  auto opened = setup.open_journal(name_wanted, setup.bounds.posts_kept, setup.bounds.bytes_kept);
  move_posts(opened.journal.get());
  journal = std::move(opened.journal);
  journal_key = key;
  std::map<std::string, std::vector<outbox::item>> left;
  for (auto& what : opened.left)
    left[what.room].push_back({std::move(what.id), std::move(what.text)});
  for (auto& [name_of, items] : left) {
    auto& room = rooms[name_of];
    for (const auto& what : items)
      tell(self, room.timeline, post_restored{what.id, what.text});
    room.posts.restore(std::move(items));
  }
  if (!opened.left.empty())
    tell(self, setup.terminal, outbox_told{opened.left.size(), {}});
  for (auto& sentence : opened.troubles)
    tell(self, setup.terminal, outbox_told{0, std::move(sentence)});
}

/// We are somebody else from now on. What nobody has seen goes along; what a server may have as the
/// former author's stays in the former author's outbox.
void link_state::move_posts(post_journal* into) {
  for (auto& [name_of, room] : rooms) {
    const auto items = room.posts.items();
    for (const auto& what : items) {
      if (what.tried && journal) {
        room.posts.drop(what.id);
        tell(
          self, room.timeline,
          post_rejected{what.id, errc::name_taken, "It waits for the name it was written under."});
      } else {
        if (into != nullptr)
          into->add({name_of, what.id, what.text});
        forget_post(what.id);
      }
    }
  }
  if (into != nullptr)
    into->flush();
}

void link_state::bind_journal() {
  if (!journal)
    return;
  for (const auto& id : journal->bind(author_id)) {
    for (auto& [name_of, room] : rooms)
      if (room.posts.drop(id))
        tell(self, room.timeline,
             post_rejected{id, errc::name_taken, "Another author of this name wrote it."});
  }
  report_journal();
}

void link_state::forget_post(const std::string& id) {
  if (journal)
    journal->done(id);
}

/// Behind the messages that wait here already: many lines cost one write to the disk.
void link_state::flush_soon() {
  if (!std::exchange(flush_asked, true))
    tell(self, link_actor{self}, link_alarm{});
}

void link_state::flush_journal() {
  flush_asked = false;
  if (!journal)
    return;
  journal->flush();
  report_journal();
}

void link_state::report_journal() {
  for (auto& sentence : journal->troubles())
    tell(self, setup.terminal, outbox_told{0, std::move(sentence)});
}

// -- under way ------------------------------------------------------------------------------------

void link_state::keep(const submit_post& msg) {
  std::size_t count = 0;
  std::size_t bytes = msg.text.size();
  for (const auto& [name_of, room] : rooms) {
    count += room.posts.size();
    bytes += room.posts.bytes();
  }
  auto* room = find(msg.room);
  if (room == nullptr)
    return; // The timeline attends its room before it says anything.
  if (count >= setup.bounds.posts_kept || bytes > setup.bounds.bytes_kept) {
    tell(self, room->timeline,
         post_rejected{msg.id, errc::busy, "Too much waits for the server already."});
    return;
  }
  room->posts.push(msg.id, msg.text);
  if (journal) {
    journal->add({msg.room, msg.id, msg.text});
    flush_soon();
  }
  pump();
  arm();
}

/// Why the server would refuse this post, or nothing. It is refused here because as a frame it
/// might be so long that the server hangs up.
std::optional<errc> link_state::unfit(const wire::post& what) const {
  if (const auto wrong = check_text(what.text, told))
    return wrong;
  // As JSON, a byte becomes six at most; room and id are short.
  constexpr std::size_t around = 1024;
  const bool may_be_too_long = what.text.size() * 6 + around > told.frame_bytes;
  if (may_be_too_long && wire::encode(wire::request{{}, what}).size() + 64 > told.frame_bytes)
    return errc::too_long;
  return std::nullopt;
}

std::size_t link_state::window() const {
  return std::min<std::size_t>(setup.bounds.posts_under_way, std::max(told.requests_under_way, 1U));
}

/// Sends what may be sent.
void link_state::pump() {
  if (now_in != phase::welcome)
    return;
  auto under_way = posts_under_way();
  for (auto& [name_of, room] : rooms) {
    while (room.takes_posts() && under_way < window()) {
      const auto* const next = room.posts.next(now());
      if (next == nullptr)
        break;
      const auto id = next->id;
      const wire::post what{name_of, id, next->text};
      const auto wrong = unfit(what);
      if (wrong) {
        reject(name_of, room, id, *wrong, complaint_about(what.text, *wrong));
        continue;
      }
      room.posts.sent(ask(what, post_asked{name_of, id}));
      ++under_way;
    }
  }
}

void link_state::withdraw(const withdraw_post& msg) {
  auto* const room = find(msg.room);
  if (room == nullptr)
    return;
  const bool gone = !room->posts.tried(msg.id);
  if (gone) {
    room->posts.drop(msg.id);
    forget_post(msg.id);
  }
  tell(self, room->timeline, post_withdrawn{msg.id, gone});
}

// -- answers --------------------------------------------------------------------------------------

void link_state::confirm(const wire::posted& what) {
  auto* const room = find(what.room);
  if (room == nullptr || !room->posts.stored(what.id))
    return;
  forget_post(what.id);
  tell(self, room->timeline, post_accepted{what.id, what.seq});
  if (room->timeline || room->posts.size() > 0)
    return;
  ask(wire::leave{what.room}, other_asked{});
  rooms.erase(what.room);
}

/// For good. On disk it stays until a person lets go of it; where no person looks, it is given
/// back.
void link_state::reject(const std::string& name_of, room& room, const std::string& id, errc why,
                        const std::string& sentence) {
  const auto& items = room.posts.items();
  const auto place =
    std::find_if(items.begin(), items.end(), [&id](const auto& what) { return what.id == id; });
  if (place == items.end())
    return;
  if (!room.timeline) {
    tell(self, setup.terminal,
         outbox_told{0, "A message of before to " + name_of + " is not stored: " + sentence
                          + " The text was: " + place->text});
    forget_post(id);
  }
  room.posts.drop(id);
  tell(self, room.timeline, post_rejected{id, why, sentence});
}

void link_state::refuse_post(const std::string& room_name, const std::string& id,
                             std::uint64_t attempt, const wire::error& what) {
  auto* const room = find(room_name);
  if (room == nullptr)
    return;
  const auto retry_at = now() + pause_of(what, setup.timing);
  if (what.code == errc::not_joined) {
    // The server has lost our place in the room: take it again, then repeat.
    room->posts.refused(id, attempt, retry_at);
    room->joined = false;
    if (!room->join_again)
      room->join_again = retry_at;
  } else if (may_repeat(what)) {
    room->posts.refused(id, attempt, retry_at);
  } else {
    reject(room_name, *room, id, what.code, sentence_of(what));
  }
}

std::size_t link_state::posts_under_way() const {
  std::size_t count = 0;
  for (const auto& [name_of, room] : rooms)
    count += room.posts.under_way();
  return count;
}

} // namespace callboard::client
