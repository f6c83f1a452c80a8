// A server on a free port of 127.0.0.1 with fake sessions and short deadlines.
#pragma once

#include "net/server.hpp"
#include "tests/net/fake_entrance.hpp"
#include "tests/net/raw_client.hpp"

#include <stdexcept>
#include <string>
#include <thread>
#include <variant>

namespace callboard::test {

struct house {
  server_settings settings;
  fake_entrance door;
  server_status status;
  std::unique_ptr<server> runs;
  std::uint16_t port = 0;

  house() {
    settings.port = 0;
    settings.files = {{"/", "text/html; charset=utf-8", "<!doctype html><title>callboard</title>"}};
    settings.sockets.tick = std::chrono::milliseconds{50};
    settings.sockets.http_within = std::chrono::milliseconds{5000};
    settings.sockets.close_within = std::chrono::milliseconds{3000};
    door.act = [](connection& link, const std::string& text) {
      link.send(make_slice(text_frame(text)), 1);
    };
  }

  /// Waits until no more than so many connections are open.
  [[nodiscard]] bool left_to(std::size_t connections) const {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (runs->connections() > connections) {
      if (std::chrono::steady_clock::now() > until)
        return false;
      std::this_thread::yield();
    }
    return true;
  }

  house(const house&) = delete;
  house& operator=(const house&) = delete;
  ~house() = default;

  /// Starts with the settings as they are now.
  void start() {
    runs = std::make_unique<server>(settings, door, status);
    auto outcome = runs->start();
    if (const auto* error = std::get_if<listen_error>(&outcome))
      throw std::runtime_error{error->what + ": " + error->cause};
    port = std::get<std::uint16_t>(outcome);
  }
};

} // namespace callboard::test
