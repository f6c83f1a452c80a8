// Each bound can be set, by one name, and no pair of values that contradict each other is taken.
#define CAF_SUITE limit_settings

#include "server/limit_settings.hpp"

#include "server/settings.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace callboard;

namespace limit_settings_suite {

namespace {

struct bounds {
  limits of_actors;
  socket_limits of_sockets;
};

/// A setting and the bound that it alone may change.
struct pairing {
  std::string_view name;
  std::int64_t (*read)(const bounds&);
};

template <class T>
std::int64_t number_of(const T& value) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<std::int64_t>(value);
  else
    return value.count();
}

template <auto Bound>
std::int64_t read(const bounds& from) {
  if constexpr (std::is_invocable_v<decltype(Bound), const limits&>)
    return number_of(from.of_actors.*Bound);
  else
    return number_of(from.of_sockets.*Bound);
}

const std::vector<pairing> pairings{
  {"TEXT_BYTES", read<&limits::text_bytes>},
  {"FRAME_BYTES", read<&limits::frame_bytes>},
  {"NAME_CHARS", read<&limits::name_chars>},
  {"ROOM_CHARS", read<&limits::room_chars>},
  {"ROOMS_PER_CONNECTION", read<&limits::rooms>},
  {"PAGE_ENTRIES", read<&limits::page>},
  {"PAGE_BYTES", read<&limits::page_bytes>},
  {"REQUESTS_UNDER_WAY", read<&limits::requests_under_way>},
  {"OUTBOX_HIGH_BYTES", read<&limits::outbox_high_bytes>},
  {"OUTBOX_LOW_BYTES", read<&limits::outbox_low_bytes>},
  {"CONNECTIONS_PER_AUTHOR", read<&limits::connections_per_author>},
  {"MAX_CONNECTIONS", read<&limits::connections>},
  {"OPEN_ROOMS", read<&limits::open_rooms>},
  {"ROOM_POSTS", read<&limits::room_posts>},
  {"ROOM_POST_BYTES", read<&limits::room_post_bytes>},
  {"PRESENCE_NAMES", read<&limits::presence_names>},
  {"WHO_NAMES", read<&limits::who_names>},
  {"BATCH_POSTS", read<&limits::batch_posts>},
  {"BATCH_BYTES", read<&limits::batch_bytes>},
  {"WAITING_BYTES", read<&limits::waiting_bytes>},
  {"CACHE_BYTES", read<&limits::cache_bytes>},
  {"CACHE_ROOM_BYTES", read<&limits::cache_room_bytes>},
  {"READS_UNDER_WAY", read<&limits::reads_under_way>},
  {"STORE_PATIENCE_MS", read<&limits::store_patience>},
  {"DRAIN_PATIENCE_MS", read<&limits::drain_patience>},
  {"DRAIN_WITHIN_MS", read<&limits::drain_within>},
  {"RETRY_AFTER_MS", read<&limits::retry_after>},
  {"TICK_MS", read<&limits::tick>},
  {"GATHER_PER_MEMBER_US", read<&limits::gather_per_member>},
  {"GATHER_MOST_MS", read<&limits::gather_most>},
  {"CACHE_TTL", read<&limits::cache_ttl>},
  {"ROOM_IDLE", read<&limits::room_idle>},
  {"HELLO_WITHIN", read<&limits::hello_within>},
  {"HEARTBEAT", read<&limits::heartbeat>},
  {"GO_WRITE_STALL", read<&limits::go_write_stall>},
  {"NAME_HOLD", read<&limits::name_hold>},
  {"PRESENCE_EVERY", read<&limits::presence_every>},
  {"PRESENCE_GRACE", read<&limits::presence_grace>},
  {"TYPING_EVERY", read<&limits::typing_every>},
  {"TOKEN_LIFE_HOURS", read<&limits::token_life>},
  {"HTTP_HEAD_BYTES", read<&socket_limits::http_head_bytes>},
  {"HTTP_BODY_BYTES", read<&socket_limits::http_body_bytes>},
  {"HTTP_WITHIN_MS", read<&socket_limits::http_within>},
  {"HTTP_IDLE_MS", read<&socket_limits::http_idle>},
  {"CLOSE_WITHIN_MS", read<&socket_limits::close_within>},
  {"CLOSE_PATIENCE", read<&socket_limits::close_patience>},
  {"SOCKET_TICK_MS", read<&socket_limits::tick>},
  {"CONTROL_FRAMES", read<&socket_limits::control_frames>},
  {"REFUSALS", read<&socket_limits::refusals>},
  {"STATS_STREAMS", read<&socket_limits::stats_streams>},
  {"UNWANTED_BYTES", read<&socket_limits::unwanted_bytes>},
  {"ACCEPT_PAUSE_MS", read<&socket_limits::accept_pause>},
  {"UNSENT_BYTES", read<&socket_limits::unsent_bytes>},
};

std::vector<option> rows(bounds& into) {
  std::vector<option> table;
  add_limits(table, into.of_actors);
  add_socket_limits(table, into.of_sockets);
  return table;
}

/// The members that a header declares: `  TYPE name = VALUE;` or `  TYPE name{VALUE};`.
std::vector<std::string> declared_in(const std::string& header) {
  std::ifstream stream{std::string{CALLBOARD_SOURCE_DIR} + "/domain/" + header};
  CAF_REQUIRE(stream.good());
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  const std::regex member{R"(\n  [A-Za-z_0-9:]+ ([a-z_]+)( =|\{))"};
  std::vector<std::string> names;
  for (std::sregex_iterator found{text.begin(), text.end(), member}, end; found != end; ++found)
    names.push_back((*found)[1]);
  return names;
}

/// The one error of a start with these flags.
std::string error_of(const std::vector<const char*>& flags) {
  std::vector<const char*> arguments{"callboard-server"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  const auto result =
    parse_settings(static_cast<int>(arguments.size()), arguments.data(), {}, "no-such-file.env");
  const auto* error = std::get_if<settings_error>(&result);
  if (error == nullptr)
    return {};
  CAF_CHECK_EQUAL(error->exit_code, 78);
  CAF_CHECK_EQUAL(std::count(error->text.begin(), error->text.end(), '\n'), 1);
  return error->text;
}

} // namespace

CAF_TEST(every bound of the two headers has a setting) {
  CAF_CHECK_EQUAL(declared_in("limits.hpp").size() + declared_in("socket_limits.hpp").size(),
                  pairings.size());
  bounds fresh;
  CAF_CHECK_EQUAL(rows(fresh).size(), pairings.size());
}

CAF_TEST(each setting changes its own bound and no other) {
  for (const auto& set : pairings) {
    bounds changed;
    const auto table = rows(changed);
    const auto row =
      std::find_if(table.begin(), table.end(), [&](const option& o) { return o.name == set.name; });
    CAF_REQUIRE(row != table.end());
    const auto usual = set.read(changed);
    CAF_CHECK_EQUAL(row->fallback, std::to_string(usual));
    auto wanted = usual + 1;
    if (row->take(std::to_string(wanted)))
      CAF_CHECK(!row->take(std::to_string(wanted = usual - 1)));
    for (const auto& other : pairings)
      CAF_CHECK_EQUAL(other.read(changed), other.name == set.name ? wanted : other.read(bounds{}));
  }
}

CAF_TEST(the program starts with the bounds that were set) {
  const std::vector<const char*> arguments{"callboard-server", "--page-bytes=4096",
                                           "--close-within-ms=777"};
  const auto result = parse_settings(3, arguments.data(), {}, "no-such-file.env");
  const auto* found = std::get_if<settings>(&result);
  CAF_REQUIRE(found != nullptr);
  CAF_CHECK_EQUAL(found->bounds.page_bytes, 4096U);
  CAF_CHECK_EQUAL(found->sockets.close_within.count(), 777);
}

CAF_TEST(bounds that contradict each other are one error that names both) {
  CAF_CHECK_EQUAL(error_of({"--text-bytes=10753"}),
                  "error: FRAME_BYTES = 65536 must be at least 6 * TEXT_BYTES + 1024 = 65542: a"
                  " text that needs escapes would close its sender's connection\n");
  CAF_CHECK_EQUAL(error_of({"--text-bytes=10752"}), "");
  CAF_CHECK_EQUAL(error_of({"--text-bytes=10753", "--frame-bytes=65542"}), "");
  CAF_CHECK(error_of({"--outbox-low-bytes=524288"})
              .starts_with("error: OUTBOX_LOW_BYTES = 524288 must be below OUTBOX_HIGH_BYTES"));
  CAF_CHECK(error_of({"--outbox-high-bytes=262143"})
              .starts_with("error: PAGE_BYTES = 262144 must be at most OUTBOX_HIGH_BYTES"));
  CAF_CHECK_EQUAL(error_of({"--outbox-high-bytes=262144"}), "");
  CAF_CHECK_EQUAL(error_of({"--drain-within-ms=3999"}),
                  "error: DRAIN_WITHIN_MS = 3999 must be at least DRAIN_PATIENCE_MS +"
                  " RETRY_AFTER_MS = 4000: connections would be cut before they are told what was"
                  " not stored\n");
  CAF_CHECK_EQUAL(error_of({"--drain-within-ms=4000"}), "");
  CAF_CHECK_EQUAL(error_of({"--retry-after-ms=1001", "--hello-within=1"}),
                  "error: RETRY_AFTER_MS = 1001 must be at most HELLO_WITHIN in milliseconds ="
                  " 1000: silent connections would be closed later than that\n");
  CAF_CHECK_EQUAL(error_of({"--retry-after-ms=1000", "--hello-within=1"}), "");
  CAF_CHECK(error_of({"--gather-most-ms=100", "--store-patience-ms=100"})
              .starts_with("error: GATHER_MOST_MS = 100 must be below STORE_PATIENCE_MS"));
}

} // namespace limit_settings_suite
