// JSON in and out: the only code that knows which JSON library there is. Reading is bounded in
// depth and memory and never throws, whatever the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace callboard::wire::json {

enum class kind : std::uint8_t { null, boolean, whole, number, string, array, object };

/// A JSON value. `whole` is an integer from 0 to 2^64 - 1; every other number is only `number`.
struct value {
  json::kind kind = kind::null;
  bool flag = false;
  std::uint64_t whole = 0;
  std::string name = {};            ///< As a member of an object; else empty.
  std::string text = {};            ///< Of a string; may hold NUL.
  std::vector<value> children = {}; ///< Members or elements, in their order.

  /// The member of that name, or null. Of several the last, as in other JSON readers.
  [[nodiscard]] const value* find(std::string_view member) const;
};

/// What reading may cost. Beyond: refused, not cut.
struct bounds {
  std::size_t depth = 16;   ///< Containers within containers.
  std::size_t keep = 1;     ///< Containers deeper than this are read but come out empty.
  std::size_t members = 64; ///< Members of each object that is kept.
};

/// Why a text cannot be read, as a sentence.
struct failure {
  std::string why;
};

/// The object that `text` is. RFC 8259, strictly: no byte order mark, no comments, nothing behind
/// it; well-formed UTF-8, no lone surrogates.
[[nodiscard]] std::variant<value, failure> read_object(std::string_view text, const bounds& most);

/// "a string", "an integer", …: for sentences.
[[nodiscard]] std::string_view describe(const value& what);

/// A stranger's word as part of a sentence for people: ASCII, and not long.
[[nodiscard]] std::string printable(std::string_view word);

/// Reads an object's fields one by one, and keeps the first complaint about any of them.
class fields {
public:
  /// `object` must outlive this.
  explicit fields(const value& object) : object_{&object} {}

  /// The string; a complaint and "" when it is missing or something else.
  std::string text(std::string_view name);
  std::optional<std::string> text_if(std::string_view name);

  /// The integer; a complaint and `least` when it is missing or something else.
  std::uint64_t whole(std::string_view name, std::uint64_t least, std::uint64_t most);
  std::optional<std::uint64_t> whole_if(std::string_view name, std::uint64_t least,
                                        std::uint64_t most);

  /// True or false; false when it is missing, with a complaint when it is something else.
  bool flag(std::string_view name);

  /// The children; a complaint and none when it is missing or of another kind.
  const std::vector<value>& array(std::string_view name);

  /// The object itself; a complaint and an empty one when it is missing or of another kind.
  const value& object(std::string_view name);

  [[nodiscard]] bool has(std::string_view name) const { return object_->find(name) != nullptr; }

  /// Complains, unless there is a complaint already.
  void complain(std::string sentence);

  [[nodiscard]] bool ok() const { return complaint_.empty(); }
  [[nodiscard]] const std::string& complaint() const { return complaint_; }

private:
  /// The field if it is there and of that kind; complains otherwise.
  const value* need(std::string_view name, kind wanted, std::string_view expected);

  const value* object_;
  std::string complaint_;
};

/// Appends `text`, which must be well-formed UTF-8, as a JSON string.
void append_quoted(std::string& out, std::string_view text);

/// Appends `number` in decimal.
void append_number(std::string& out, std::int64_t number);
void append_number(std::string& out, std::uint64_t number);

/// Writes one object, member by member, at the end of a string.
class object_writer {
public:
  explicit object_writer(std::string& out) : out_{&out} { out += '{'; }

  object_writer& text(std::string_view name, std::string_view value);
  object_writer& number(std::string_view name, std::int64_t value);
  object_writer& number(std::string_view name, std::uint64_t value);
  object_writer& flag(std::string_view name, bool value);

  /// Writes `"name":`; the caller appends the value.
  std::string& member(std::string_view name);

  void close() { *out_ += '}'; }

private:
  std::string* out_;
  bool first_ = true;
};

} // namespace callboard::wire::json
