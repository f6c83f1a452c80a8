// A screen_command without a terminal and without actors, and what its tests do to it.
#pragma once

#include "client/screen/screen_command.hpp"
#include "tests/client/command_fixture.hpp"
#include "tests/terminal/fixture.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::client {

struct screen_command_fixture : command_fixture, screen_fixture {
  screen_printer says;
  std::unique_ptr<screen_command> aut;

  screen_command_fixture() { start(call(invocation::what::chat), {"tea"}); }

  void start(const invocation& what, std::vector<std::string> rooms) {
    aut.reset(); // The one before has died, and holds no file any more.
    aut = std::make_unique<screen_command>(
      what, actors, says, tokens(),
      screen_setup{std::move(rooms), folder, notification::osc9, [] { return std::int64_t{0}; }});
    aut->resize(20, 100);
    aut->begin(now);
  }

  template <class Event>
  void comes(const Event& event) {
    aut->take(event, now);
    aut->note(event, now);
  }

  void signs_in() {
    comes(link_welcome{std::make_shared<const wire::welcome>(
      wire::welcome{{"id-a", "alice"}, "t1", "test", {}, 25})});
    comes(log_ready{"tea", 0, false});
    actors.take();
  }

  void shows(seq_t seq, std::string text, std::string room = "tea", std::uint64_t tag = 0) {
    shown_entry what{make_entry(seq, std::move(text), tag == 0 ? "bob" : "alice"), tag != 0, tag};
    comes(entries_shown{std::move(room), {what}});
  }

  void press(key_code code, std::string text = {}) { aut->press({code, std::move(text)}, now); }

  void types(const std::string& text, bool enter = true) {
    press(key_code::text, text);
    if (enter)
      press(key_code::enter);
  }

  std::string picture() {
    std::string text;
    for (const auto& line : aut->picture(now).lines)
      text += line.text() + "\n";
    return text;
  }

  bool has(std::string_view what) { return picture().find(what) != std::string::npos; }

  /// What was asked of the actors, without the keys that were touched.
  std::string wishes() {
    auto text = actors.take();
    for (const std::string_view noise : {"keys; ", "typing tea; "})
      for (auto at = text.find(noise); at != std::string::npos; at = text.find(noise))
        text.erase(at, noise.size());
    return text;
  }
};

} // namespace callboard::client
