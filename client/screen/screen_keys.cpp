// Keys to deeds. Every deed that has a key has a slash command too (screen_slashes.cpp), for
// terminals and people that cannot press the key.
#include "client/screen/screen_command.hpp"
#include "domain/validate.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace callboard::client {

namespace {

/// So long after a key, what is being typed is written to disk: once for many keys.
constexpr std::chrono::milliseconds keep_after{500};

/// A second C-c within this ends the program.
constexpr std::chrono::seconds interrupt_for{2};

bool is_report(key_code code) {
  return code == key_code::focus_in || code == key_code::focus_out || code == key_code::resize
         || code == key_code::none;
}

} // namespace

void screen_command::press(const key& what, time_point now) {
  now_ = now;
  if (is_report(what.code)) {
    if (what.code != key_code::resize) {
      focus_known_ = true;
      focused_ = what.code == key_code::focus_in;
    }
    look();
    return;
  }
  key_at_ = now;
  desk_.touch_keys();
  state_.hint.clear();
  if (!keep_at_)
    keep_at_ = now + keep_after;
  if (what.code != key_code::tab && what.code != key_code::back_tab)
    completing_.reset();
  const bool changes_text =
    !press_search(what) && !press_global(what) && !press_history(what) && state_.input.press(what);
  if (changes_text) {
    if (what.code == key_code::paste)
      note_paste(what.text);
    if (state_.input.take_refusal())
      state_.hint = "too long: nothing was put in";
    const bool talks = !state_.input.empty() && !state_.input.text().starts_with('/');
    if (auto* const room = state_.rooms.current(); room != nullptr && talks && !state_.asking_name)
      desk_.type_on(room->name);
  }
  // Esc drops a paste, and not what has taken its place.
  if (state_.pasted && state_.input.text().find(paste_) == std::string::npos)
    state_.pasted = false;
  look();
}

bool screen_command::press_global(const key& what) {
  switch (what.code) {
    case key_code::enter:
      press_enter();
      return true;
    case key_code::tab:
    case key_code::back_tab:
      complete(what.code == key_code::tab);
      return true;
    case key_code::escape:
      press_escape();
      return true;
    case key_code::alt_up:
    case key_code::alt_down:
      state_.rooms.select(what.code == key_code::alt_up ? -1 : 1);
      return true;
    case key_code::control:
      return what.text.size() == 1 && press_control(what.text.front());
    case key_code::alt:
      return press_alt(what.text);
    default:
      return press_scroll(what);
  }
}

bool screen_command::press_control(char letter) {
  switch (letter) {
    case 'c':
      press_interrupt();
      return true;
    case 'd': // Only where there is nothing to delete.
      if (!state_.input.empty())
        return false;
      end_now();
      return true;
    case 'g':
      press_escape();
      return true;
    case 'l':
      wants_redraw_ = true;
      return true;
    case 'r':
      search_history(true);
      return true;
    case 'z':
      wants_suspend_ = true;
      return true;
    case 'p':
    case 'n': {
      const key arrow{letter == 'p' ? key_code::up : key_code::down, {}};
      return press_history(arrow) || state_.input.press(arrow);
    }
    default:
      return false;
  }
}

bool screen_command::press_alt(std::string_view letter) {
  if (letter == "a") {
    if (const auto next = state_.rooms.next_unread())
      open_room(*next);
    else
      state_.hint = "everything is read";
  } else if (letter == "r") {
    retry_line line;
    act(line);
  } else if (letter == "e") {
    edit_line line;
    act(line);
  } else if (letter == "x") {
    drop_line line;
    act(line);
  } else if (letter == "p" || letter == "n") {
    find_message(letter == "p");
  } else if (letter.size() == 1 && letter[0] >= '1' && letter[0] <= '9') {
    const auto index = static_cast<std::size_t>(letter[0] - '1');
    if (index < state_.rooms.all().size())
      open_room(std::string{state_.rooms.all()[index]->name});
  } else {
    return false;
  }
  return true;
}

// -- reading --------------------------------------------------------------------------------------

bool screen_command::press_scroll(const key& what) {
  const int page = std::max(1, message_area(state_, rows_, columns_).rows - 2);
  const auto* const room = state_.rooms.current();
  const bool away = room != nullptr && !(room->view.where.at_end && room->view.attached());
  switch (what.code) {
    case key_code::page_up:
      scroll_by(-page);
      return true;
    case key_code::page_down:
      scroll_by(page);
      return true;
    case key_code::first:
      go_to_start();
      return true;
    case key_code::last:
      go_to_end();
      return true;
    case key_code::end: // Where the caret cannot go further, the messages do.
      if (!away || state_.input.caret() != state_.input.text().size())
        return false;
      go_to_end();
      return true;
    default:
      return false;
  }
}

void screen_command::scroll_by(int rows) {
  auto* const room = state_.rooms.current();
  if (room == nullptr)
    return;
  const auto area = message_area(state_, rows_, columns_);
  scroll(room->view, area, rows);
  if (rows < 0 && nears_front(room->view, area))
    ask_page(*room, room->view.want_older());
  if (rows > 0 && nears_end(room->view, area))
    ask_page(*room, room->view.want_newer());
}

void screen_command::go_to_start() {
  auto* const room = state_.rooms.current();
  if (room == nullptr)
    return;
  const auto page = room->view.want_start();
  ask_page(*room, page);
  if (page)
    return;
  room->view.where = {false, room->view.first() - 1, 0};
  scroll(room->view, message_area(state_, rows_, columns_), 0);
}

void screen_command::go_to_end() {
  if (auto* const room = state_.rooms.current())
    ask_page(*room, room->view.want_end());
}

void screen_command::open_room(const std::string& name) {
  if (!state_.asking_name)
    put_away_input();
  give_draft(state_.rooms.open(name));
  if (!state_.asking_name)
    take_up_input();
  state_.search.clear();
}

void screen_command::find_message(bool older) {
  auto* const room = state_.rooms.current();
  if (room == nullptr || state_.search.empty()) {
    state_.hint = "/search TEXT first";
    return;
  }
  const auto found = room->view.find(state_.search, search_at_, older);
  if (!found) {
    state_.hint = "no " + std::string{older ? "older" : "newer"} + " message with \""
                  + state_.search + "\" in what is loaded"
                  + (older && room->view.has_older() ? "; PgUp loads more" : "");
    return;
  }
  search_at_ = *found;
  scroll_to(room->view, message_area(state_, rows_, columns_), *found);
  state_.hint = "\"" + state_.search + "\": Alt-p older, Alt-n newer, /search ends";
}

// -- writing --------------------------------------------------------------------------------------

/// Several lines are shown as a paste, which Esc drops.
void screen_command::note_paste(const std::string& pasted) {
  auto text = editor::cleaned(pasted);
  if (text.find('\n') == std::string::npos)
    return;
  paste_ = std::move(text);
  state_.pasted = true;
}

void screen_command::press_enter() {
  if (const auto chosen = state_.rooms.selected()) {
    open_room(*chosen);
    return;
  }
  auto text = state_.input.take();
  state_.pasted = false;
  keep_at_ = now_ + keep_after; // Not before the outbox has it.
  if (state_.asking_name) {
    press_name(std::move(text));
    return;
  }
  if (history_.add(text))
    file_.append(text);
  auto typed = read_typed(text);
  if (!std::holds_alternative<leave_line>(typed))
    leave_asked_.clear();
  std::visit([this](auto& line) { act(line); }, typed);
  if (std::holds_alternative<wrong_line>(typed) && state_.input.empty())
    state_.input.set(text); // To be mended.
}

/// What looks like a command is no name.
void screen_command::press_name(std::string name) {
  if (std::holds_alternative<quit_line>(read_typed(name))) {
    end_now();
    return;
  }
  if (name.starts_with('/') || check_author_name(name, bounds_)) {
    state_.hint = name.starts_with('/') ? "a name first, please; /quit ends"
                                        : std::string{describe(errc::bad_name).sentence};
    state_.input.set(name);
    return;
  }
  state_.asking_name = false;
  state_.my_name = name;
  take_up_input();
  sign_in_as(std::move(name));
}

void screen_command::press_interrupt() {
  if (leaving_) {
    finish(exit_interrupted);
  } else if (!state_.input.empty()) {
    state_.input.set({});
  } else if (interrupted_at_ && now_ - *interrupted_at_ < interrupt_for) {
    end_now();
  } else {
    interrupted_at_ = now_;
    state_.hint = "C-c again, C-d or /quit ends";
  }
}

void screen_command::press_escape() {
  if (state_.rooms.selected()) {
    state_.rooms.forget_selection();
  } else if (state_.pasted) {
    state_.pasted = false;
    // What was typed around it stays.
    if (const auto at = state_.input.text().rfind(paste_); at != std::string::npos)
      state_.input.replace(at, at + paste_.size(), {});
  } else if (!state_.search.empty()) {
    state_.search.clear();
  } else {
    go_to_end();
  }
}

bool screen_command::press_history(const key& what) {
  if (what.code != key_code::up && what.code != key_code::down)
    return false;
  const bool up = what.code == key_code::up;
  if (up ? !state_.input.on_first_line() : !state_.input.on_last_line())
    return false;
  if (auto line = up ? history_.older(state_.input.text()) : history_.newer())
    state_.input.set(*line);
  return true;
}

bool screen_command::press_search(const key& what) {
  if (!state_.searching)
    return false;
  auto& wanted = state_.searching->what;
  if (what == key{key_code::control, "r"}) {
    search_history(false);
  } else if (what.code == key_code::text) {
    wanted += what.text;
    search_history(true);
  } else if (what.code == key_code::backspace) {
    while (!wanted.empty() && (static_cast<unsigned char>(wanted.back()) & 0xC0U) == 0x80)
      wanted.pop_back();
    if (!wanted.empty())
      wanted.pop_back();
    search_history(true);
  } else {
    const bool gives_up = what.code == key_code::escape || what == key{key_code::control, "g"}
                          || what == key{key_code::control, "c"};
    if (gives_up)
      state_.input.set(state_.searching->before);
    state_.searching.reset();
    // Enter takes the line into the input, and sends nothing yet; other keys go on from there.
    return gives_up || what.code == key_code::enter;
  }
  return true;
}

void screen_command::search_history(bool anew) {
  if (!state_.searching) {
    state_.searching = history_search{{}, {}, state_.input.text()};
    return;
  }
  auto& searching = *state_.searching;
  const auto before = anew || !searching.found ? history_.lines().size() : *searching.found;
  const auto found = searching.what.empty() ? std::nullopt : history_.find(searching.what, before);
  if (found || anew)
    searching.found = found;
  if (found)
    state_.input.set(history_.lines()[*found]);
}

void screen_command::complete(bool forward) {
  auto& input = state_.input;
  if (completing_ && input.text() != completed_text_)
    completing_.reset(); // Something else has changed the text meanwhile.
  if (!completing_) {
    word_sources sources;
    sources.commands = slash_words();
    for (const auto& room : state_.rooms.all())
      sources.rooms.push_back(room->name);
    sources.rooms.insert(sources.rooms.end(), listed_.begin(), listed_.end());
    if (const auto* const room = state_.rooms.current())
      for (const auto& name : room->view.speakers())
        if (name != state_.my_name)
          sources.names.push_back(name);
    completing_.emplace(input.text(), input.caret(), sources);
    completed_end_ = input.caret();
  }
  if (completing_->empty()) {
    completing_.reset();
    state_.hint = "nothing to complete";
    return;
  }
  const auto& word = forward ? completing_->next() : completing_->previous();
  input.replace(completing_->begin(), completed_end_, word);
  completed_end_ = input.caret();
  completed_text_ = input.text();
}

} // namespace callboard::client
