// Sessions without actors: each records what its connection tells it, and does what a test says.
#pragma once

#include "actors/connection.hpp"
#include "tests/net/raw_client.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace callboard::test {

/// What one session heard. Outlives it.
class heard {
public:
  std::weak_ptr<connection> link;
  dialect speaks = dialect::v1;

  // Guarded by `change`.
  std::vector<std::string> frames;
  int lows = 0;
  int drains = 0;
  int ends = 0;
  int after_end = 0; ///< Calls after closed().
  bool destroyed = false;

  template <class Change>
  void note(Change what) {
    const std::lock_guard lock{guard_};
    what(*this);
    changed_.notify_all();
  }

  /// Waits until `holds(*this)`, at most as long as patience lasts.
  template <class Holds>
  [[nodiscard]] bool until(Holds holds) {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, patience, [&] { return holds(*this); });
  }

  /// The value of `holds(*this)` now.
  template <class Holds>
  [[nodiscard]] auto now(Holds holds) {
    const std::lock_guard lock{guard_};
    return holds(*this);
  }

private:
  std::mutex guard_;
  std::condition_variable changed_;
};

class fake_port final : public session_port {
public:
  using on_frame = std::function<void(connection&, const std::string&)>;

  fake_port(std::shared_ptr<heard> record, on_frame act)
    : record_{std::move(record)}, act_{std::move(act)} {}
  ~fake_port() override {
    record_->note([](heard& is) { is.destroyed = true; });
  }

  void frame(std::string text) override {
    if (const auto link = record_->link.lock(); link && act_)
      act_(*link, text);
    record_->note([&](heard& is) {
      is.frames.push_back(std::move(text));
      is.after_end += is.ends;
    });
  }
  void outbox_low() override {
    record_->note([](heard& is) {
      ++is.lows;
      is.after_end += is.ends;
    });
  }
  void closed() override {
    record_->note([](heard& is) { ++is.ends; });
  }
  void drain() override {
    if (const auto link = record_->link.lock(); link && leaves_)
      link->close(close_code::restart, "the server stops");
    record_->note([](heard& is) {
      ++is.drains;
      is.after_end += is.ends;
    });
  }
  bool leaves_ = true;

private:
  std::shared_ptr<heard> record_;
  on_frame act_;
};

class fake_entrance final : public entrance {
public:
  fake_port::on_frame act; ///< What sessions do with a frame; set before the server starts.
  bool leaves = true;      ///< Sessions close when the server drains.

  std::unique_ptr<session_port> open(std::weak_ptr<connection> link, dialect speaks) override {
    auto record = std::make_shared<heard>();
    record->link = std::move(link);
    record->speaks = speaks;
    auto port = std::make_unique<fake_port>(record, act);
    port->leaves_ = leaves;
    const std::lock_guard lock{guard_};
    sessions_.push_back(std::move(record));
    changed_.notify_all();
    return port;
  }

  /// The session of the n-th upgrade; waits for it.
  std::shared_ptr<heard> session(std::size_t n = 0) {
    std::unique_lock lock{guard_};
    if (!changed_.wait_for(lock, patience, [&] { return sessions_.size() > n; }))
      throw std::runtime_error{"no session was opened"};
    return sessions_[n];
  }

  std::size_t opened() {
    const std::lock_guard lock{guard_};
    return sessions_.size();
  }

private:
  std::mutex guard_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<heard>> sessions_;
};

} // namespace callboard::test
