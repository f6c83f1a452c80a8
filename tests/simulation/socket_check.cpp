// docs/protocol.md, as a machine that trusts nobody.
#include "tests/simulation/socket_check.hpp"

#include "tests/simulation/world.hpp"

#include <array>

namespace callboard::simulation {

namespace {

constexpr std::array<std::pair<errc, sight>, 8> refusals{
  {{errc::id_conflict, sight::id_conflict},
   {errc::busy, sight::busy},
   {errc::unavailable, sight::unavailable},
   {errc::not_joined, sight::not_joined},
   {errc::too_long, sight::too_long},
   {errc::too_many_rooms, sight::too_many_rooms},
   {errc::name_taken, sight::name_taken},
   {errc::bad_frame, sight::bad_frame}}};

/// What is wrong with the mode of an answer to a join; null: nothing.
const char* fault_of(const wire::join& asked, const wire::joined& body) {
  using mode = wire::join_mode;
  const bool known = asked.after && asked.epoch == body.epoch && *asked.after <= body.head
                     && *asked.after + 1 >= body.first;
  if (body.mode == mode::fresh)
    return asked.after                        ? "fresh, not reset"
           : body.entries.size() > asked.last ? "more entries than were asked for"
                                              : nullptr;
  if (!asked.after)
    return "nothing was to be resumed";
  if ((body.mode == mode::reset) == known)
    return known ? "reset although the position is known"
                 : "resumed from a position of another log";
  if (body.mode == mode::resumed && body.more)
    return "resumed, and more";
  if (body.mode == mode::paged && (!body.more || body.entries.empty()))
    return "paged, and no more";
  return nullptr;
}

} // namespace

socket_check::socket_check(world& outer, std::uint64_t cable, dialect speaks)
  : outer_{outer},
    cable_{cable},
    speaks_{speaks},
    go_own_prefix_{"c" + std::to_string(cable) + "-"} {}

void socket_check::fail(const std::string& what) {
  outer_.facts.fail("socket " + std::to_string(cable_) + ": " + what);
}

void socket_check::client_said(const std::string& text, bool real) {
  if (speaks_ == dialect::go_chat)
    return;
  const auto parsed = wire::parse_request(text);
  const auto* request = std::get_if<wire::request>(&parsed);
  unread_.push_back(request == nullptr ? std::string{} : request->ref);
  if (real && request != nullptr)
    check_manners(*request);
  if (request == nullptr || request->ref.empty())
    return;
  if (const auto* post = std::get_if<wire::post>(&request->body))
    posts_[request->ref] = *post;
  if (const auto* page = std::get_if<wire::history>(&request->body))
    pages_[request->ref] = {*page, places_[page->room].position};
  if (const auto* join = std::get_if<wire::join>(&request->body))
    joins_[request->ref] = *join;
  if (std::holds_alternative<wire::typing>(request->body))
    may_fail_.insert(request->ref); // answered only when it fails
  else
    asked_.insert(request->ref);
}

/// Our own client posts nothing before it is in: that would only cost a round trip.
void socket_check::check_manners(const wire::request& what) {
  const auto* const post = std::get_if<wire::post>(&what.body);
  if (post != nullptr && !places_[post->room].in)
    fail("the client posts to " + post->room + ", which it has not joined");
}

void socket_check::server_read() {
  if (unread_.empty())
    return;
  if (posts_.contains(unread_.front()))
    read_.insert(unread_.front());
  unread_.pop_front();
}

/// A drain answers what the session had before it.
void socket_check::server_drains() {
  if (!owed_)
    owed_ = read_;
}

void socket_check::take(const wire::answer& /*what*/, const wire::bye& /*body*/) {
  outer_.count(sight::bye);
  for (const auto& ref : read_)
    if (owed_ && owed_->contains(ref))
      fail("bye before the answer to the post " + ref);
}

void socket_check::answered(const std::string& ref) {
  if (!ref.empty() && asked_.erase(ref) == 0)
    fail("an answer to " + ref + ", which was not asked or was answered before");
}

void socket_check::server_said(std::string_view text) {
  if (speaks_ == dialect::go_chat)
    return go_said(text);
  frame_bytes_ = text.size();
  const auto* what = std::get_if<wire::answer>(&outer_.parsed(text));
  if (what == nullptr)
    return fail("no frame of callboard.v1: " + std::string{text.substr(0, 200)});
  if (!std::holds_alternative<wire::error>(what->body) || may_fail_.erase(what->ref) == 0)
    answered(what->ref);
  std::visit([&](const auto& body) { take(*what, body); }, what->body);
  posts_.erase(what->ref);
  pages_.erase(what->ref);
  read_.erase(what->ref);
}

void socket_check::take(const wire::answer& /*what*/, const wire::welcome& body) {
  if (!author_.empty())
    fail("welcome twice");
  author_ = body.user.id;
  outer_.facts.named(body.user, outer_.wall_ms());
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

void socket_check::check_size(std::size_t entries) {
  constexpr std::size_t around = 1000; // room, epoch, ref and the keys
  const auto& bounds = outer_.script.bounds;
  if (entries > bounds.page || (entries > 1 && frame_bytes_ > bounds.page_bytes + around))
    fail("a page of " + std::to_string(entries) + " entries and " + std::to_string(frame_bytes_)
         + " bytes");
}

void socket_check::take(const wire::answer& what, const wire::joined& body) {
  static constexpr std::array modes{sight::fresh, sight::resumed, sight::paged, sight::reset};
  outer_.count(modes.at(static_cast<std::size_t>(body.mode)));
  const auto join = joins_.find(what.ref);
  if (join == joins_.end())
    return fail("joined without a join");
  const auto& asked = join->second;
  auto& at = places_[body.room];
  if (const auto* wrong = fault_of(asked, body))
    return fail(body.room + ": " + wrong);
  const bool resumes = body.mode == wire::join_mode::resumed || body.mode == wire::join_mode::paged;
  at.position = resumes                ? *asked.after
                : body.entries.empty() ? body.head
                                       : body.entries.front().seq - 1;
  if (!resumes && body.more != (at.position >= body.first))
    fail("joined behind " + std::to_string(at.position) + " with a wrong `more`");
  for (const auto& each : body.entries)
    run_on(body.room, at, each, "joined");
  if (body.mode != wire::join_mode::paged && at.position < body.head)
    fail("joined at " + std::to_string(at.position) + " of " + std::to_string(body.head));
  check_size(body.entries.size());
  if (body.epoch != outer_.db.epoch(body.room))
    fail("joined " + body.room + " in an epoch that is not the store's");
  at.in = true;
  at.paging = body.mode == wire::join_mode::paged;
  at.epoch = body.epoch;
  joins_.erase(join);
}

void socket_check::take(const wire::answer& /*what*/, const wire::message& body) {
  auto& at = places_[body.room];
  if (!at.in || at.paging)
    return fail("a message of " + body.room
                + (at.paging ? " between pages" : ", which is not joined"));
  run_on(body.room, at, body.what, "message");
}

/// A page that was asked for begins where it was asked to, and ends where the page or the log does.
void socket_check::check_page(const wire::history_page& body, const std::string& ref) {
  const auto found = pages_.find(ref);
  if (found == pages_.end())
    return fail("a page that nobody has asked for");
  const auto& [what, position] = found->second;
  const auto wanted = what.before ? std::max<seq_t>(*what.before, 1) - 1 : *what.after + 1;
  if (body.entries.size() > what.limit)
    fail("a page of more entries than were asked for");
  if (body.entries.empty()) {
    if (body.more || (what.before ? std::min(wanted, position) > 0 : wanted <= position))
      fail("an empty page of " + body.room + " at " + std::to_string(wanted));
    return;
  }
  const auto first = body.entries.front().seq;
  const auto last = body.entries.back().seq;
  const bool fits =
    what.before ? last == wanted || (last < wanted && last >= position) : first == wanted;
  if (!fits)
    fail("a page from " + std::to_string(first) + " to " + std::to_string(last) + " instead of "
         + (what.before ? "to " : "from ") + std::to_string(wanted));
  const auto head = outer_.facts.head(body.room);
  if (what.before ? body.more != (first > 1) : body.more ? last >= head : last < position)
    fail("a page from " + std::to_string(first) + " to " + std::to_string(last)
         + " with a wrong `more`");
}

void socket_check::take(const wire::answer& what, const wire::history_page& body) {
  auto& at = places_[body.room];
  if (!at.in)
    return fail("history of " + body.room + ", which is not joined");
  check_size(body.entries.size());
  if (body.resume) {
    if (!at.paging)
      return fail("a page of a resume that has ended");
    for (const auto& each : body.entries)
      run_on(body.room, at, each, "history");
    at.paging = body.more;
    return;
  }
  check_page(body, what.ref);
  for (std::size_t i = 0; i < body.entries.size(); ++i) {
    if (i > 0 && body.entries[i].seq != body.entries[i - 1].seq + 1)
      fail("history with a gap");
    outer_.facts.shown(body.room, body.entries[i], "history at socket " + std::to_string(cable_));
  }
}

void socket_check::take(const wire::answer& what, const wire::posted& body) {
  const auto post = posts_.find(what.ref);
  const auto* const stored = outer_.facts.find(body.room, body.seq);
  if (body.duplicate)
    outer_.count(sight::repeated);
  else
    outer_.facts.first_receipt(body.room, author_, body.id);
  if (post != posts_.end() && stored != nullptr && stored->text != post->second.text)
    fail("a receipt for " + body.id + ", under which another text is stored");
  outer_.facts.acknowledged(body.room, author_, body.id, body.seq, body.at_ms,
                            "socket " + std::to_string(cable_));
}

void socket_check::take(const wire::answer& what, const wire::error& body) {
  for (const auto& [code, what_it_shows] : refusals)
    if (code == body.code)
      outer_.count(what_it_shows);
  if (const auto post = posts_.find(what.ref);
      post != posts_.end() && body.code == errc::id_conflict) {
    const auto& [room, id, text] = post->second;
    const auto* const stored = outer_.facts.find(room, outer_.facts.seq_of(room, author_, id));
    if (stored == nullptr || stored->text == text)
      fail("a conflict of " + id + " with itself");
  }
  const auto join = joins_.find(what.ref);
  if (join == joins_.end())
    return;
  places_[join->second.room].in = false; // a join that fails leaves one outside
  joins_.erase(join);
}

void socket_check::take(const wire::answer& /*what*/, const wire::left& body) {
  places_[body.room] = {};
}

void socket_check::take(const wire::answer& /*what*/, const wire::presence& body) {
  if (!places_[body.room].in)
    fail("presence of " + body.room + ", which is not joined");
  if (body.joined.size() + body.left.size() > outer_.script.bounds.presence_names)
    fail("presence of " + std::to_string(body.joined.size() + body.left.size()) + " names");
}

void socket_check::take(const wire::answer& /*what*/, const wire::who_list& body) {
  if (body.names.size() > outer_.script.bounds.who_names)
    fail("a list of " + std::to_string(body.names.size()) + " names");
}

void socket_check::take(const wire::answer& /*what*/, const wire::typing_notice& body) {
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
