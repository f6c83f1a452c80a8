// No question is dropped in silence, none is put before it can be answered, none twice.
#define CAF_SUITE client_open_questions

#include "client/open_questions.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <string>

using namespace callboard;
using namespace callboard::client;

namespace open_questions_suite {

namespace {

using about = open_questions::about;

struct fixture {
  open_questions questions;

  /// What is put now.
  std::string put() {
    std::string text;
    questions.put([&text](const open_questions::question& each) {
      constexpr std::array<const char*, 3> words{"names", "rooms", "older"};
      text += std::string{words.at(static_cast<std::size_t>(each.what))} + " " + each.where + "; ";
    });
    return text;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(open_questions_tests, fixture)

CAF_TEST(a question waits for a connection and for its room and is put once) {
  questions.add(about::rooms, "te");
  questions.add(about::names, "tea");
  CAF_CHECK_EQUAL(put(), "");
  questions.connected();
  CAF_CHECK_EQUAL(put(), "rooms te; ");
  questions.room_ready("den");
  CAF_CHECK_EQUAL(put(), "");
  questions.room_ready("tea");
  CAF_CHECK_EQUAL(put(), "names tea; ");
  CAF_CHECK_EQUAL(put(), "");
  CAF_CHECK_EQUAL(questions.size(), 2U);
}

CAF_TEST(an answer ends the first such question that was put) {
  questions.connected();
  questions.room_ready("tea");
  questions.add(about::names, "tea");
  questions.answered(about::names, "tea"); // It was not put: this answers somebody else.
  CAF_CHECK_EQUAL(put(), "names tea; ");
  questions.answered(about::names, "den");
  questions.answered(about::rooms, "tea");
  CAF_CHECK_EQUAL(questions.size(), 1U);
  questions.answered(about::names, "tea");
  CAF_CHECK(questions.empty());
}

CAF_TEST(what a lost connection was asked is asked again except for older messages) {
  questions.connected();
  questions.room_ready("tea");
  questions.add(about::names, "tea");
  questions.add(about::older, "tea", 50);
  CAF_CHECK_EQUAL(put(), "names tea; older tea; ");
  questions.connected();
  CAF_CHECK_EQUAL(put(), ""); // The room is not there yet.
  questions.room_ready("tea");
  CAF_CHECK_EQUAL(put(), "names tea; ");
}

CAF_TEST(one page of a room is asked for at a time) {
  questions.connected();
  questions.room_ready("tea");
  questions.room_ready("den");
  questions.add(about::older, "tea", 50);
  questions.add(about::older, "tea", 50);
  questions.add(about::older, "den", 50);
  CAF_CHECK_EQUAL(put(), "older tea; older den; ");
  questions.answered(about::older, "tea");
  CAF_CHECK_EQUAL(put(), "older tea; ");
}

CAF_TEST(a room that was left answers nothing any more) {
  questions.connected();
  questions.room_ready("tea");
  questions.add(about::names, "tea");
  questions.add(about::older, "tea", 50);
  questions.add(about::rooms, "tea");
  questions.room_left("tea");
  CAF_CHECK_EQUAL(put(), "rooms tea; ");
  CAF_CHECK_EQUAL(questions.size(), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace open_questions_suite
