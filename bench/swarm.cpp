// The event loop and the sockets; what the frames mean is in swarm_frames.cpp.
#include "bench/swarm.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace callboard::bench {

namespace {

constexpr std::size_t read_bytes = 1U << 20U;
constexpr std::uint64_t timer_mark = ~std::uint64_t{0};
constexpr std::int64_t retry_ns = 10'000'000; // A server that starts is looked for so often.
constexpr std::int64_t second_ns = 1'000'000'000;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error{what + ": " + std::strerror(errno)};
}

} // namespace

swarm::swarm(swarm_settings how, swarm_events& events)
  : how_{std::move(how)},
    events_{events},
    epoll_{epoll_create1(EPOLL_CLOEXEC)},
    timer_{timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)},
    buffer_(read_bytes) {
  if (epoll_ < 0 || timer_ < 0)
    fail("epoll");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = timer_mark;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, timer_, &event);
}

swarm::~swarm() {
  for (const auto& each : clients_)
    if (each.fd >= 0)
      close(each.fd);
  close(timer_);
  close(epoll_);
}

client& swarm::add(std::uint32_t room) {
  auto& fresh = clients_.emplace_back();
  fresh.number = static_cast<std::uint32_t>(clients_.size() - 1);
  fresh.room = room;
  to_open_.push_back(fresh.number);
  return fresh;
}

// -- running --------------------------------------------------------------------------------------

void swarm::run_until(const std::function<bool()>& done, const std::string& what) {
  const auto until = now_ns() + std::chrono::nanoseconds{how_.patience}.count();
  while (!done()) {
    if (now_ns() > until)
      throw std::runtime_error{"not within " + std::to_string(how_.patience.count())
                               + " ms: " + what};
    turn(std::min(until, now_ns() + second_ns / 10));
  }
}

void swarm::run_for(std::chrono::milliseconds time) {
  const auto until = now_ns() + std::chrono::nanoseconds{time}.count();
  while (now_ns() < until)
    turn(until);
}

void swarm::wake_at(std::int64_t when) {
  itimerspec due{};
  due.it_value.tv_sec = when / second_ns;
  due.it_value.tv_nsec = std::max<std::int64_t>(when % second_ns, 1);
  timerfd_settime(timer_, TFD_TIMER_ABSTIME, &due, nullptr);
}

void swarm::turn(std::int64_t until) {
  open_some();
  auto pause = (until - now_ns() + 999'999) / 1'000'000;
  if (!to_open_.empty())
    pause = std::min<std::int64_t>(pause, 5);
  std::array<epoll_event, 512> ready{};
  const auto count = epoll_wait(epoll_, ready.data(), ready.size(),
                                static_cast<int>(std::max<std::int64_t>(pause, 0)));
  for (int i = 0; i < count; ++i) {
    const auto& event = ready.at(static_cast<std::size_t>(i));
    if (event.data.u64 != timer_mark) {
      on_ready(clients_[event.data.u64], event.events);
      continue;
    }
    std::uint64_t expirations = 0;
    if (::read(timer_, &expirations, sizeof(expirations)) > 0)
      events_.on_timer(now_ns());
  }
}

void swarm::open_some() {
  if (to_open_.empty() || now_ns() < retry_at_)
    return;
  std::size_t opened = 0;
  while (opened < to_open_.size() && opening_ < how_.opening_most && now_ns() >= retry_at_)
    connect(clients_[to_open_[opened++]]);
  to_open_.erase(to_open_.begin(), to_open_.begin() + static_cast<std::ptrdiff_t>(opened));
}

// -- sockets --------------------------------------------------------------------------------------

void swarm::connect(client& who) {
  who.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (who.fd < 0)
    fail("socket");
  const int on = 1;
  setsockopt(who.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(how_.port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  who.at = stage::connecting;
  ++opening_;
  who.partial.clear();
  who.unsent =
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: callboard.v1\r\n"
    "Sec-WebSocket-Key: "
    + std::string{sample_key} + "\r\n\r\n";
  who.wants_write = true;
  const bool failed =
    ::connect(who.fd, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) < 0 // NOLINT
    && errno != EINPROGRESS;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT;
  event.data.u64 = who.number;
  if (failed || epoll_ctl(epoll_, EPOLL_CTL_ADD, who.fd, &event) < 0)
    lose(who);
}

void swarm::watch(client& who) {
  epoll_event event{};
  event.events = (who.reads ? EPOLLIN : 0U) | (who.wants_write ? EPOLLOUT : 0U);
  event.data.u64 = who.number;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, who.fd, &event);
}

void swarm::stop_reading(client& who) {
  who.reads = false;
  watch(who);
}

void swarm::resume_reading(client& who) {
  who.reads = true;
  watch(who);
}

void swarm::on_ready(client& who, std::uint32_t events) {
  if (who.fd < 0)
    return;
  if ((events & EPOLLOUT) != 0) {
    int error = 0;
    socklen_t size = sizeof(error);
    getsockopt(who.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
      return lose(who);
    if (who.at == stage::connecting)
      who.at = stage::upgrading;
    write(who);
  }
  if (who.fd >= 0 && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
    read(who);
}

void swarm::send(client& who, std::string_view frames) {
  if (who.fd < 0)
    return; // It comes back and is asked again.
  std::size_t gone = 0;
  if (who.unsent.empty()) {
    const auto sent = ::send(who.fd, frames.data(), frames.size(), MSG_NOSIGNAL);
    gone = sent > 0 ? static_cast<std::size_t>(sent) : 0;
  }
  who.unsent.append(frames.substr(gone));
  if (!who.unsent.empty() && !who.wants_write) {
    who.wants_write = true;
    watch(who);
  }
}

void swarm::write(client& who) {
  const auto sent = ::send(who.fd, who.unsent.data(), who.unsent.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN)
    return lose(who);
  who.unsent.erase(0, sent > 0 ? static_cast<std::size_t>(sent) : 0);
  if (who.unsent.empty()) {
    who.wants_write = false;
    watch(who);
  }
}

void swarm::read(client& who) {
  const auto had = who.partial.size();
  if (had > buffer_.size() / 2)
    buffer_.resize(buffer_.size() * 2);
  std::memcpy(buffer_.data(), who.partial.data(), had);
  const auto got = recv(who.fd, buffer_.data() + had, buffer_.size() - had, 0);
  if (got == 0 || (got < 0 && errno != EAGAIN))
    return lose(who);
  if (got < 0)
    return;
  bytes_read_ += static_cast<std::uint64_t>(got);
  const std::string_view bytes{buffer_.data(), had + static_cast<std::size_t>(got)};
  const auto used = consume(who, bytes, now_ns());
  who.partial.assign(bytes.substr(used));
}

void swarm::lose(client& who) {
  if (who.at > stage::off && who.at < stage::welcome)
    --opening_;
  else if (who.at >= goal)
    --arrived_;
  if (who.at == stage::connecting)
    retry_at_ = now_ns() + retry_ns;
  if (who.fd >= 0)
    close(who.fd);
  who.fd = -1;
  who.wants_write = false;
  who.unsent.clear();
  const bool was_connected = who.at >= stage::greeting;
  who.at = stage::off;
  to_open_.push_back(who.number);
  if (was_connected)
    events_.on_lost(who);
}

} // namespace callboard::bench
