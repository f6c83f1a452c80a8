// Fresh, empty databases of each kind for tests; each is gone with its object.
#pragma once

#include "storage/memory_store.hpp"
#include "storage/pg_session.hpp"
#include "storage/sqlite_handle.hpp"
#include "storage/store.hpp"

#include <filesystem>
#include <functional>
#include <future>
#include <stdexcept>
#include <vector>

namespace callboard::places {

/// A directory under /tmp.
class folder {
public:
  folder();
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder();

  [[nodiscard]] std::string operator/(const std::string& name) const {
    return (path_ / name).string();
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

/// An empty database in the cluster that CALLBOARD_TEST_POSTGRES names. Throws when that is not
/// set.
class postgres_place {
public:
  /// `options` go behind `create database NAME`. Without options it is one that an earlier test has
  /// left, emptied: creating takes half a second.
  explicit postgres_place(const std::string& options = "");
  postgres_place(const postgres_place&) = delete;
  postgres_place& operator=(const postgres_place&) = delete;
  ~postgres_place();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& url() const { return url_; }

  /// Runs SQL in it, over a connection of the test's own.
  pg_rows sql(const std::string& text) { return inside_->script(text); }

  /// Closes the test's own connection: `create database … template` needs nobody inside.
  void leave() { inside_->disconnect(); }

  /// The cluster's maintenance database.
  static pg_session& cluster();

private:
  static std::vector<std::string>& emptied();

  bool is_plain_;
  std::string name_;
  std::string url_;
  std::unique_ptr<pg_session> inside_;
};

/// The value, or a test failure by exception. CAF_CHECK_EQUAL keeps references over several
/// statements: a number out of a temporary needs a + in front, which copies it.
template <class T>
T must(outcome<T> what) {
  if (const auto* failure = std::get_if<store_failure>(&what))
    throw std::runtime_error{"the store failed: " + failure->why};
  return std::get<T>(std::move(what));
}

template <class T>
T must(std::variant<T, unusable> what) {
  if (const auto* why = std::get_if<unusable>(&what))
    throw std::runtime_error{why->what + ": " + why->cause};
  return std::get<T>(std::move(what));
}

/// The failure; throws when there is a value.
template <class T>
store_failure failure_of(const outcome<T>& what) {
  if (const auto* failure = std::get_if<store_failure>(&what))
    return *failure;
  throw std::runtime_error{"the store succeeded where it must fail"};
}

template <class T>
unusable why_unusable(const std::variant<T, unusable>& what) {
  if (const auto* why = std::get_if<unusable>(&what))
    return *why;
  throw std::runtime_error{"the database was usable"};
}

inline draft_ptr make_draft(std::string room, std::string author_id, std::string id,
                            std::string text) {
  return std::make_shared<const draft>(
    draft{std::move(room), {author_id, "name of " + author_id}, std::move(id), std::move(text)});
}

/// A server's database, and the connection that appends.
struct prepared_postgres {
  postgres_place here;
  std::unique_ptr<database> db = must(open_database(here.url()));
  preparation found = must(db->prepare());
  store_ptr store = db->writer();
};

/// All entries of a room.
std::vector<entry> all_of(store& from, const std::string& room);

/// Waits until `done`, up to 20 s; false when it never was.
bool wait_until(const std::function<bool()>& done);

enum class kind { memory, sqlite, postgres };

/// A prepared database of one kind.
class place {
public:
  explicit place(kind what);

  [[nodiscard]] kind what() const { return what_; }
  [[nodiscard]] const char* name() const;

  /// The database that is open now.
  [[nodiscard]] database& db() { return *db_; }

  /// Closes it and opens what it kept anew, as after a restart.
  preparation reopen();

  /// Until the result is destroyed, no append can commit.
  [[nodiscard]] std::shared_ptr<void> hold_appends();

  /// Sets a room's head behind our back; false where that cannot be done.
  bool set_head(const std::string& room, seq_t head);

private:
  kind what_;
  std::unique_ptr<folder> folder_;
  std::unique_ptr<postgres_place> postgres_;
  std::shared_ptr<memory_log> memory_;
  std::unique_ptr<database> db_;
};

/// Runs `test` on each kind, in a fresh place.
void on_each_kind(const std::function<void(place&)>& test);

} // namespace callboard::places
