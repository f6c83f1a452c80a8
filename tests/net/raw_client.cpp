// Every wait is a poll with a deadline; what comes is kept until somebody asks for it.
#include "tests/net/raw_client.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace callboard::test {

namespace {

using clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

/// True when `events` are there before `until`.
bool await(int fd, short events, clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - clock::now());
  pollfd one{fd, events, 0};
  return left.count() >= 0 && ::poll(&one, 1, static_cast<int>(left.count()) + 1) == 1;
}

} // namespace

std::string masked(unsigned char head, std::string_view payload) {
  std::string frame{static_cast<char>(head)};
  const auto size = payload.size();
  const auto put = [&frame, size](unsigned mark, int bytes) {
    frame += static_cast<char>(0x80U | mark);
    for (auto i = bytes; i > 0; --i)
      frame += static_cast<char>((size >> (8U * static_cast<unsigned>(i - 1))) & 0xFFU);
  };
  if (size < 126)
    put(static_cast<unsigned>(size), 0);
  else if (size < 65536)
    put(126, 2);
  else
    put(127, 8);
  constexpr std::string_view key{"\x12\x34\x56\x78"};
  frame += key;
  for (std::size_t i = 0; i < size; ++i)
    frame += static_cast<char>(payload[i] ^ key[i % 4]);
  return frame;
}

unsigned close_code_of(const raw_frame& frame) {
  if (frame.head != 0x88 || frame.payload.size() < 2)
    return 0;
  return static_cast<unsigned char>(frame.payload[0]) * 256U
         + static_cast<unsigned char>(frame.payload[1]);
}

raw_client::raw_client(std::uint16_t port, int receive_buffer)
  : fd_{::socket(AF_INET, SOCK_STREAM, 0)} {
  if (fd_ < 0)
    fail("socket");
  if (receive_buffer > 0)
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
    ::close(fd_);
    fail("connect");
  }
}

raw_client::~raw_client() {
  if (fd_ >= 0)
    ::close(fd_);
}

void raw_client::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    if (!await(fd_, POLLOUT, clock::now() + patience))
      throw std::runtime_error{"the server does not read"};
    const auto part = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (part < 0 && errno != EAGAIN)
      fail("send");
    bytes.remove_prefix(part < 0 ? 0 : static_cast<std::size_t>(part));
  }
}

std::size_t raw_client::send_until_blocked(std::string_view bytes, std::size_t most) const {
  std::size_t total = 0;
  while (total < most) {
    if (!await(fd_, POLLOUT, clock::now() + std::chrono::milliseconds{300}))
      break;
    // Whole units, so that what is sent stays well formed.
    const auto from = total % bytes.size();
    const auto part =
      ::send(fd_, bytes.data() + from, bytes.size() - from, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (part < 0 && errno != EAGAIN)
      break;
    total += part < 0 ? 0 : static_cast<std::size_t>(part);
  }
  return total;
}

bool raw_client::receive(clock::time_point until) {
  if (!await(fd_, POLLIN, until))
    throw std::runtime_error{"the server says nothing"};
  std::array<char, 65536> part{};
  const auto size = ::recv(fd_, part.data(), part.size(), 0);
  if (size <= 0)
    return false;
  input_.append(part.data(), static_cast<std::size_t>(size));
  return true;
}

void raw_client::need(std::size_t bytes) {
  const auto until = clock::now() + patience;
  while (input_.size() < bytes) {
    if (!receive(until))
      throw std::runtime_error{"the server has closed"};
  }
}

std::string raw_client::response(bool head_only) {
  auto end = input_.find("\r\n\r\n");
  while (end == std::string::npos) {
    need(input_.size() + 1);
    end = input_.find("\r\n\r\n");
  }
  auto size = end + 4;
  const auto length = input_.find("Content-Length: ");
  if (!head_only && length != std::string::npos && length < end)
    size += std::stoul(input_.substr(length + 16));
  need(size);
  auto text = input_.substr(0, size);
  input_.erase(0, size);
  return text;
}

std::string raw_client::until(std::string_view mark) {
  auto end = input_.find(mark);
  while (end == std::string::npos) {
    need(input_.size() + 1);
    end = input_.find(mark);
  }
  auto text = input_.substr(0, end + mark.size());
  input_.erase(0, end + mark.size());
  return text;
}

raw_frame raw_client::frame() {
  need(2);
  const auto byte = [this](std::size_t i) { return static_cast<unsigned char>(input_[i]); };
  std::size_t head = 2;
  std::size_t size = byte(1);
  if (size >= 126) {
    head += size == 126 ? 2 : 8;
    need(head);
    size = 0;
    for (std::size_t i = 2; i < head; ++i)
      size = size * 256 + byte(i);
  }
  need(head + size);
  raw_frame frame{byte(0), input_.substr(head, size)};
  input_.erase(0, head + size);
  return frame;
}

raw_frame raw_client::frame_of(unsigned char head) {
  auto next = frame();
  while (next.head != head)
    next = frame();
  return next;
}

void raw_client::take(std::size_t bytes, std::chrono::milliseconds bound) const {
  std::string part(bytes, '\0');
  if (await(fd_, POLLIN, clock::now() + bound) && ::recv(fd_, part.data(), bytes, 0) < 0)
    fail("recv");
}

bool raw_client::ends(std::chrono::milliseconds bound) {
  const auto until = clock::now() + bound;
  try {
    while (receive(until))
      input_.clear();
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::string raw_client::upgrade(std::string_view fields, std::string_view target) {
  std::string request = "GET ";
  request += target;
  request += " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  request += fields;
  request += "\r\n";
  send(request);
  return response();
}

void raw_client::leave() {
  ::close(fd_);
  fd_ = -1;
}

void raw_client::reset() {
  const linger now{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  ::close(fd_);
  fd_ = -1;
}

} // namespace callboard::test
