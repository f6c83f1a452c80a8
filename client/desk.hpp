// What a command can ask of the client's actors. Abstract, so that commands are tested without
// any.
#pragma once

#include "client/post_journal.hpp"
#include "client/room_log.hpp"
#include "client/terminal.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace callboard::client {

class desk {
public:
  desk() = default;
  desk(const desk&) = delete;
  desk& operator=(const desk&) = delete;
  virtual ~desk() = default;

  /// Connects as this author; `token` may be empty.
  virtual void introduce(std::string name, std::string token, std::string claim) = 0;

  /// Reads a room from `start` on. A room that was entered before is left as it is.
  virtual void enter(const std::string& room, log_start start) = 0;
  virtual void leave(const std::string& room) = 0;

  /// Says something in a room that was entered; `tag` comes back in own_stored or own_failed.
  virtual void say(const std::string& room, std::uint64_t tag, std::string text) = 0;
  /// What failed: once more, under the same id. What failed or was never sent: no more.
  virtual void retry(const std::string& room, std::uint64_t tag) = 0;
  virtual void drop(const std::string& room, std::uint64_t tag) = 0;
  virtual void page_back(const std::string& room, std::size_t limit) = 0;
  /// A page in front of `before`, or with `after` behind that one; page_shown answers.
  virtual void look_at(const std::string& room, seq_t before, std::optional<seq_t> after,
                       std::size_t limit) = 0;
  virtual void ask_names(const std::string& room) = 0;
  virtual void ask_rooms(std::string prefix, std::size_t limit) = 0;

  /// A key was hit; in that room's input. Both as often as wanted: what is too much is dropped.
  virtual void touch_keys() = 0;
  virtual void type_on(const std::string& room) = 0;

  /// Connects now, whatever was agreed and whatever there is.
  virtual void reconnect() = 0;
};

/// The real one: an actor system, a socket, and the queue in front of this thread.
class client_desk final : public desk {
public:
  /// Throws std::exception when the system has no thread or descriptor left.
  /// Without `journal`, what is said is lost when the process is killed.
  explicit client_desk(endpoint where, journal_opener journal = {});

  /// Says goodbye to the server and ends everything.
  ~client_desk() override;

  void introduce(std::string name, std::string token, std::string claim) override;
  void enter(const std::string& room, log_start start) override;
  void leave(const std::string& room) override;
  void say(const std::string& room, std::uint64_t tag, std::string text) override;
  void retry(const std::string& room, std::uint64_t tag) override;
  void drop(const std::string& room, std::uint64_t tag) override;
  void page_back(const std::string& room, std::size_t limit) override;
  void look_at(const std::string& room, seq_t before, std::optional<seq_t> after,
               std::size_t limit) override;
  void ask_names(const std::string& room) override;
  void ask_rooms(std::string prefix, std::size_t limit) override;
  void touch_keys() override;
  void type_on(const std::string& room) override;
  void reconnect() override;

  /// Readable while `take` has something.
  [[nodiscard]] int descriptor() const;
  [[nodiscard]] std::vector<screen_event> take();

  /// Events of this weight have been handled.
  void painted(std::size_t weight);

private:
  struct actors; // Keeps CAF's system out of this page.
  std::unique_ptr<actors> actors_;
};

} // namespace callboard::client
