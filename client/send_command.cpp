// A line that the server would refuse is refused here, before anything behind it is sent: so
// "stops at the first refusal" holds although many lines are under way at once.
#include "client/send_command.hpp"

#include "client/visible_text.hpp"
#include "domain/validate.hpp"

#include <utility>

namespace callboard::client {

namespace {

/// Lines without a receipt: more than the link has under way, so that it never waits for stdin.
constexpr std::uint64_t under_way_most = 64;

} // namespace

void send_command::on_begin() {
  sign_in();
  desk_.enter(what_.room, {log_start::from::latest, 0});
}

/// The server's limits are known from here on, and until then stdin waits.
void send_command::on_welcome(bool first) {
  if (!first || !what_.text)
    return;
  submit(*what_.text);
  end_input();
}

bool send_command::wants_input() const {
  return !what_.text && welcome_ && !input_over_ && !failure_ && said_ - settled_ < under_way_most;
}

void send_command::take_line(std::string line) {
  if (!failure_)
    submit(std::move(line));
}

void send_command::end_input() {
  input_over_ = true;
  settle();
}

void send_command::submit(std::string text) {
  const auto tag = ++said_;
  if (const auto wrong = check_text(text, bounds_)) {
    ++settled_;
    refuse(tag, *wrong, complaint_about(text, *wrong));
    settle();
    return;
  }
  desk_.say(what_.room, tag, std::move(text));
}

void send_command::refuse(std::uint64_t tag, errc why, const std::string& sentence) {
  if (failure_)
    return;
  failure_ = exit_code_of(why);
  out_.talk("error: " + (what_.lines ? "line " + std::to_string(tag) + ": " : std::string{})
            + visible_line(sentence) + (what_.lines ? " Stopped there." : ""));
}

void send_command::on_stored(const own_stored& what) {
  ++settled_;
  ++stored_;
  print_receipt(what.tag, std::to_string(what.seq) + " " + what.id + "\n");
  settle();
}

void send_command::on_failed(const own_failed& what) {
  ++settled_;
  print_receipt(what.tag, {});
  desk_.drop(what.room, what.tag);
  refuse(what.tag, what.why, what.sentence);
  settle();
}

/// In the order of the lines, whatever order the receipts come in.
void send_command::print_receipt(std::uint64_t tag, std::string line) {
  receipts_[tag] = std::move(line);
  for (auto it = receipts_.begin(); it != receipts_.end() && it->first == next_receipt_;
       it = receipts_.erase(it), ++next_receipt_) {
    if (!what_.quiet)
      out_.data(it->second);
  }
}

void send_command::settle() {
  if (settled_ != said_ || (!input_over_ && !failure_))
    return;
  finish(failure_.value_or(exit_ok));
}

std::string send_command::unfinished() const {
  if (said_ == 0)
    return "nothing was sent";
  const auto open = said_ - settled_;
  if (open == 0)
    return std::to_string(stored_) + (stored_ == 1 ? " message is" : " messages are") + " stored";
  return std::to_string(stored_) + (stored_ == 1 ? " message is" : " messages are") + " stored, "
         + std::to_string(open)
         + " may or may not be, and stay in the outbox: the next send or chat under this name "
           "sends them, so do not send them again";
}

} // namespace callboard::client
