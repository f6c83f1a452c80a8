// Each line is built first and written by one write(2), so that threads' lines never mix.
#include "runtime/log.hpp"

#include "domain/timestamp.hpp"
#include "domain/unicode.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <string>
#include <unistd.h>

namespace callboard {

namespace {

using log_sink = std::function<void(log_level, std::string_view)>;

std::atomic<log_level> threshold{log_level::info};

/// The sink and its lock. A function's static: others' statics may log before main.
struct outlet {
  std::mutex lock;
  log_sink sink;
};

outlet& the_outlet() {
  static outlet only;
  return only;
}

std::string_view label(log_level level) {
  constexpr std::array<std::string_view, 5> labels{"debug", "info ", "warn ", "error", "off  "};
  const auto index = static_cast<std::size_t>(level);
  return index < labels.size() ? labels.at(index) : labels.back();
}

void append_hex(std::string& out, char32_t value, int digits) {
  constexpr std::string_view hex = "0123456789abcdef";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
    out += hex[(value >> static_cast<unsigned>(shift)) & 0xFU];
}

/// A line can hold what a client sent. Line ends would forge log lines, escape sequences would
/// command the operator's terminal, and bidi characters would reorder what it shows.
void append_shown(std::string& out, std::string_view line) {
  while (!line.empty()) {
    const auto before = line;
    const auto point = take_code_point(line);
    if (!point) {
      out += "\\x";
      append_hex(out, static_cast<unsigned char>(line.front()), 2);
      line.remove_prefix(1);
    } else if (!is_invisible(*point)) {
      out += before.substr(0, before.size() - line.size());
    } else if (*point < 0x100) {
      out += "\\x";
      append_hex(out, *point, 2);
    } else {
      out += "\\u{";
      append_hex(out, *point, *point > 0xFFFF ? 6 : 4);
      out += '}';
    }
  }
}

/// "2026-11-23T17:02:26.123Z info  "
std::string prefix(log_level level) {
  using namespace std::chrono;
  const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch());
  std::string text;
  append_timestamp(text, now.count());
  text += ' ';
  text += label(level);
  text += ' ';
  return text;
}

/// Gives up where stderr is gone or full: nobody is left to be told.
void write_whole(std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(STDERR_FILENO, text.data(), text.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

} // namespace

void set_log_level(log_level level) {
  threshold.store(level, std::memory_order_relaxed);
}

void set_log_sink(log_sink sink) {
  auto& out = the_outlet();
  const std::lock_guard guard{out.lock};
  out.sink = std::move(sink);
}

void log(log_level level, std::string_view line) {
  if (level < threshold.load(std::memory_order_relaxed) || level == log_level::off)
    return;
  std::string shown;
  shown.reserve(line.size());
  append_shown(shown, line);
  auto& out = the_outlet();
  const std::lock_guard guard{out.lock};
  if (out.sink)
    out.sink(level, shown);
  else
    write_whole(prefix(level) + shown + '\n');
}

} // namespace callboard
