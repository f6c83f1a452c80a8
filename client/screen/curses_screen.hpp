// The terminal, taken over by ncurses: frames go out, keys come in. The only part of the client
// that knows ncurses; one thread.
#pragma once

#include "client/screen/frame.hpp"
#include "client/screen/key_reader.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::client {

/// The terminal cannot be addressed; `what` is a sentence for people.
struct no_terminal : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class curses_screen {
public:
  /// Takes the terminal of stdin and stdout. Throws no_terminal when it cannot be used: no
  /// terminfo for TERM. LC_CTYPE must be set, and UTF-8.
  explicit curses_screen(bool colours);
  curses_screen(const curses_screen&) = delete;
  curses_screen& operator=(const curses_screen&) = delete;

  /// Gives the terminal back as it was.
  ~curses_screen();

  [[nodiscard]] int rows() const;
  [[nodiscard]] int columns() const;

  /// Sends what has changed since the last frame; the cursor is at the caret.
  void draw(const frame& what);

  /// The next frame is sent as a whole: something else wrote to the terminal.
  void forget();

  /// All keys that wait.
  [[nodiscard]] std::vector<key> take_keys();

  /// Bytes that are no part of a frame: a bell, a notification.
  void send(std::string_view bytes);

  /// Stops the process as C-z does, and comes back.
  void suspend();

private:
  void start_modes();
  void stop_modes();
  void prepare_colours();
  [[nodiscard]] unsigned long attributes_of(const style& how, short& pair) const;
  void draw_row(int number, const row& what);

  bool colours_;
  void* screen_ = nullptr; ///< ncurses' SCREEN.
  key_reader reader_;
};

} // namespace callboard::client
