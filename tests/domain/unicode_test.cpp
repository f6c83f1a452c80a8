// UTF-8 as RFC 3629 has it, and the classes by which names are judged.
#define CAF_SUITE unicode

#include "domain/unicode.hpp"

#include <caf/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace callboard;

namespace unicode_suite {

namespace {

std::string utf8(char32_t point) {
  const auto byte = [](char32_t bits) {
    return static_cast<char>(static_cast<unsigned char>(bits));
  };
  if (point < 0x80)
    return {byte(point)};
  if (point < 0x800)
    return {byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F))};
  if (point < 0x10000)
    return {byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)),
            byte(0x80 | (point & 0x3F))};
  return {byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F)),
          byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F))};
}

bool is_surrogate(char32_t point) {
  return point >= 0xD800 && point <= 0xDFFF;
}

} // namespace

CAF_TEST(every code point is read back and no surrogate is) {
  std::size_t wrong = 0;
  for (char32_t point = 0; point <= 0x10FFFF; ++point) {
    const auto bytes = utf8(point) + "x";
    std::string_view rest = bytes;
    const auto found = take_code_point(rest);
    const bool right =
      is_surrogate(point) ? !found && rest == bytes : found == point && rest == "x";
    wrong += right ? 0 : 1;
  }
  CAF_CHECK_EQUAL(wrong, 0u);
}

CAF_TEST(malformed bytes are taken by nobody) {
  using namespace std::string_literals;
  const std::vector<std::string> malformed{
    ""s,
    "\x80"s,             // a continuation alone
    "\xBF"s,             //
    "\xC0\x80"s,         // overlong NUL
    "\xC1\xBF"s,         // overlong DEL
    "\xC3"s,             // cut off
    "\xC3("s,            // no continuation
    "\xE0\x80\xAF"s,     // overlong slash
    "\xE0\x9F\xBF"s,     // overlong
    "\xE2\x82"s,         // cut off
    "\xED\xA0\x80"s,     // first surrogate
    "\xED\xBF\xBF"s,     // last surrogate
    "\xF0\x80\x80\xAF"s, // overlong slash
    "\xF0\x8F\xBF\xBF"s, // overlong
    "\xF0\x9F\x94"s,     // cut off
    "\xF4\x90\x80\x80"s, // above U+10FFFF
    "\xF5\x80\x80\x80"s, // above U+10FFFF
    "\xF8\x88\x80\x80\x80"s,
    "\xFE"s,
    "\xFF"s,
  };
  for (const auto& bytes : malformed) {
    std::string_view rest = bytes;
    CAF_CHECK(!take_code_point(rest));
    CAF_CHECK_EQUAL(rest.size(), bytes.size());
  }
}

CAF_TEST(each class of invisible character is known and its neighbours are visible) {
  const std::vector<std::pair<char32_t, char32_t>> ranges{
    {0x0, 0x1F},        {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},
    {0x61C, 0x61C},     {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
    {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},   {0x2800, 0x2800},
    {0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},   {0xFDD0, 0xFDEF},   {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0x1FFFE, 0x1FFFF}, {0xDFFFE, 0xE0FFF}, {0x10FFFE, 0x10FFFF},
  };
  std::size_t wrong = 0;
  for (const auto& [first, last] : ranges) {
    for (auto point = first; point <= last; ++point)
      wrong += is_invisible(point) ? 0 : 1;
    wrong += first > 0 && is_invisible(first - 1) ? 1 : 0;
    wrong += is_invisible(last + 1) && last < 0x10FFFF && last != 0xFFFF && last != 0x1FFFF ? 1 : 0;
  }
  CAF_CHECK_EQUAL(wrong, 0u);
}

CAF_TEST(letters digits signs and pictures of many scripts are visible) {
  for (const auto point : U"aZ09 ~_ßéЖשع漢字かᄀ가ไ🔑€\u0301\u00A0\uE000")
    if (point != 0)
      CAF_CHECK(!is_invisible(point));
}

CAF_TEST(white space is what Unicode calls so) {
  std::size_t count = 0;
  for (char32_t point = 0; point <= 0x10FFFF; ++point)
    count += is_white_space(point) ? 1 : 0;
  CAF_CHECK_EQUAL(count, 25u); // PropList.txt: 25 code points
  for (const auto point : {0x20, 0x9, 0xA, 0xD, 0x85, 0xA0, 0x1680, 0x2003, 0x2028, 0x202F, 0x3000})
    CAF_CHECK(is_white_space(static_cast<char32_t>(point)));
  CAF_CHECK(!is_white_space(0x200B));
}

CAF_TEST(controls are C0 DEL and C1) {
  std::size_t count = 0;
  for (char32_t point = 0; point <= 0x10FFFF; ++point)
    count += is_control(point) ? 1 : 0;
  CAF_CHECK_EQUAL(count, 65u);
  CAF_CHECK(is_control(0x1B) && is_control(0x7F) && is_control(0x9B) && !is_control(0xA0));
}

} // namespace unicode_suite
