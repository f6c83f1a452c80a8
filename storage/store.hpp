// The store's contract: the store is the sequencer. Whatever it has answered is committed and
// durable; whatever it has not answered may or may not be, and the same call again settles it.
#pragma once

#include "domain/entry.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace callboard {

/// What a failed call means for the caller.
enum class store_fault : std::uint8_t {
  again,   ///< Nothing or everything happened: the same call again, after a pause, settles it.
           ///< (Connection lost, serialization failure, deadlock, shutting down, out of resources.)
  refused, ///< The database refuses these very data, for ever: of a batch, find the guilty draft.
  replaced, ///< The database is another than this store knew, or the same one as it was earlier.
            ///< All epochs are new, and what anybody has learnt of its logs is void. Whether the
            ///< call's work was done is not known.
};

struct store_failure {
  store_fault fault = store_fault::again;
  std::string why; ///< For the log, without secrets.
};

/// The value, or why there is none. No exception leaves a store.
template <class T>
using outcome = std::variant<T, store_failure>;

/// The value of `what`, or null.
template <class T>
[[nodiscard]] const T* value_of(const outcome<T>& what) {
  return std::get_if<T>(&what);
}

struct done {};

/// Entries behind (`after`) or in front of (`before`) a position; the answer is ascending in any
/// case.
struct read_query {
  enum class direction : std::uint8_t { after, before };

  std::string room;
  direction where = direction::after;
  seq_t position = 0;
  std::size_t limit = 0; ///< Entries at most, nearest to the position.

  friend bool operator==(const read_query&, const read_query&) = default;
};

/// A name that an author wants; see store::claim_name.
struct name_claim {
  std::string key; ///< name_key(who.name)
  author who;
  std::chrono::seconds hold{0};
  bool by_force = false; ///< With a valid token an author always gets its name.
};

/// A connection to the log. Not thread-safe, except for interrupt(): one thread owns it and blocks
/// in it. Calls connect by themselves when needed, and end within about 5 s when nothing listens.
class store {
public:
  store() = default;
  store(const store&) = delete;
  store& operator=(const store&) = delete;
  virtual ~store() = default;

  /// Stores drafts of any rooms in one transaction. A room not yet there is created. Answers each
  /// draft in its place. A draft whose (room, author id, client id) is known, also from earlier in
  /// the batch, stores nothing and gets the first one's receipt. Numbers follow the room's head
  /// without gap, in the batch's order. `refused` when the database cannot take one of them: then
  /// none is stored.
  [[nodiscard]] virtual outcome<std::vector<receipt>> append(std::span<const draft_ptr> batch) = 0;

  /// The room's row, created if missing, read under its lock: every transaction that could still
  /// change the head has ended when this returns.
  [[nodiscard]] virtual outcome<room_head> open(const std::string& room) = 0;

  /// Committed entries, ascending. An unknown room is an empty log.
  [[nodiscard]] virtual outcome<std::vector<entry>> read(const read_query& query) = 0;

  /// Rooms whose name starts with `prefix`, by name (bytes), at most `limit`.
  [[nodiscard]] virtual outcome<std::vector<room_info>> rooms(std::string_view prefix,
                                                              std::size_t limit) = 0;

  /// True when the name is now this author's: it was nobody's, or this author's, or another's who
  /// was seen longer ago than `hold`, or is taken by force. Marks it as seen now.
  [[nodiscard]] virtual outcome<bool> claim_name(const name_claim& claim) = 0;

  /// The value under `key`; when there is none, `fresh` is stored and returned. Atomic between
  /// servers.
  [[nodiscard]] virtual outcome<std::string> meta(const std::string& key,
                                                  const std::string& fresh) = 0;

  /// One cheap round trip: could a post be stored now?
  [[nodiscard]] virtual outcome<done> ping() = 0;

  /// From any thread: makes a call that is stuck end soon with `again`, by shutting down its
  /// connection.
  virtual void interrupt() noexcept = 0;
};

using store_ptr = std::shared_ptr<store>;

/// What prepare() found and did.
struct preparation {
  int schema = 0;        ///< Version now.
  int migrated_from = 0; ///< Version before; 0: the database was empty.
  std::uint64_t rooms = 0;
  std::uint64_t entries = 0;   ///< Sum of the heads.
  std::uint64_t adopted = 0;   ///< Rows taken over from a go-chat database just now.
  bool epochs_renewed = false; ///< The database is not the one that wrote it: a restored copy.
  std::vector<std::string> warnings; ///< For example that fsync is off.
};

/// Why a database cannot be used, for the operator: what, the cause, what to do; a sysexits code.
struct unusable {
  int exit_code = 69;
  std::string what;
  std::string cause;
  std::string hint;
};

/// Where messages are kept. Thread-safe; stores that it opens live on their own.
class database {
public:
  database() = default;
  database(const database&) = delete;
  database& operator=(const database&) = delete;
  virtual ~database() = default;

  /// Migrates (each step in one transaction, under a lock; a newer schema is refused untouched),
  /// adopts a go-chat table, renews epochs where the database is a copy. Once, before any store is
  /// used.
  [[nodiscard]] virtual std::variant<preparation, unusable> prepare() = 0;

  /// Gives every room a new epoch: `callboard-server renew-epochs`.
  [[nodiscard]] virtual std::variant<std::uint64_t, unusable> renew_epochs() = 0;

  /// A connection for appends and opens. Connects at its first call.
  [[nodiscard]] virtual store_ptr writer() = 0;

  /// A connection for reads.
  [[nodiscard]] virtual store_ptr reader() = 0;

  /// For people and logs, without password: "PostgreSQL at 127.0.0.1:5432, database chat".
  [[nodiscard]] virtual std::string describe() const = 0;
};

/// Opens "postgres://user:password@host:5432/db" (any libpq URI) or "sqlite:/path/callboard.db".
/// Does not connect. Returns `unusable` (exit code 78) for a URL that it cannot read.
[[nodiscard]] std::variant<std::unique_ptr<database>, unusable>
open_database(const std::string& url);

} // namespace callboard
