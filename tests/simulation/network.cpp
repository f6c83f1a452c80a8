// One thing at a time happens on a cable, and the dice say which.
#include "tests/simulation/network.hpp"

#include "tests/simulation/world.hpp"

#include <array>
#include <numeric>
#include <utility>

namespace callboard::simulation {

namespace {

/// Frames that a socket's buffers hold between the server's write and the client's read.
constexpr std::size_t in_flight_max = 4;

/// Payloads of a sequence of unmasked text frames.
template <class Use>
void for_each_payload(std::string_view bytes, Use use) {
  while (bytes.size() >= 2) {
    std::size_t length = static_cast<unsigned char>(bytes[1]);
    std::size_t head = 2;
    if (length >= 126) {
      const std::size_t width = length == 126 ? 2 : 8;
      length = 0;
      for (std::size_t i = 0; i < width; ++i)
        length = length << 8U | static_cast<unsigned char>(bytes[2 + i]);
      head += width;
    }
    use(bytes.substr(head, length));
    bytes.remove_prefix(head + length);
  }
}

} // namespace

// -- the session's end ----------------------------------------------------------------------------

void server_end::send(slice frames, std::uint32_t credit) {
  if (cable_ != nullptr)
    cable_->server_sends(frames, credit);
}

void server_end::grant(std::uint32_t credit) {
  if (cable_ != nullptr)
    cable_->server_credit_ += credit;
}

std::size_t server_end::waiting() const {
  return cable_ == nullptr ? 0 : cable_->waiting_;
}

void server_end::tell_when_low(std::size_t low) {
  if (cable_ == nullptr)
    return;
  cable_->outer_.count(sight::outbox_full);
  cable_->low_wanted_ = true;
  cable_->low_ = low;
}

void server_end::close(close_code code, std::string reason) {
  if (cable_ == nullptr)
    return;
  cable_->judge(code);
  if (!cable_->farewell_)
    cable_->farewell_ = client::closing{client::closing::reason::closed,
                                        static_cast<std::uint16_t>(code), std::move(reason)};
}

/// Members stay connected, slow readers and members of a crashed room too: each close has its
/// reason.
void cable::judge(close_code code) {
  const bool has_reason = [&] {
    switch (code) {
      case close_code::resync:
        return outer_.happened(fault::epochs_renewed);
      case close_code::restart:
        return outer_.happened(fault::server_drain);
      case close_code::internal_error:
        return outer_.happened(fault::session_kill) || outer_.happened(fault::server_kill)
               || outer_.healing();
      case close_code::no_hello:
      case close_code::too_many_connections:
        return true;
      default:
        return false;
    }
  }();
  if (!has_reason)
    outer_.facts.fail("socket " + std::to_string(number_) + " was closed with "
                      + std::to_string(static_cast<int>(code)) + " for no reason");
}

// -- the cable ------------------------------------------------------------------------------------

cable::cable(world& outer, std::uint64_t number, socket_user* user, dialect speaks)
  : outer_{outer}, number_{number}, user_{user}, speaks_{speaks}, check_{outer, number, speaks} {}

void cable::client_sends(std::string text) {
  if (at_ != state::open || user_ == nullptr)
    return;
  check_.client_said(text, user_->notices_gaps());
  to_server_.push_back(std::move(text));
}

void cable::client_leaves() {
  user_ = nullptr;
  to_client_.clear();
  if (at_ == state::dialling || !session_)
    at_ = state::dead;
}

void cable::server_sends(const slice& frames, std::uint32_t credit) {
  if (farewell_ || !outer_.serving())
    return; // the connection's contract: nothing after close
  const auto before = waiting_;
  const bool unasked = credit == 0;
  for_each_payload(frames.bytes, [&](std::string_view payload) {
    outer_.mix(payload);
    check_.server_said(payload);
    outbox_.push_back({std::string{payload}, payload.size(), 0, unasked});
    waiting_ += payload.size();
  });
  if (!outbox_.empty())
    outbox_.back().credit += credit;
  if (unasked && speaks_ == dialect::v1) {
    unasked_ += waiting_ - before;
    outer_.check_unasked(*this, unasked_, waiting_ - before);
  }
  outer_.check_outbox(*this, waiting_);
}

bool cable::connect() {
  if (at_ != state::dialling || user_ == nullptr)
    return false;
  if (!outer_.accepting()) {
    end_client({client::closing::reason::lost, 0, "refused"});
    at_ = state::dead;
    return true;
  }
  at_ = state::open;
  end_ = std::make_shared<server_end>(outer_, *this);
  server_credit_ = outer_.script.bounds.requests_under_way;
  session_ = outer_.start_session_for(end_, speaks_);
  outer_.say_trace("socket " + std::to_string(number_) + " is session #"
                   + std::to_string(session_.id()));
  user_->opened();
  return true;
}

bool cable::server_reads() {
  if (!session_ || to_server_.empty() || server_credit_ == 0 || dead_line_ || farewell_)
    return false;
  --server_credit_;
  check_.server_read();
  tell_from_outside(session_, frame_received{std::move(to_server_.front())});
  to_server_.pop_front();
  return true;
}

bool cable::socket_takes() {
  if (outbox_.empty() || to_client_.size() >= in_flight_max
      || (dead_line_ && to_client_.size() > 1))
    return false;
  auto next = std::move(outbox_.front());
  outbox_.pop_front();
  waiting_ -= next.bytes;
  unasked_ -= next.unasked && speaks_ == dialect::v1 ? next.bytes : 0;
  server_credit_ += next.credit;
  if (user_ != nullptr)
    to_client_.insert(to_client_.end(), copies_of(next.text), next.text);
  if (low_wanted_ && waiting_ <= low_) {
    low_wanted_ = false;
    tell_from_outside(session_, outbox_low{});
  }
  return true;
}

/// How often a frame arrives. No TCP leaves out or repeats a message, but a broken proxy does.
unsigned cable::copies_of(std::string_view frame) {
  if (!user_->notices_gaps() || frame.find(R"("type":"message")") > 1)
    return 1;
  if (outer_.happens(fault::frame_doubled))
    return 2;
  const bool is_lost = outer_.happens(fault::frame_lost);
  has_lost_ = has_lost_ || is_lost;
  return is_lost ? 0 : 1;
}

bool cable::client_reads() {
  if (user_ == nullptr || to_client_.empty() || client_credit_ == 0 || dead_line_)
    return false;
  if (outer_.happens(fault::slow_reader))
    return true;
  --client_credit_;
  const auto text = std::move(to_client_.front());
  to_client_.pop_front();
  user_->text(text);
  return true;
}

bool cable::ends() {
  if (at_ != state::open)
    return false;
  if (user_ == nullptr && session_) { // the client has gone: FIN or RST arrives
    end_server();
    return true;
  }
  if (farewell_ && session_ && (outbox_.empty() || dead_line_)) {
    end_server();
    return true;
  }
  if (!session_ && user_ != nullptr && to_client_.empty() && outbox_.empty() && !dead_line_) {
    end_client(farewell_.value_or(client::closing{client::closing::reason::lost, 0, "reset"}));
    return true;
  }
  // Nobody told the server, but nothing is heard for two heartbeats.
  const auto silent_ms = 2000 * outer_.script.bounds.heartbeat.count();
  if (dead_line_ && session_ && outer_.wall_ms() - dead_since_ms_ >= silent_ms) {
    end_server();
    return true;
  }
  return false;
}

bool cable::step() {
  using action = bool (cable::*)();
  static constexpr std::array<action, 5> actions{&cable::connect, &cable::server_reads,
                                                 &cable::socket_takes, &cable::client_reads,
                                                 &cable::ends};
  const auto first = outer_.chance.below(actions.size());
  for (std::size_t i = 0; i < actions.size(); ++i)
    if ((this->*actions.at((first + i) % actions.size()))())
      return true;
  return false;
}

std::uint32_t cable::credit() const {
  return std::accumulate(outbox_.begin(), outbox_.end(), server_credit_,
                         [](std::uint32_t sum, const outgoing& each) { return sum + each.credit; });
}

bool cable::at_rest() const {
  return to_server_.empty() && outbox_.empty() && to_client_.empty() && at_ != state::dialling;
}

void cable::end_server() {
  if (!session_)
    return;
  tell_from_outside(session_, connection_closed{});
  session_ = nullptr;
  if (end_)
    end_->detach();
  end_.reset();
  if (user_ == nullptr)
    at_ = state::dead;
}

void cable::end_client(const client::closing& why) {
  auto* const user = std::exchange(user_, nullptr);
  to_client_.clear();
  if (!session_)
    at_ = state::dead;
  if (user != nullptr)
    user->closed(why);
}

void cable::cut() {
  if (at_ != state::open)
    return;
  to_server_.clear();
  outbox_.clear();
  waiting_ = unasked_ = 0;
  end_server();
  end_client({client::closing::reason::lost, 0, "cut"});
}

void cable::go_dead() {
  if (at_ != state::open || dead_line_)
    return;
  dead_line_ = true;
  dead_since_ms_ = outer_.wall_ms();
}

void cable::server_gone() {
  if (end_)
    end_->detach();
  end_.reset();
  session_ = nullptr;
  outbox_.clear();
  waiting_ = unasked_ = 0;
  to_server_.clear();
  if (at_ == state::open && user_ == nullptr)
    at_ = state::dead;
}

void cable::drain() {
  if (session_)
    check_.server_drains();
  tell_from_outside(session_, callboard::drain{});
}

void cable::heal() {
  // What nobody could notice ends here: a client of another kind would not, and behind a message
  // that was lost at the end of a log none comes that would show it.
  if (has_lost_ || (dead_line_ && (user_ == nullptr || !user_->notices_silence())))
    cut();
}

} // namespace callboard::simulation
