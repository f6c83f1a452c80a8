// The rooms of a screen in their order: which one is open, which one is selected, and which one
// wants to be read first. Looking through the list reads nothing.
#pragma once

#include "client/screen/room_view.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace callboard::client {

struct listed_room {
  std::string name;
  room_view view;
  std::string draft;  ///< What was typed here and not sent, while another room is open.
  bool ready = false; ///< Its log has been shown once; what comes now is news.
  std::string epoch;  ///< Of the log, once it is ready.
};

/// A text that its author would lose with the room.
struct unsaved {
  std::string why; ///< "not stored", "not confirmed", "not sent".
  std::string text;
  bool kept = false; ///< In the outbox of this author.
};
[[nodiscard]] std::vector<unsaved> unsaved_of(const listed_room& room);

/// Pure; owned by one screen.
class room_list {
public:
  /// Opens it, new or not.
  listed_room& open(const std::string& name);
  /// The one that is open then, if any, is a neighbour.
  void close(const std::string& name);

  [[nodiscard]] listed_room* current();
  [[nodiscard]] const listed_room* current() const;
  [[nodiscard]] listed_room* find(const std::string& name);
  [[nodiscard]] const listed_room* find(const std::string& name) const;
  [[nodiscard]] const std::vector<std::unique_ptr<listed_room>>& all() const { return rooms_; }

  /// The next one that was not read, those with mentions first; nothing when all is read.
  [[nodiscard]] std::optional<std::string> next_unread() const;

  /// Moves the selection; a room is opened by `open(*selected())`.
  void select(int step);
  [[nodiscard]] std::optional<std::string> selected() const;
  void forget_selection() { selected_.reset(); }

  [[nodiscard]] std::size_t unread() const;
  [[nodiscard]] std::size_t mentions() const;

private:
  [[nodiscard]] std::optional<std::size_t> index_of(const std::string& name) const;

  std::vector<std::unique_ptr<listed_room>> rooms_; ///< Pointers: a room stays where it is.
  std::optional<std::size_t> current_;
  std::optional<std::size_t> selected_;
};

} // namespace callboard::client
