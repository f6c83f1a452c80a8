// One table of names for both events: they cannot differ.
#include "net/stats_text.hpp"

#include "wire/json.hpp"

#include <array>
#include <cmath>

namespace callboard {

namespace {

namespace json = wire::json;

/// With one digit behind the point, and none where it would be zero.
void append_rate(std::string& out, double rate) {
  const auto tenths = static_cast<std::uint64_t>(std::llround(rate * 10));
  json::append_number(out, tenths / 10);
  if (tenths % 10 != 0) {
    out += '.';
    json::append_number(out, tenths % 10);
  }
}

void append_or_null(std::string& out, const std::optional<std::uint64_t>& value) {
  if (value)
    json::append_number(out, *value);
  else
    out += "null";
}

struct column {
  std::string_view name;
  void (*append)(std::string& out, const stats_sample& from);
};

constexpr auto columns = std::to_array<column>({
  {"at", [](std::string& out, const stats_sample& s) { json::append_number(out, s.at_ms); }},
  {"connections",
   [](std::string& out, const stats_sample& s) { json::append_number(out, s.connections); }},
  {"sessions",
   [](std::string& out, const stats_sample& s) { json::append_number(out, s.sessions); }},
  {"rooms", [](std::string& out, const stats_sample& s) { json::append_number(out, s.rooms); }},
  {"messages_per_s",
   [](std::string& out, const stats_sample& s) { append_rate(out, s.messages_per_s); }},
  {"deliveries_per_s",
   [](std::string& out, const stats_sample& s) { append_rate(out, s.deliveries_per_s); }},
  {"commit_p50_us",
   [](std::string& out, const stats_sample& s) { append_or_null(out, s.commit_p50_us); }},
  {"commit_p99_us",
   [](std::string& out, const stats_sample& s) { append_or_null(out, s.commit_p99_us); }},
  {"delivery_p50_us",
   [](std::string& out, const stats_sample& s) { append_or_null(out, s.delivery_p50_us); }},
  {"delivery_p99_us",
   [](std::string& out, const stats_sample& s) { append_or_null(out, s.delivery_p99_us); }},
  {"mailbox", [](std::string& out, const stats_sample& s) { json::append_number(out, s.mailbox); }},
});

/// `[["name",value],…]`
template <class Value, class Append>
void append_pairs(std::string& out, const std::vector<std::pair<std::string, Value>>& pairs,
                  Append append) {
  out += '[';
  for (const auto& [name, value] : pairs) {
    out += out.back() == '[' ? "[" : ",[";
    json::append_quoted(out, name);
    out += ',';
    append(out, value);
    out += ']';
  }
  out += ']';
}

} // namespace

std::string history_text(std::string_view server, const std::deque<stats_sample>& samples) {
  std::string out;
  json::object_writer all{out};
  all.text("server", server);
  all.number("every_ms", std::uint64_t{stats_feed::every.count()});
  all.number("keep_ms", std::uint64_t{stats_feed::keep.count()});
  json::object_writer series{all.member("series")};
  for (const auto& one : columns) {
    auto& into = series.member(one.name);
    into += '[';
    for (std::size_t i = 0; i < samples.size(); ++i) {
      into += i == 0 ? "" : ",";
      one.append(into, samples[i]);
    }
    into += ']';
  }
  series.close();
  all.close();
  return out;
}

std::string sample_text(const stats_sample& sample,
                        const std::vector<std::pair<std::string, std::size_t>>& mailboxes,
                        const std::vector<std::pair<std::string, double>>& busiest) {
  std::string out;
  json::object_writer all{out};
  for (const auto& one : columns)
    one.append(all.member(one.name), sample);
  append_pairs(all.member("mailboxes"), mailboxes, [](std::string& into, std::size_t depth) {
    json::append_number(into, std::uint64_t{depth});
  });
  append_pairs(all.member("busiest"), busiest, append_rate);
  all.close();
  return out;
}

} // namespace callboard
