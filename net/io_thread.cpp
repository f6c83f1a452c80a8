// An exception that leaves a handler would leave a connection half served: it ends the process.
#include "net/io_thread.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <utility>

namespace callboard {

namespace {

/// So long may sockets wait for the guest, to a part: some ten thousand members hear of a message
/// meanwhile.
constexpr std::chrono::milliseconds guest_time{50};

} // namespace

io_thread::io_thread(std::chrono::milliseconds tick, std::function<void()> gone, loop_guest* guest)
  : out_{std::make_shared<outlet>(io_)},
    period_{tick},
    gone_{std::move(gone)},
    guest_{guest},
    timer_{io_},
    work_{io_.get_executor()},
    thread_{[this] { run(); }} {}

void io_thread::run() {
  if (guest_ != nullptr)
    guest_->attach([this] { asio::post(io_, [this] { run_guest(); }); });
  next_tick();
  io_.run();
  if (guest_ != nullptr)
    guest_->detach();
}

/// What the guest has for the sockets is written part by part, so that a connection is still in the
/// processor's cache; and a whole fan-out comes before anything is read, so that who answers it is
/// heard together.
void io_thread::run_guest() {
  const auto until = io_clock::now() + guest_time;
  do {
    out_->hold();
    const bool more = guest_->run();
    out_->deliver();
    if (!more)
      return;
  } while (io_clock::now() < until);
  asio::post(io_, [this] { run_guest(); });
}

void io_thread::add(std::shared_ptr<peer> who) {
  const auto handle = who;
  who->place_ = peers_.size();
  peers_.push_back(std::move(who));
  if (stopping_)
    handle->abort(); // Accepted before stop(), handed over after it.
  else if (draining_)
    handle->drain();
}

void io_thread::remove(peer& who) {
  const auto place = who.place_;
  if (place >= peers_.size() || peers_[place].get() != &who)
    return;
  const auto keep = std::exchange(peers_[place], std::move(peers_.back()));
  peers_.pop_back();
  if (place < peers_.size())
    peers_[place]->place_ = place;
  gone_();
}

template <class Call>
void io_thread::each(Call call) {
  // Backwards: a peer that removes itself puts the last one, already visited, in its place.
  for (auto i = peers_.size(); i > 0; --i) {
    if (i > peers_.size())
      continue;
    const auto who = peers_[i - 1];
    call(*who);
  }
}

void io_thread::next_tick() {
  timer_.expires_after(period_);
  timer_.async_wait([this](error_code ec) {
    if (ec || stopping_)
      return; // cancel() does not reach a handler that already waits for its turn.
    const auto now = io_clock::now();
    each([now](peer& who) { who.tick(now); });
    next_tick();
  });
}

void io_thread::drain() {
  asio::post(io_, [this] {
    draining_ = true;
    each([](peer& who) { who.drain(); });
  });
}

void io_thread::stop() {
  if (!thread_.joinable())
    return;
  asio::post(io_, [this] {
    stopping_ = true;
    out_->shut();
    each([](peer& who) { who.abort(); });
    timer_.cancel();
    work_.reset(); // What is still pending completes with operation_aborted; then run() returns.
  });
  thread_.join();
}

} // namespace callboard
