// Listens at one socket and holds every frame that a server sends there against the protocol and
// the truth. What counts is what the socket got, not what an actor believes.
#pragma once

#include "actors/connection.hpp"
#include "domain/entry.hpp"
#include "tests/simulation/world_fwd.hpp"
#include "wire/codec.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace callboard::simulation {

class socket_check {
public:
  socket_check(world& outer, std::uint64_t cable, dialect speaks);

  /// `real`: by the product's own client, which says nothing that must be refused.
  void client_said(const std::string& text, bool real);
  void server_read(); ///< The session has been given the next frame that the client said.
  void server_drains();
  void server_said(std::string_view text);

  /// Entries that `message`, `joined` and resume pages have brought so far.
  [[nodiscard]] std::uint64_t seen() const { return seen_; }

  /// True when every request is answered and every joined room has been shown to its head.
  [[nodiscard]] bool level() const;

  /// The same as violations: once faults have stopped, nobody waits for ever.
  void at_the_end();

private:
  struct place {
    bool in = false;
    bool paging = false;
    seq_t position = 0;
    std::string epoch;
  };

  void take(const wire::answer& what, const wire::joined& body);
  void take(const wire::answer& what, const wire::message& body);
  void take(const wire::answer& what, const wire::history_page& body);
  void take(const wire::answer& what, const wire::posted& body);
  void take(const wire::answer& what, const wire::error& body);
  void take(const wire::answer& what, const wire::left& body);
  void take(const wire::answer& what, const wire::presence& body);
  void take(const wire::answer& what, const wire::typing_notice& body);
  void take(const wire::answer& what, const wire::welcome& body);
  void take(const wire::answer& what, const wire::bye& body);
  void take(const wire::answer& what, const wire::who_list& body);
  void check_size(std::size_t entries);
  template <class Other>
  void take(const wire::answer&, const Other&) {}

  void check_manners(const wire::request& what);
  void go_said(std::string_view text);
  [[nodiscard]] seq_t go_level() const;
  void check_page(const wire::history_page& body, const std::string& ref);
  void run_on(const std::string& room, place& at, const entry& what, const char* where);
  void fail(const std::string& what);
  void answered(const std::string& ref);

  world& outer_;
  std::uint64_t cable_;
  dialect speaks_;
  std::map<std::string, place> places_;
  std::map<std::string, wire::join> joins_; ///< By ref.
  std::set<std::string> asked_;             ///< Refs without an answer.
  std::set<std::string> may_fail_;          ///< Refs of `typing`.

  struct asked_page {
    wire::history what;
    seq_t position = 0; ///< Where the socket stood then: no answer may know less.
  };
  std::map<std::string, wire::post> posts_;   ///< By ref, unanswered.
  std::map<std::string, asked_page> pages_;   ///< By ref, unanswered.
  std::deque<std::string> unread_;            ///< Refs of what the client said, in order.
  std::set<std::string> read_;                ///< Refs of `posts_` that the session has.
  std::optional<std::set<std::string>> owed_; ///< Those that a drain must still answer.
  std::string author_;
  std::uint64_t seen_ = 0;
  std::size_t frame_bytes_ = 0; ///< Of the frame at hand.

  // go-chat: entries by others come in order, own ones never.
  seq_t go_position_ = 0;
  std::string go_own_prefix_;
};

} // namespace callboard::simulation
