// docs/protocol.md, as a machine that trusts nobody.
#include "tests/simulation/socket_check.hpp"

#include "tests/simulation/world.hpp"

namespace callboard::simulation {

socket_check::socket_check(world& outer, std::uint64_t cable, dialect speaks)
  : outer_{outer},
    cable_{cable},
    speaks_{speaks},
    go_own_prefix_{"c" + std::to_string(cable) + "-"} {}

void socket_check::fail(const std::string& what) {
  outer_.facts.fail("socket " + std::to_string(cable_) + ": " + what);
}

void socket_check::client_said(const std::string& text) {
  if (speaks_ == dialect::go_chat)
    return;
  const auto parsed = wire::parse_request(text);
  const auto* request = std::get_if<wire::request>(&parsed);
  if (request == nullptr || request->ref.empty())
    return;
  if (const auto* join = std::get_if<wire::join>(&request->body))
    joins_[request->ref] = *join;
  if (std::holds_alternative<wire::typing>(request->body))
    may_fail_.insert(request->ref); // answered only when it fails
  else
    asked_.insert(request->ref);
}

void socket_check::answered(const std::string& ref) {
  if (!ref.empty() && asked_.erase(ref) == 0)
    fail("an answer to " + ref + ", which was not asked or was answered before");
}

void socket_check::server_said(std::string_view text) {
  if (speaks_ == dialect::go_chat)
    return go_said(text);
  const auto parsed = wire::parse_answer(text);
  const auto* what = std::get_if<wire::answer>(&parsed);
  if (what == nullptr)
    return fail("no frame of callboard.v1: " + std::string{text.substr(0, 200)});
  if (!std::holds_alternative<wire::error>(what->body) || may_fail_.erase(what->ref) == 0)
    answered(what->ref);
  std::visit([&](const auto& body) { take(*what, body); }, what->body);
}

void socket_check::take(const wire::answer&, const wire::welcome& body) {
  if (!author_.empty())
    fail("welcome twice");
  author_ = body.user.id;
}

void socket_check::run_on(const std::string& room, place& at, const entry& what,
                          const char* where) {
  if (what.seq != at.position + 1)
    fail(std::string{where} + " brings entry " + std::to_string(what.seq) + " of " + room
         + " behind " + std::to_string(at.position));
  at.position = what.seq;
  ++seen_;
  outer_.facts.shown(room, what, "socket " + std::to_string(cable_));
}

void socket_check::take(const wire::answer& what, const wire::joined& body) {
  const auto join = joins_.find(what.ref);
  if (join == joins_.end())
    return fail("joined without a join");
  const auto& asked = join->second;
  auto& at = places_[body.room];
  const bool resumes = body.mode == wire::join_mode::resumed || body.mode == wire::join_mode::paged;
  if (resumes && (!asked.after || asked.epoch != body.epoch))
    return fail("resumed what was not to be resumed");
  if (asked.after.has_value() == (body.mode == wire::join_mode::fresh))
    return fail("fresh and reset confused");
  if (body.mode == wire::join_mode::resumed && body.more)
    return fail("resumed, and more");
  if (body.mode == wire::join_mode::paged && (!body.more || body.entries.empty()))
    return fail("paged, and no more");
  at.position = resumes                ? *asked.after
                : body.entries.empty() ? body.head
                                       : body.entries.front().seq - 1;
  for (const auto& each : body.entries)
    run_on(body.room, at, each, "joined");
  if (body.mode != wire::join_mode::paged && at.position < body.head)
    fail("joined at " + std::to_string(at.position) + " of " + std::to_string(body.head));
  if (body.entries.size() > outer_.script.bounds.page)
    fail("a page of " + std::to_string(body.entries.size()) + " entries");
  at.in = true;
  at.paging = body.mode == wire::join_mode::paged;
  at.epoch = body.epoch;
  joins_.erase(join);
}

void socket_check::take(const wire::answer&, const wire::message& body) {
  auto& at = places_[body.room];
  if (!at.in || at.paging)
    return fail("a message of " + body.room
                + (at.paging ? " between pages" : ", which is not joined"));
  run_on(body.room, at, body.what, "message");
}

void socket_check::take(const wire::answer&, const wire::history_page& body) {
  auto& at = places_[body.room];
  if (!at.in)
    return fail("history of " + body.room + ", which is not joined");
  if (body.entries.size() > outer_.script.bounds.page)
    fail("a page of " + std::to_string(body.entries.size()) + " entries");
  if (body.resume) {
    if (!at.paging)
      return fail("a page of a resume that has ended");
    for (const auto& each : body.entries)
      run_on(body.room, at, each, "history");
    at.paging = body.more;
    return;
  }
  for (std::size_t i = 0; i < body.entries.size(); ++i) {
    if (i > 0 && body.entries[i].seq != body.entries[i - 1].seq + 1)
      fail("history with a gap");
    outer_.facts.shown(body.room, body.entries[i], "history at socket " + std::to_string(cable_));
  }
}

void socket_check::take(const wire::answer&, const wire::posted& body) {
  outer_.facts.acknowledged(body.room, author_, body.id, body.seq,
                            "socket " + std::to_string(cable_));
}

void socket_check::take(const wire::answer& what, const wire::error&) {
  const auto join = joins_.find(what.ref);
  if (join == joins_.end())
    return;
  places_[join->second.room].in = false; // a join that fails leaves one outside
  joins_.erase(join);
}

void socket_check::take(const wire::answer&, const wire::left& body) {
  places_[body.room] = {};
}

void socket_check::take(const wire::answer&, const wire::presence& body) {
  if (!places_[body.room].in)
    fail("presence of " + body.room + ", which is not joined");
}

void socket_check::take(const wire::answer&, const wire::typing_notice& body) {
  if (!places_[body.room].in)
    fail("typing in " + body.room + ", which is not joined");
}

void socket_check::go_said(std::string_view text) {
  std::vector<wire::go_line> lines;
  if (!parse_go_lines(text, lines))
    return fail("no line of go-chat: " + std::string{text.substr(0, 200)});
  for (const auto& line : lines) {
    if (line.username == "callboard" && line.message.starts_with("not stored: "))
      continue;
    const auto* next = outer_.facts.find("general", ++go_position_);
    while (next != nullptr && next->text.starts_with(go_own_prefix_))
      next = outer_.facts.find("general", ++go_position_);
    if (next == nullptr)
      return fail("a line that is not committed: " + line.message);
    const auto& name = next->from.name;
    const auto shown = name.starts_with('~') ? name.substr(1) : name;
    if (next->text != line.message || shown != line.username)
      return fail("got \"" + line.message + "\" instead of entry " + std::to_string(go_position_)
                  + " \"" + next->text + "\"");
    ++seen_;
  }
}

seq_t socket_check::go_level() const {
  auto level = go_position_;
  const auto* next = outer_.facts.find("general", level + 1);
  while (next != nullptr && next->text.starts_with(go_own_prefix_))
    next = outer_.facts.find("general", ++level + 1);
  return level;
}

void socket_check::at_the_end() {
  if (!asked_.empty())
    fail("no answer to " + *asked_.begin());
  for (const auto& [room, at] : places_)
    if (at.in && (at.paging || at.position != outer_.facts.head(room)))
      fail("stands at " + std::to_string(at.position) + " of " + room + ", which reaches "
           + std::to_string(outer_.facts.head(room)));
  if (speaks_ == dialect::go_chat && go_level() != outer_.facts.head("general"))
    fail("a go-chat client stands at " + std::to_string(go_level()) + " of "
         + std::to_string(outer_.facts.head("general")));
}

bool socket_check::level() const {
  for (const auto& [room, at] : places_)
    if (at.in && (at.paging || at.position != outer_.facts.head(room)))
      return false;
  return asked_.empty() && (speaks_ == dialect::v1 || go_level() == outer_.facts.head("general"));
}

} // namespace callboard::simulation
