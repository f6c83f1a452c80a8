// The least that a chat server can do, on one thread with epoll: the same frames to the same
// sockets, stored before they are shown or not at all. No limits, no repetition, no recovery: it is
// the measure, not a server.
#pragma once

#include "bench/rows.hpp"
#include "bench/wire.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace callboard::bench {

struct reference_settings {
  std::uint16_t port = 0; ///< 0: any.
  bool gather = true;     ///< One write per socket and turn; else one per frame.
  std::string database;   ///< Empty: nothing is stored.
};

class reference {
public:
  explicit reference(const reference_settings& how);
  ~reference();
  reference(const reference&) = delete;
  reference& operator=(const reference&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Serves until the process is killed.
  void run();

private:
  struct room;
  struct peer {
    int fd = -1;
    bool upgraded = false;
    bool blocked = false;
    bool queued = false; ///< In `to_flush_`.
    room* in = nullptr;
    std::string name;
    std::string partial;
    std::string own;    ///< Frames of its own that leave with the turn.
    std::string unsent; ///< What its socket did not take.
  };
  struct room {
    std::string name;
    std::int64_t number = 0;
    std::int64_t head = 0;
    std::vector<peer*> members;
    std::string turn; ///< Frames for all members that leave with the turn.
    bool queued = false;
  };
  struct post {
    peer* from = nullptr;
    room* to = nullptr;
    row what;
  };

  void accept_all();
  void on_ready(int fd, std::uint32_t events);
  void read(peer& who);
  std::size_t consume(peer& who, std::string_view bytes);
  void take(peer& who, std::string_view json);
  void take_post(peer& who, std::string_view json);
  void join(peer& who, std::string_view json);
  void commit_some();
  void on_committed();
  void show(const post& what);
  void tell(peer& who, const std::string& json);
  void end_turn();
  void push(peer& who, std::string_view first, std::string_view second);
  static void drop(peer& who);

  reference_settings how_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  int epoll_ = -1;
  std::vector<std::unique_ptr<peer>> peers_; ///< By descriptor.
  std::vector<std::unique_ptr<peer>> gone_;
  std::unordered_map<std::string, std::unique_ptr<room>> rooms_;
  std::unique_ptr<row_store> store_;
  std::vector<post> waiting_;
  std::vector<post> under_way_;
  std::vector<room*> rooms_to_flush_;
  std::vector<peer*> to_flush_;
  std::vector<char> buffer_;
};

} // namespace callboard::bench
