// One line of the outbox on disk: what it says, with a checksum, so that a damaged line is known
// for one and never sent. Readable by people, because a damaged file is read by people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callboard::client {

/// Fields are any bytes; those that would end a field or a line are escaped.
struct journal_record {
  enum class what : std::uint8_t {
    head,   ///< first: server, second: name. The first line of each file.
    author, ///< first: the id of the author whom all posts so far and from here on are of;
            ///< empty: of those from here on, nobody knows.
    post,   ///< first: room, second: message id, third: text.
    done,   ///< second: message id. It is stored, or was dropped by a person.
  };
  what kind = what::post;
  std::string first;
  std::string second;
  std::string third;

  friend bool operator==(const journal_record&, const journal_record&) = default;
};

/// "checksum kind first second third\n".
[[nodiscard]] std::string to_line(const journal_record& what);

/// Nothing when the line (without its end) is damaged.
[[nodiscard]] std::optional<journal_record> read_line(std::string_view line);

} // namespace callboard::client
