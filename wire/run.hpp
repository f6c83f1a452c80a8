// A run of consecutive entries, encoded once: JSON for pages, WebSocket frames for live delivery.
// Everybody who gets these entries shares these bytes.
#pragma once

#include "domain/entry.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace callboard {

/// Bytes that many sockets may share. A slice keeps the whole buffer alive.
struct slice {
  std::shared_ptr<const std::string> owner;
  std::string_view bytes; ///< Inside *owner.
};

/// A slice of the whole of `bytes`.
[[nodiscard]] slice make_slice(std::string bytes);

/// One unmasked WebSocket text frame (RFC 6455 section 5.2, FIN set) around `payload`.
[[nodiscard]] std::string text_frame(std::string_view payload);

/// Immutable. Entries are consecutive and at least one.
class entry_run {
public:
  /// Encodes; the one place where an entry of the log becomes bytes.
  entry_run(std::string room, std::vector<entry> entries);

  [[nodiscard]] const std::string& room() const { return room_; }
  [[nodiscard]] seq_t first() const { return entries_.front().seq; }
  [[nodiscard]] seq_t last() const { return entries_.back().seq; }
  [[nodiscard]] std::span<const entry> entries() const { return entries_; }

  /// WebSocket frames of the entries from `from` (within the run) to the last.
  [[nodiscard]] std::string_view frames_from(seq_t from) const;

  /// The JSON object of one entry: exactly the payload of its frame.
  [[nodiscard]] std::string_view json(seq_t seq) const;

  /// Bytes of JSON and frames: what pages and caches count.
  [[nodiscard]] std::size_t bytes() const { return encoded_.size(); }

private:
  friend slice frames_of(const std::shared_ptr<const entry_run>& run, seq_t from);

  struct place {
    std::size_t frame; ///< Offset of the frame's first byte in encoded_.
    std::size_t json;  ///< Offset of its payload.
  };

  std::string room_;
  std::vector<entry> entries_;
  std::vector<place> places_;
  std::string encoded_;
};

using run_ptr = std::shared_ptr<const entry_run>;

/// The frames of `run` from `from` on, sharing its bytes.
[[nodiscard]] slice frames_of(const run_ptr& run, seq_t from);

} // namespace callboard
