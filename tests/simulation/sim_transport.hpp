// The real link's way to the simulated network: what websocket_transport is to the real one.
#pragma once

#include "client/transport.hpp"
#include "tests/simulation/world.hpp"

#include <string>
#include <utility>

namespace callboard::simulation {

using namespace callboard::client;

/// The real link's way to the simulated network.
class sim_transport final : public transport, public socket_user {
public:
  explicit sim_transport(world& outer) : outer_{outer} {}

  void open(connection_no connection, const endpoint&) override {
    leave();
    if (dead)
      return;
    connection_ = connection;
    cable_ = outer_.connect(this, dialect::v1);
  }
  void send(std::string text) override {
    if (cable_ != nullptr)
      cable_->client_sends(std::move(text));
  }
  void grant(std::uint32_t frames) override {
    if (cable_ != nullptr)
      cable_->client_grants(frames);
  }
  void close(std::uint16_t) override { leave(); }

  void opened() override { events(client::opened{connection_}); }
  void text(const std::string& frame) override { events(text_came{connection_, frame}); }
  void closed(const closing& why) override {
    cable_ = nullptr;
    events(client::closed{connection_, why});
  }

  [[nodiscard]] bool notices_silence() const override { return true; }
  [[nodiscard]] bool notices_gaps() const override { return true; }

  void leave() {
    if (cable_ != nullptr)
      cable_->client_leaves();
    cable_ = nullptr;
  }

  transport_listener events;
  bool dead = false; ///< Its process has ended.

private:
  world& outer_;
  cable* cable_ = nullptr;
  connection_no connection_ = 0;
};

} // namespace callboard::simulation
