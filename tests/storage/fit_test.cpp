// What all stores refuse, at every place of a word.
#define CAF_SUITE fit

#include "storage/fit.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

using namespace callboard;

namespace fit_suite {

CAF_TEST(a NUL or a broken character is found wherever it stands) {
  for (std::size_t before = 0; before < 20; ++before)
    for (std::size_t behind = 0; behind < 20; ++behind) {
      const auto around = [&](const std::string& what) {
        return std::string(before, 'a') + what + std::string(behind, '~');
      };
      for (const auto* good : {"", "b", "\x01", "\x7f", "ä", "€", "🎭"})
        CAF_CHECK(is_storable(around(good)));
      for (const auto* bad :
           {"\xff", "\x80", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80"})
        CAF_CHECK(!is_storable(around(bad)));
      CAF_CHECK(!is_storable(around(std::string(1, '\0'))));
    }
}

CAF_TEST(each text of a draft counts) {
  const draft good{"a", {"ann", "Ann"}, "1", "text"};
  CAF_CHECK(is_storable(good));
  const std::string bad{"a\0b", 3};
  CAF_CHECK(!is_storable(draft{bad, good.from, good.client_id, good.text}));
  CAF_CHECK(!is_storable(draft{good.room, {bad, "Ann"}, good.client_id, good.text}));
  CAF_CHECK(!is_storable(draft{good.room, {"ann", bad}, good.client_id, good.text}));
  CAF_CHECK(!is_storable(draft{good.room, good.from, bad, good.text}));
  CAF_CHECK(!is_storable(draft{good.room, good.from, good.client_id, bad}));
}

} // namespace fit_suite
