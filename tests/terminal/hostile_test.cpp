// Goal 5.2.1: whatever comes as message, name or room, the picture stays whole: its rows, its
// width, no control character, nothing that cannot be drawn.
#define CAF_SUITE terminal_hostile

#include "client/screen/chat_state.hpp"
#include "client/screen/notification.hpp"
#include "client/screen/text_width.hpp"
#include "domain/unicode.hpp"
#include "tests/terminal/fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <cwchar>
#include <random>

using namespace callboard;
using namespace callboard::client;

namespace hostile_suite {

namespace {

/// Random bytes with what terminals obey strewn in.
class mischief {
public:
  explicit mischief(std::uint32_t seed) : dice_{seed} {}

  std::string text() {
    static constexpr std::array<std::string_view, 16> pieces{"\x1b[2J",
                                                             "\x1b]0;PWN\x07",
                                                             "\xC2\x9B"
                                                             "31m",
                                                             "\x1bP1$r\x1b\\",
                                                             "\u202E",
                                                             "\u200D",
                                                             "\uFE0F",
                                                             "\u0301",
                                                             "\r\n",
                                                             "\x7F\x08",
                                                             "\u4F60",
                                                             "\U0001F468\u200D",
                                                             "\U0001FAE8",
                                                             "\U000E0041",
                                                             "\x9B",
                                                             "word "};
    std::string out;
    for (auto count = dice_() % 24; count > 0; --count) {
      if (dice_() % 3 == 0)
        out += pieces.at(dice_() % pieces.size());
      else
        out += static_cast<char>(dice_() % 256);
    }
    return out;
  }

  int number(int least, int most) {
    return least + static_cast<int>(dice_() % static_cast<unsigned>(most - least + 1));
  }

private:
  std::mt19937 dice_;
};

/// What is wrong with a row; empty: nothing.
std::string fault_of(const row& line, int columns) {
  int used = 0;
  for (const auto& part : line.spans()) {
    std::string_view rest = part.text;
    while (!rest.empty()) {
      const auto point = take_code_point(rest);
      if (!point)
        return "no UTF-8";
      const int width = ::wcwidth(static_cast<wchar_t>(*point));
      if (width < 0)
        return "a character that the terminal does not know";
      if (is_control(*point) || (*point >= 0x202A && *point <= 0x202E))
        return "a control character";
      used += width;
    }
  }
  return used > columns ? "too wide" : used != line.used() ? "counted wrongly" : "";
}

/// In two halves: the runner ends a test after 30 s, and a loaded machine needs them.
void play(std::uint32_t seed, int most) {
  mischief evil{seed};
  chat_state state;
  state.connection.now = connection_state::phase::waiting;
  seq_t seq = 0;
  int pictures = 0;
  for (int strings = 0; strings < most;) {
    auto& room = state.rooms.open(evil.text());
    for (int i = 0; i < 40; ++i, strings += 2) {
      room.view.add(make_entry(++seq, evil.text(), evil.text()), false, 0, "ada", i % 2 == 0);
      if (i == 20)
        room.view.say(seq, evil.text(), 0);
    }
    room.view.visit({evil.text()}, {evil.text()}, 0);
    state.input.press({key_code::paste, evil.text()});
    state.my_name = evil.text();
    state.hint = evil.text();
    state.search = evil.text();
    state.connection.why = evil.text();
    state.typing[room.name][evil.text()] = screen_clock::time_point{} + std::chrono::hours{1};
    strings += 8;
    const int rows = evil.number(1, 30);
    const int columns = evil.number(1, 120);
    const auto picture = painted_screen(state, rows, columns, {});
    ++pictures;
    CAF_REQUIRE_EQUAL(picture.lines.size(), static_cast<std::size_t>(rows));
    for (const auto& line : picture.lines)
      CAF_REQUIRE_EQUAL(fault_of(line, columns), "");
    CAF_REQUIRE(picture.caret_row >= 0 && picture.caret_row < rows);
    CAF_REQUIRE(picture.caret_column >= 0 && picture.caret_column < columns);
    state.rooms.close(room.name);
    static_cast<void>(state.input.take());
    state.typing.clear();
  }
  CAF_CHECK(pictures > most / 100);
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(hostile_tests, screen_fixture)

CAF_TEST(fifty thousand hostile strings leave every picture whole) {
  play(20261123, 50000);
}

CAF_TEST(fifty thousand others leave every picture whole) {
  play(20261127, 50000);
}

CAF_TEST(notifications hold no control character but their own) {
  mischief evil{20261123};
  for (int i = 0; i < 1000; ++i) {
    const auto bytes = notification_bytes(notification::osc777, evil.text(), evil.text());
    const auto inner = std::string_view{bytes}.substr(1, bytes.size() - 2);
    for (auto rest = inner; !rest.empty();)
      CAF_REQUIRE(!is_control(take_code_point(rest).value()));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace hostile_suite
