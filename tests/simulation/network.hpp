// The network of a world: cables that delay, cut, go dead and reorder against each other, but never
// within one direction of one connection, as TCP.
#pragma once

#include "actors/connection.hpp"
#include "actors/messages.hpp"
#include "client/transport.hpp"
#include "tests/simulation/socket_check.hpp"
#include "tests/simulation/world_fwd.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace callboard::simulation {

/// The client's end of a cable.
class socket_user {
public:
  socket_user() = default;
  socket_user(const socket_user&) = delete;
  socket_user& operator=(const socket_user&) = delete;
  virtual ~socket_user() = default;
  virtual void opened() = 0;
  virtual void text(const std::string& frame) = 0;
  virtual void closed(const client::closing& why) = 0; ///< The last call.

  /// True when it notices by itself that nothing comes any more.
  [[nodiscard]] virtual bool notices_silence() const { return false; }

  /// True when it notices that an entry is missing.
  [[nodiscard]] virtual bool notices_gaps() const { return false; }
};

class cable;

/// What the session holds: see connection.
class server_end final : public connection {
public:
  server_end(world& outer, cable& of) : outer_{outer}, cable_{&of} {}
  void send(slice frames, std::uint32_t credit) override;
  void grant(std::uint32_t credit) override;
  [[nodiscard]] std::size_t waiting() const override;
  void tell_when_low(std::size_t low) override;
  void close(close_code code, std::string reason) override;
  void detach() { cable_ = nullptr; }

private:
  world& outer_;
  cable* cable_;
};

class cable {
public:
  cable(world& outer, std::uint64_t number, socket_user* user, dialect speaks);

  enum class state : std::uint8_t { dialling, open, dead };

  // -- what the client does ---------------------------------------------------------------------
  void client_sends(std::string text);
  void client_grants(std::uint32_t frames) { client_credit_ += frames; }
  void client_leaves(); ///< No event follows.

  // -- what the world does ----------------------------------------------------------------------

  /// Does one thing that can happen on this cable; false when there is none.
  bool step();
  void cut();         ///< Both ends learn of it.
  void go_dead();     ///< No end learns of it.
  void server_gone(); ///< The server's process is gone.
  void drain();

  /// The server closes it with `code`: with a reason?
  void judge(close_code code);
  void heal();
  [[nodiscard]] bool gone() const { return user_ == nullptr && !session_; }
  [[nodiscard]] bool at_rest() const;
  [[nodiscard]] const session_actor& session() const { return session_; }
  [[nodiscard]] socket_check& check() { return check_; }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] bool is_open() const { return at_ == state::open; }
  [[nodiscard]] std::uint32_t credit() const; ///< Had, and on its way back.
  [[nodiscard]] dialect speaks() const { return speaks_; }

private:
  friend class server_end;

  struct outgoing {
    std::string text; ///< Of one frame.
    std::size_t bytes = 0;
    std::uint32_t credit = 0;
    bool unasked = false; ///< No answer: live entries, pages of a resume, signals.
  };

  bool connect();
  bool server_reads();
  bool socket_takes();
  bool client_reads();
  unsigned copies_of(std::string_view frame);
  bool ends();
  void end_server(); ///< The session hears that its connection is gone.
  void end_client(const client::closing& why);
  void server_sends(const slice& frames, std::uint32_t credit);

  world& outer_;
  std::uint64_t number_;
  socket_user* user_;
  dialect speaks_;
  state at_ = state::dialling;
  std::shared_ptr<server_end> end_;
  session_actor session_;
  socket_check check_;

  std::deque<std::string> to_server_;
  std::deque<outgoing> outbox_;
  std::size_t waiting_ = 0; ///< Bytes.
  std::size_t unasked_ = 0; ///< Of these; answers are bounded by credit.
  std::deque<std::string> to_client_;
  std::uint32_t server_credit_ = 0;
  std::uint32_t client_credit_ = 0;
  bool low_wanted_ = false;
  std::size_t low_ = 0;
  std::optional<client::closing> farewell_; ///< The server's close, behind its outbox.
  bool has_lost_ = false;                   ///< A frame, and nobody was told.
  bool dead_line_ = false;
  std::int64_t dead_since_ms_ = 0;
};

} // namespace callboard::simulation
