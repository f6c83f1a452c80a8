// Where a link keeps what was typed, beyond its own life: abstract, so that links are tested and
// simulated without files. client/outbox_file.hpp is the real one.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::client {

/// A message without its receipt.
struct kept_post {
  std::string room;
  std::string id;
  std::string text;

  friend bool operator==(const kept_post&, const kept_post&) = default;
};

/// Used by one link, in its thread; its calls may wait for the disk.
class post_journal {
public:
  post_journal() = default;
  post_journal(const post_journal&) = delete;
  post_journal& operator=(const post_journal&) = delete;
  virtual ~post_journal() = default;

  /// It was typed: from here on it survives the end of the process. One that is kept already stays
  /// as it is.
  virtual void add(const kept_post& what) = 0;

  /// It is stored, or nobody wants it any more. Nothing happens when it is not kept.
  virtual void done(const std::string& id) = 0;

  /// All that was added survives the end of the machine, too.
  virtual void flush() = 0;

  /// Who we are. Ids of kept posts that another author wrote under this name come back: whether
  /// those are stored cannot be known, so they are put aside (`troubles` says where) and kept no
  /// longer.
  [[nodiscard]] virtual std::vector<std::string> bind(const std::string& author_id) = 0;

  /// What people must know since the last call, as sentences.
  [[nodiscard]] virtual std::vector<std::string> troubles() = 0;
};

/// What is left from before, in the order it was typed.
struct opened_journal {
  std::unique_ptr<post_journal> journal; ///< Null: nothing can be kept; `troubles` says why.
  std::vector<kept_post> left;
  std::vector<std::string> troubles;
};

/// Opens the journal of that author at this link's server, which is the only one that knows the
/// name. `posts_most` and `bytes_most` bound what is taken over.
using journal_opener = std::function<opened_journal(std::string_view name, std::size_t posts_most,
                                                    std::size_t bytes_most)>;

} // namespace callboard::client
