// The event loop and the sockets; what the frames mean is in reference_frames.cpp.
#include "bench/reference.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

namespace callboard::bench {

namespace {

void watch(int epoll, int command, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (epoll_ctl(epoll, command, fd, &event) < 0)
    throw std::runtime_error{std::string{"epoll_ctl: "} + std::strerror(errno)};
}

} // namespace

reference::reference(const reference_settings& how)
  : how_{how},
    listener_{socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)},
    epoll_{epoll_create1(EPOLL_CLOEXEC)},
    buffer_(1U << 18U) {
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(how.port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(at);
  auto* const address = reinterpret_cast<sockaddr*>(&at); // NOLINT
  if (bind(listener_, address, size) < 0 || listen(listener_, SOMAXCONN) < 0
      || getsockname(listener_, address, &size) < 0)
    throw std::runtime_error{std::string{"listen: "} + std::strerror(errno)};
  port_ = ntohs(at.sin_port);
  watch(epoll_, EPOLL_CTL_ADD, listener_, EPOLLIN);
  if (how.database.empty())
    return;
  store_ = open_row_store(how.database);
  if (store_->waits_for() >= 0)
    watch(epoll_, EPOLL_CTL_ADD, store_->waits_for(), EPOLLIN);
}

reference::~reference() {
  close(listener_);
  close(epoll_);
}

void reference::run() {
  std::array<epoll_event, 512> ready{};
  for (;;) {
    const auto count = epoll_wait(epoll_, ready.data(), ready.size(), -1);
    for (int i = 0; i < count; ++i) {
      const auto& event = ready.at(static_cast<std::size_t>(i));
      if (event.data.fd == listener_)
        accept_all();
      else if (store_ && event.data.fd == store_->waits_for())
        on_committed();
      else
        on_ready(event.data.fd, event.events);
    }
    commit_some();
    end_turn();
  }
}

void reference::accept_all() {
  for (;;) {
    const auto fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
      return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    const auto place = static_cast<std::size_t>(fd);
    if (place >= peers_.size())
      peers_.resize(place + 1);
    if (peers_[place])
      gone_.push_back(std::move(peers_[place])); // A post of it may be under way.
    peers_[place] = std::make_unique<peer>();
    peers_[place]->fd = fd;
    watch(epoll_, EPOLL_CTL_ADD, fd, EPOLLIN);
  }
}

void reference::on_ready(int fd, std::uint32_t events) {
  auto& who = *peers_[static_cast<std::size_t>(fd)];
  if ((events & EPOLLOUT) != 0 && who.blocked) {
    who.blocked = false;
    watch(epoll_, EPOLL_CTL_MOD, fd, EPOLLIN);
    push(who, std::exchange(who.unsent, {}), {});
  }
  if (who.fd >= 0 && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
    read(who);
}

void reference::read(peer& who) {
  std::memcpy(buffer_.data(), who.partial.data(), who.partial.size());
  const auto had = who.partial.size();
  const auto got = recv(who.fd, buffer_.data() + had, buffer_.size() - had, 0);
  if (got == 0 || (got < 0 && errno != EAGAIN))
    return drop(who);
  if (got < 0)
    return;
  const std::string_view bytes{buffer_.data(), had + static_cast<std::size_t>(got)};
  who.partial.assign(bytes.substr(consume(who, bytes)));
}

void reference::drop(peer& who) {
  if (who.in != nullptr)
    std::erase(who.in->members, &who);
  close(who.fd);
  who.fd = -1;
}

// -- writing --------------------------------------------------------------------------------------

void reference::end_turn() {
  for (auto* const where : rooms_to_flush_) {
    for (auto* const who : where->members) {
      push(*who, who->own, where->turn);
      who->own.clear();
    }
    where->turn.clear();
    where->queued = false;
  }
  rooms_to_flush_.clear();
  for (auto* const who : to_flush_) {
    if (!who->own.empty())
      push(*who, who->own, {});
    who->own.clear();
    who->queued = false;
  }
  to_flush_.clear();
}

void reference::push(peer& who, std::string_view first, std::string_view second) {
  if (who.fd < 0 || first.size() + second.size() == 0)
    return;
  std::size_t gone = 0;
  if (!who.blocked) {
    const std::array<iovec, 2> parts{
      iovec{const_cast<char*>(first.data()), first.size()},    // NOLINT(*-const-cast)
      iovec{const_cast<char*>(second.data()), second.size()}}; // NOLINT(*-const-cast)
    const auto sent = first.empty() ? ::send(who.fd, second.data(), second.size(), MSG_NOSIGNAL)
                                    : ::writev(who.fd, parts.data(), second.empty() ? 1 : 2);
    gone = sent > 0 ? static_cast<std::size_t>(sent) : 0;
  }
  if (gone == first.size() + second.size())
    return;
  if (gone < first.size())
    who.unsent.append(first.substr(gone));
  who.unsent.append(second.substr(gone > first.size() ? gone - first.size() : 0));
  if (!who.blocked) {
    who.blocked = true;
    watch(epoll_, EPOLL_CTL_MOD, who.fd, EPOLLIN | EPOLLOUT);
  }
}

} // namespace callboard::bench

/// reference [gather|each] [DATABASE]: prints its port, then serves until it is killed.
int main(int count, char** words) {
  try {
    (void)std::signal(SIGPIPE, SIG_IGN);
    callboard::bench::reference_settings how;
    how.gather = count < 2 || std::string_view{words[1]} != "each"; // NOLINT(*-pointer-arithmetic)
    how.database = count > 2 ? words[2] : "";                       // NOLINT(*-pointer-arithmetic)
    callboard::bench::reference server{how};
    (void)std::printf("{\"port\":%u}\n", server.port());
    (void)std::fflush(stdout);
    server.run();
  } catch (const std::exception& error) {
    (void)std::fprintf(stderr, "reference: %s\n", error.what());
    return 1;
  }
}
