// How far each room has been read, kept from one process to the next, so that the unread line
// stands where the reader stopped. A mark only ever advances, also when processes of one user write
// side by side.
#pragma once

#include "domain/entry.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace callboard::client {

/// The marks of one author on one server. Readable by their owner only; without a folder, or with
/// a full disk, they live as long as the process.
class read_marks {
public:
  static constexpr std::size_t rooms_most = 1000;

  read_marks() = default;

  /// Reads what earlier processes kept. `folder` may be empty: nothing is kept then.
  read_marks(std::string folder, std::string server, std::string_view name);

  /// The last entry that was read of this log; nothing: nobody has been there before.
  [[nodiscard]] std::optional<seq_t> position(const std::string& room,
                                              std::string_view epoch) const;

  /// Backwards only for another log under the same name.
  void advance(const std::string& room, const std::string& epoch, seq_t seq);

  /// True while there is something to save.
  [[nodiscard]] bool changed() const { return changed_; }

  /// Writes what has changed, whole or not at all; what others wrote meanwhile stays. When another
  /// process is just writing, or the disk is full, it remains to be saved.
  void save();

private:
  struct mark {
    std::string epoch;
    seq_t seq = 0;
    bool ours = false; ///< Changed here, and not saved yet.
  };
  using marks = std::map<std::string, mark>;

  [[nodiscard]] marks on_disk() const;

  std::string folder_;
  std::string path_; ///< Empty: none.
  std::string head_; ///< The first two lines: server and author.
  marks marks_;
  bool changed_ = false;
};

} // namespace callboard::client
