// What was typed and not sent, on disk while its author thinks: it survives the end of the client,
// kill -9 included, and is given back once, to the input of its room.
#pragma once

#include "client/locked_file.hpp"

#include <map>
#include <string>

namespace callboard::client {

/// Texts by room. One file for each process and server, readable by its owner only; without a
/// folder, or with a full disk, they live as long as the process.
class draft_file {
public:
  using drafts = std::map<std::string, std::string>;

  /// Takes over what processes have left that have ended. `folder` may be empty: nothing is kept.
  draft_file(std::string folder, const std::string& server);

  /// What was typed in this room before; the next call for it gives nothing.
  [[nodiscard]] std::string take(const std::string& room);

  /// From now on these are the texts, none of them empty, beside those that were not taken. Whole
  /// or not at all.
  void keep(const drafts& typed);

private:
  void take_over();
  void add(const std::string& room, const std::string& text);
  void write(const drafts& all);

  std::string folder_;
  std::string stem_;
  std::string head_; ///< The first line: the server.
  drafts left_;      ///< Of before, not taken.
  drafts written_;   ///< What is on disk.
  locked_file file_; ///< None while there is nothing to keep.
};

} // namespace callboard::client
