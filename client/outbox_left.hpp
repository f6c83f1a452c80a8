// What the lines of an outbox file amount to: the messages without an end, in the order in which
// they were typed. Pure.
#pragma once

#include "client/journal_record.hpp"
#include "client/post_journal.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::client {

struct outbox_left {
  struct post {
    kept_post what;
    std::string author; ///< Its author's id; empty: it was never sent, nobody has an id yet.
  };

  std::vector<post> posts;
  std::string author; ///< Of what comes next.
  std::optional<journal_record> head;
  std::size_t damaged_line = 0; ///< The first that could not be read; 0: none.

  [[nodiscard]] bool has(const std::string& id) const;

  /// False when it is not there.
  bool erase(const std::string& id);

  /// From now on this is the author, also of all that had none. Empty: nobody knows.
  void bind(const std::string& author_id);

  /// Bytes of the texts.
  [[nodiscard]] std::size_t bytes() const;

  /// The lines that amount to this, without the head.
  [[nodiscard]] std::string to_lines() const;
};

/// Reads a whole file. A last line without its end was never finished and is no damage.
[[nodiscard]] outbox_left read_outbox(std::string_view text);

} // namespace callboard::client
