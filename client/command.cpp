// Everything that comes from the network and is said here goes through visible_line first.
#include "client/command.hpp"

#include "client/visible_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace callboard::client {

namespace {

/// Tries for a name that is taken, when nobody can be asked: another process of ours may just be
/// about to keep its token.
constexpr int name_tries_most = 4;
constexpr std::chrono::milliseconds name_pause{400};

std::string in_seconds(std::chrono::milliseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f s", static_cast<double>(time.count()) / 1000);
  return text.data();
}

int exit_code_of(const closing& why) {
  using reason = closing::reason;
  constexpr std::uint16_t abuse = 4501;
  constexpr std::uint16_t too_many_connections = 4502;
  if (why.kind == reason::refused || why.code == abuse)
    return exit_not_allowed;
  return why.code == too_many_connections ? exit_try_again : exit_protocol;
}

} // namespace

int exit_code_of(errc why) {
  switch (why) {
    case errc::too_long:
    case errc::empty:
    case errc::bad_text:
    case errc::bad_room:
    case errc::id_conflict:
    case errc::internal:
      return exit_bad_data;
    case errc::rate_limited:
    case errc::busy:
    case errc::unavailable:
    case errc::too_many_rooms:
    case errc::not_joined:
      return exit_try_again;
    case errc::bad_name:
    case errc::name_taken:
    case errc::bad_token:
      return exit_not_allowed;
    case errc::bad_frame:
    case errc::not_welcome_yet:
      break;
  }
  return exit_protocol;
}

command::command(const invocation& what, desk& actors, printer& out, token_store tokens)
  : what_{what}, desk_{actors}, out_{out}, name_{what.name}, tokens_{std::move(tokens)} {
  const bool for_ever = what.command == invocation::what::chat || what.follow;
  patience_ = what.timeout.value_or(std::chrono::seconds{for_ever ? 0 : 30});
}

void command::begin(time_point now) {
  now_ = now;
  progress_at_ = now;
  on_begin();
}

void command::take(const screen_event& event, time_point now) {
  now_ = now;
  if (!result_)
    std::visit([this](const auto& what) { act(what); }, event);
}

std::optional<command::time_point> command::due() const {
  std::optional<time_point> next;
  const auto want = [&next](std::optional<time_point> at) {
    if (at)
      next = next ? std::min(*next, *at) : *at;
  };
  want(pause_until_);
  want(name_again_at_);
  if (patience_.count() > 0 && is_waiting())
    want(progress_at_ + patience_);
  return next;
}

void command::wake(time_point now) {
  now_ = now;
  if (name_again_at_ && now >= *name_again_at_) {
    name_again_at_.reset();
    sign_in();
  }
  if (pause_until_ && now >= *pause_until_) {
    pause_until_.reset();
    on_pause_over();
  }
  if (patience_.count() == 0 || !is_waiting() || now < progress_at_ + patience_ || result_)
    return;
  const auto lost = unfinished();
  const auto behind = lost.empty() ? std::string{} : "; " + lost;
  if (welcome_)
    fail(exit_try_again, "no answer from " + what_.url + " for " + std::to_string(patience_.count())
                           + " s" + behind);
  else
    fail(exit_unreachable, "no connection to " + what_.url + " within "
                             + std::to_string(patience_.count()) + " s"
                             + (last_loss_.empty() ? "" : ": " + last_loss_) + behind);
}

void command::tell_unfinished() {
  if (const auto lost = unfinished(); !lost.empty())
    out_.talk(lost);
}

void command::sign_in() {
  token_used_ = tokens_.load(name_).value_or("");
  if (std::exchange(claimed_name_, name_) != name_)
    claim_ = tokens_.claim(name_); // once: where nothing can be kept, it still holds for this life
  desk_.introduce(name_, token_used_, claim_);
}

void command::sign_in_as(std::string name) {
  name_ = std::move(name);
  sign_in();
}

void command::fail(int code, const std::string& why) {
  if (result_)
    return;
  out_.talk("error: " + why);
  finish(code);
}

/// Of a command that never wants input.
// NOLINTNEXTLINE(performance-unnecessary-value-param): those that do keep the text.
void command::take_line(std::string /*line*/) {}

void command::fail_input(const std::string& why) {
  fail(exit_bad_data, why);
}

void command::on_refused(const log_refused& what) {
  fail(exit_code_of(what.why),
       visible_line(what.room) + ": " + std::string{describe(what.why).sentence});
}

// -- the connection
// -------------------------------------------------------------------------------

void command::act(const link_connecting& /*event*/) {
  if (std::exchange(welcome_, false)) // By /reconnect: nothing was lost before.
    progress_at_ = now_;
  log(log_level::debug, "connecting to " + what_.url);
}

void command::act(const link_welcome& event) {
  const auto& welcome = *event.what;
  progress_at_ = now_;
  welcome_ = true;
  name_ = welcome.user.name;
  bounds_ = welcome.bounds;
  if (const auto problem = tokens_.save(name_, welcome.token); problem && !token_warned_) {
    token_warned_ = true;
    out_.talk("warning: the token for this name could not be kept, so it will be somebody else's "
              "for a while after this program ends: "
              + visible_line(*problem));
  }
  token_used_ = welcome.token;
  if (ever_welcome_)
    out_.talk("connected again");
  on_welcome(!std::exchange(ever_welcome_, true));
}

void command::act(const link_lost& event) {
  if (std::exchange(welcome_, false))
    progress_at_ = now_;
  last_loss_ = visible_line(event.why);
  out_.talk(last_loss_ + "; trying again in " + in_seconds(event.retry_in)
            + (event.attempt > 1 ? " (try " + std::to_string(event.attempt) + ")" : ""));
}

void command::act(const link_ended& event) {
  welcome_ = false;
  fail(exit_code_of(event.what), visible_line(event.what.why));
}

void command::act(const link_pulse& event) {
  log(log_level::debug, "round trip: us=" + std::to_string(event.round_trip.count()));
}

void command::act(const outbox_told& event) {
  if (!event.trouble.empty())
    out_.talk("warning: " + visible_line(event.trouble));
  if (event.waiting > 0)
    out_.talk(std::to_string(event.waiting)
              + (event.waiting == 1 ? " message from before is" : " messages from before are")
              + " in the outbox and will be sent first");
}

void command::act(const name_refused& event) {
  welcome_ = false;
  auto sentence = visible_line(event.name) + ": " + std::string{describe(event.why).sentence};
  if (const auto trouble = tokens_.trouble(name_); trouble && event.why == errc::name_taken)
    sentence =
      visible_line(event.name)
      + ": the token that says that this name is yours cannot be read: " + visible_line(*trouble);
  // Another process of ours may have got the name a moment ago: then its token is there now.
  const auto token = tokens_.load(name_);
  const bool news = token && *token != token_used_;
  if (news && name_tries_++ < name_tries_most) {
    sign_in();
  } else if (ask_name(sentence)) {
    return;
  } else if (event.why == errc::name_taken && name_tries_++ < name_tries_most) {
    name_again_at_ = now_ + name_pause;
  } else {
    fail(exit_not_allowed, sentence + " (--name NAME)");
  }
}

void command::act(const own_stored& event) {
  progressed();
  if (event.tag < restored_tag)
    on_stored(event);
}

void command::act(const own_failed& event) {
  if (event.tag < restored_tag)
    on_failed(event);
  else if (!shows_failed(event.room))
    give_back(event);
}

void command::give_back(const own_failed& what) {
  out_.talk("not stored: " + visible_line(what.sentence)
            + " The text was: " + visible_line(what.text));
  desk_.drop(what.room, what.tag);
}

void command::act(const log_reset& event) {
  out_.talk("the log of " + visible_line(event.room)
            + " is another one than before (restored from a backup?); reading it anew");
}

} // namespace callboard::client
