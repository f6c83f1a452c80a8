// What a room's log is made of: a draft before the store numbered it, an entry after.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace callboard {

/// Position in one room's log: 1, 2, 3, … without gaps. 0 means "before the first".
using seq_t = std::uint64_t;

/// Who writes. `id` (128 random bits, hexadecimal) is the identity; `name` is what people see.
struct author {
  std::string id;
  std::string name;

  friend bool operator==(const author&, const author&) = default;
};

/// What an entry is. The numbers stand in the database: append, never renumber.
enum class entry_kind : std::uint8_t {
  unknown = 0, ///< Of a newer server, as a client sees it: counts in the sequence. Never stored.
  message = 1,
};

/// A message that the store has not numbered yet. (room, author.id, client_id) is its identity for
/// ever: the store keeps the first and answers every repetition with the first one's receipt.
struct draft {
  std::string room;
  author from;
  std::string client_id;
  std::string text;
  entry_kind kind = entry_kind::message;

  friend bool operator==(const draft&, const draft&) = default;
};

/// Drafts travel between actors by reference: their text is never copied after the frame was read.
using draft_ptr = std::shared_ptr<const draft>;

/// One committed line of a room's log.
struct entry {
  seq_t seq = 0;
  author from;
  std::string client_id;
  std::string text;
  std::int64_t at_ms = 0; ///< The database's clock: milliseconds since 1970, UTC.
  entry_kind kind = entry_kind::message;

  friend bool operator==(const entry&, const entry&) = default;
};

/// The store's answer to one draft. With `conflict`, `seq` is the entry that holds the id already.
struct receipt {
  seq_t seq = 0;
  std::int64_t at_ms = 0;
  bool duplicate = false; ///< Stored before: by an earlier batch, or earlier in this one.
  bool conflict = false;  ///< The id was used before with another text; nothing was stored.
  bool refused = false;   ///< The store can never take this draft (`internal`); nothing was stored.

  friend bool operator==(const receipt&, const receipt&) = default;
};

/// A room's row. The log holds `first` to `head`; empty: head 0, first 1.
struct room_head {
  std::string epoch;
  seq_t first = 1;
  seq_t head = 0;

  friend bool operator==(const room_head&, const room_head&) = default;
};

/// A line of the list of rooms.
struct room_info {
  std::string name;
  seq_t head = 0;
  std::uint32_t members = 0; ///< Authors here now; the store leaves it 0.

  friend bool operator==(const room_info&, const room_info&) = default;
};

} // namespace callboard
