// Names and units follow Prometheus' rules: counters end in _total, sizes in _bytes.
#include "net/metrics.hpp"

#include <string_view>

namespace callboard {

namespace {

void add(std::string& text, std::string_view name, std::string_view type, std::string_view help,
         std::uint64_t value) {
  const auto full = "callboard_" + std::string{name};
  text += "# HELP " + full + " ";
  text += help;
  text += "\n# TYPE " + full + " ";
  text += type;
  text += "\n" + full + " " + std::to_string(value) + "\n";
}

} // namespace

std::string metrics_text(const server_status& status, std::size_t connections) {
  std::string text;
  const auto gauge = [&text](std::string_view name, std::string_view help, std::uint64_t value) {
    add(text, name, "gauge", help, value);
  };
  const auto counter = [&text](std::string_view name, std::string_view help,
                               const std::atomic<std::uint64_t>& value) {
    add(text, name, "counter", help, value.load(std::memory_order_relaxed));
  };
  gauge("store_ready", "1 if the last store call succeeded.", status.store_ready ? 1 : 0);
  gauge("connections", "Open sockets, HTTP and WebSocket.", connections);
  gauge("sessions", "WebSocket sessions.", status.sessions);
  gauge("rooms", "Rooms that are open.", status.rooms);
  gauge("cache_bytes", "Encoded entries in the cache.", status.cache_bytes);
  counter("posts_stored_total", "Posts answered with a receipt, repetitions included.",
          status.posts_stored);
  counter("posts_repeated_total", "Of these, repetitions.", status.posts_repeated);
  counter("posts_refused_total", "Posts answered with an error.", status.posts_refused);
  counter("entries_published_total", "Entries that rooms made visible.", status.entries_published);
  counter("deliveries_total", "Entries handed to connections.", status.deliveries);
  counter("batches_total", "Transactions that appended.", status.batches);
  counter("store_retries_total", "Store calls that had to be repeated.", status.store_retries);
  counter("pages_cached_total", "Pages answered by the cache.", status.pages_cached);
  counter("pages_read_total", "Pages read from the store.", status.pages_read);
  counter("room_restarts_total", "Rooms rebuilt after a crash.", status.room_restarts);
  counter("stats_samples_total", "Samples taken because somebody looks at /stats.",
          status.stats_samples);
  return text;
}

} // namespace callboard
