// What commands stand on, as notes: no actors, no terminal, no clock.
#pragma once

#include "client/command.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace callboard::client {

using namespace std::chrono_literals;

/// Writes down what it is asked for, one word each.
struct noting_desk final : desk {
  void introduce(std::string name, std::string token, std::string claim) override {
    claims.insert(std::move(claim));
    asked += "hello " + name + (token.empty() ? "" : " with " + token) + "; ";
  }
  void enter(const std::string& room, log_start start) override {
    asked += "enter " + room + "; ";
    entered = start;
  }
  void leave(const std::string& room) override { asked += "leave " + room + "; "; }
  void say(const std::string& room, std::uint64_t tag, std::string text) override {
    asked += "say " + room + " " + std::to_string(tag) + " " + text + "; ";
  }
  void retry(const std::string& room, std::uint64_t tag) override {
    asked += "retry " + room + " " + std::to_string(tag) + "; ";
  }
  void drop(const std::string& room, std::uint64_t tag) override {
    asked += "drop " + room + " " + std::to_string(tag) + "; ";
  }
  void touch_keys() override { ++touched; }
  void type_on(const std::string& room) override { asked += "typing " + room + "; "; }
  void reconnect() override { asked += "reconnect; "; }
  void page_back(const std::string& room, std::size_t limit) override {
    asked += "back " + room + " " + std::to_string(limit) + "; ";
  }
  void look_at(const std::string& room, seq_t before, std::optional<seq_t> after,
               std::size_t limit) override {
    looked_after = after;
    asked += "look " + room + " "
             + (after ? "after " + std::to_string(*after) : std::to_string(before)) + " "
             + std::to_string(limit) + "; ";
  }
  void ask_names(const std::string& room) override { asked += "names " + room + "; "; }
  void ask_rooms(std::string prefix, std::size_t /*limit*/) override {
    asked += "rooms " + prefix + "; ";
  }

  std::string take() { return std::exchange(asked, {}); }

  int touched = 0;
  std::optional<seq_t> looked_after;
  std::string asked;
  std::set<std::string> claims; ///< With what was said hello.
  log_start entered;
};

struct noting_printer final : printer {
  void data(std::string_view text) override { out += text; }
  void talk(std::string_view line) override { err.append(line).append("\n"); }
  void ask(std::string_view question) override { err += question; }
  std::string out;
  std::string err;
};

struct command_fixture {
  noting_desk actors;
  noting_printer out;
  std::string folder = [] {
    std::string name = std::filesystem::temp_directory_path() / "callboard-command-XXXXXX";
    return std::string{::mkdtemp(name.data())};
  }();
  command::time_point now{1000s};

  command_fixture() = default;
  command_fixture(const command_fixture&) = delete;
  command_fixture& operator=(const command_fixture&) = delete;
  ~command_fixture() { std::filesystem::remove_all(folder); }

  [[nodiscard]] token_store tokens() const { return {{{"XDG_STATE_HOME", folder}}, "a:1"}; }

  static invocation call(invocation::what command) {
    invocation what;
    what.command = command;
    what.room = "tea";
    what.url = "ws://a:1/";
    what.name = "alice";
    return what;
  }

  void welcome(command& aut, std::string name = "alice", std::size_t text_bytes = 8192) {
    wire::welcome what{{"id-a", std::move(name)}, "t1", "test", {}, 25};
    what.bounds.text_bytes = text_bytes;
    aut.take(link_welcome{std::make_shared<const wire::welcome>(std::move(what))}, now);
  }

  void begin(command& aut) {
    aut.begin(now);
    welcome(aut);
    actors.take();
  }

  void stored(command& aut, std::uint64_t tag, seq_t seq) {
    aut.take(own_stored{"tea", tag, "id" + std::to_string(tag), seq}, now);
  }

  void shows(command& aut, seq_t seq, const std::string& text, bool own = false) {
    aut.take(entries_shown{"tea", {{{seq, {"id-b", "bob"}, "c", text, 0}, own}}}, now);
  }

  void signal(command& aut, client::signal what) {
    aut.take(signal_shown{"tea", std::make_shared<const client::signal>(std::move(what))}, now);
  }

  void later(command& aut, std::chrono::milliseconds time) {
    now += time;
    if (const auto due = aut.due(); due && *due <= now)
      aut.wake(now);
  }
};

} // namespace callboard::client
