// The whole actor side of a server behind one object: what the composition root starts and stops,
// and what connections enter by. No CAF in this header.
#pragma once

#include "actors/connection.hpp"
#include "actors/status.hpp"
#include "domain/limits.hpp"
#include "storage/store.hpp"
#include "wire/token.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace callboard {

struct stage_settings {
  limits bounds;
  std::size_t worker_threads = 0;  ///< CAF's; 0: an I/O thread runs the actors (guest()).
  std::size_t history_readers = 2; ///< Threads and store connections for reading.
  std::string server = "callboard";
};

class stage final : public entrance {
public:
  /// Starts the actors over a database that is prepared. `stores` must outlive the stage.
  stage(const stage_settings& settings, database& stores, token_signer signer,
        std::shared_ptr<server_status> status);

  /// Ends all actors and waits for them, store calls under way included (they are interrupted). No
  /// connection may use its session_port any more.
  ~stage() override;

  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  [[nodiscard]] std::unique_ptr<session_port> open(std::weak_ptr<connection> link,
                                                   dialect speaks) override;
  [[nodiscard]] loop_guest* guest() override;

private:
  struct inside;
  std::unique_ptr<inside> inside_;
};

} // namespace callboard
