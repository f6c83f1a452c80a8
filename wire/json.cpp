// The tree is built from the parser's events, so that depth and size are refused while reading,
// before they cost memory; nlohmann's own tree would be built first and judged afterwards.
#include "wire/json.hpp"

#include "wire/json_plain.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace callboard::wire::json {

namespace {

/// Receives the parser's events. Each returns false to end the reading.
class tree_builder {
public:
  explicit tree_builder(const bounds& most) : most_{most} {}

  bool null() { return add({}); }
  bool boolean(bool flag) { return add({.kind = kind::boolean, .flag = flag}); }

  // The parser reports integers here only when they carry a minus sign.
  bool number_integer(std::int64_t number) {
    return number == 0 ? number_unsigned(0) : add({.kind = kind::number});
  }
  bool number_unsigned(std::uint64_t number) { return add({.kind = kind::whole, .whole = number}); }
  bool number_float(double /*number*/, const std::string& /*text*/) {
    return add({.kind = kind::number});
  }
  bool string(std::string& text) {
    return add({.kind = kind::string, .text = keeps() ? std::move(text) : std::string{}});
  }
  static bool binary(std::vector<std::uint8_t>& /*bytes*/) { return false; } // Not in JSON.

  bool start_object(std::size_t /*unknown*/) { return open(kind::object); }
  bool end_object() { return close(); }
  bool start_array(std::size_t /*unknown*/) { return open(kind::array); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    if (depth_ == 1)
      field_ = name;
    if (!keeps())
      return true;
    if (path_.back()->children.size() == most_.members)
      return refuse("An object in this frame has more than " + std::to_string(most_.members)
                    + " members.");
    name_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*last*/,
                   const nlohmann::json::exception& cause) {
    constexpr int number_overflow = 406; // Such as 1e999: JSON, but no number of ours.
    if (cause.id == number_overflow)
      return refuse("The field \"" + printable(field_) + "\" holds a number that is too large.");
    return refuse("This is not JSON: it goes wrong or breaks off at byte "
                  + std::to_string(position) + ".");
  }

  std::variant<value, failure> result() && {
    if (!why_.empty())
      return failure{std::move(why_)};
    if (root_.kind != kind::object)
      return failure{"A frame is a JSON object, not " + std::string{describe(root_)} + "."};
    return std::move(root_);
  }

private:
  /// True while the innermost container's children are wanted.
  [[nodiscard]] bool keeps() const { return depth_ <= most_.keep; }

  bool refuse(std::string why) {
    if (why_.empty())
      why_ = std::move(why);
    return false;
  }

  bool add(value what) {
    if (depth_ == 0) {
      root_ = std::move(what);
    } else if (keeps()) {
      what.name = std::exchange(name_, {});
      path_.back()->children.push_back(std::move(what));
    }
    return true;
  }

  bool open(kind container) {
    if (depth_ == most_.depth)
      return refuse("This frame is nested deeper than " + std::to_string(most_.depth) + " levels.");
    add({.kind = container});
    if (depth_ == 0)
      path_.push_back(&root_);
    else if (keeps())
      path_.push_back(&path_.back()->children.back());
    ++depth_;
    return true;
  }

  bool close() {
    --depth_;
    if (keeps())
      path_.pop_back();
    return true;
  }

  bounds most_;
  value root_;
  /// The kept containers that are open, outermost first. Parents do not grow while a child is open,
  /// so the pointers hold.
  std::vector<value*> path_;
  std::size_t depth_ = 0;
  std::string name_;  ///< Of the member whose value comes next.
  std::string field_; ///< The outermost such name, for complaints.
  std::string why_;
};

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

} // namespace

const value* value::find(std::string_view member) const {
  const auto found = std::find_if(children.rbegin(), children.rend(),
                                  [member](const value& child) { return child.name == member; });
  return found != children.rend() ? &*found : nullptr;
}

std::variant<value, failure> read_object(std::string_view text, const bounds& most) {
  if (most.depth >= 1 && most.keep >= 1)
    if (auto plain = read_plain_object(text, most.members))
      return std::move(*plain);
  return read_any_object(text, most);
}

std::variant<value, failure> read_any_object(std::string_view text, const bounds& most) {
  // The library skips the one and takes the other for the end of the text.
  if (text.starts_with(byte_order_mark) || text.find('\0') != std::string_view::npos)
    return failure{"This is not JSON: it holds a byte order mark or a raw NUL."};
  tree_builder builder{most};
  // The result tells only whether an event was refused; the builder knows why.
  static_cast<void>(nlohmann::json::sax_parse(text.begin(), text.end(), &builder));
  return std::move(builder).result();
}

std::string_view describe(const value& what) {
  constexpr std::array<std::string_view, 7> names{
    "null",     "true or false", "an integer", "a number that is negative, broken or too large",
    "a string", "an array",      "an object"};
  return names.at(static_cast<std::size_t>(what.kind));
}

std::string printable(std::string_view word) {
  std::string shown{word.substr(0, 40)};
  for (auto& c : shown)
    if (c < ' ' || c > '~' || c == '"')
      c = '?';
  return shown;
}

// -- fields ---------------------------------------------------------------------------------------

const value* fields::need(std::string_view name, kind wanted, std::string_view expected) {
  const auto* const found = object_->find(name);
  if (found != nullptr && found->kind == wanted)
    return found;
  auto sentence = "The field \"" + std::string{name} + "\" must be " + std::string{expected};
  sentence += found != nullptr ? ", not " + std::string{describe(*found)} : ", but is missing";
  complain(sentence + ".");
  return nullptr;
}

std::string fields::text(std::string_view name) {
  const auto* const found = need(name, kind::string, "a string");
  return found != nullptr ? found->text : std::string{};
}

std::optional<std::string> fields::text_if(std::string_view name) {
  if (!has(name))
    return std::nullopt;
  return text(name);
}

std::uint64_t fields::whole(std::string_view name, std::uint64_t least, std::uint64_t most) {
  const auto expected = "an integer from " + std::to_string(least) + " to " + std::to_string(most);
  const auto* const found = need(name, kind::whole, expected);
  if (found == nullptr)
    return least;
  if (found->whole < least || found->whole > most) {
    complain("The field \"" + std::string{name} + "\" must be " + expected + ", not "
             + std::to_string(found->whole) + ".");
    return least;
  }
  return found->whole;
}

std::optional<std::uint64_t> fields::whole_if(std::string_view name, std::uint64_t least,
                                              std::uint64_t most) {
  if (!has(name))
    return std::nullopt;
  return whole(name, least, most);
}

bool fields::flag(std::string_view name) {
  if (!has(name))
    return false;
  const auto* const found = need(name, kind::boolean, "true or false");
  return found != nullptr && found->flag;
}

const std::vector<value>& fields::array(std::string_view name) {
  static const std::vector<value> none;
  const auto* const found = need(name, kind::array, "an array");
  return found != nullptr ? found->children : none;
}

const value& fields::object(std::string_view name) {
  static const value none{.kind = kind::object};
  const auto* const found = need(name, kind::object, "an object");
  return found != nullptr ? *found : none;
}

void fields::complain(std::string sentence) {
  if (complaint_.empty())
    complaint_ = std::move(sentence);
}

// -- writing --------------------------------------------------------------------------------------

namespace {

void append_escape(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += hex[static_cast<unsigned char>(c) >> 4U];
      out += hex[static_cast<unsigned char>(c) & 0xFU];
  }
}

template <class Integer>
void append_decimal(std::string& out, Integer number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

} // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0; // What lies between escapes is copied in one piece.
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\')
      continue;
    out.append(text, plain, i - plain);
    append_escape(out, text[i]);
    plain = i + 1;
  }
  out.append(text, plain);
  out += '"';
}

void append_number(std::string& out, std::int64_t number) {
  append_decimal(out, number);
}

void append_number(std::string& out, std::uint64_t number) {
  append_decimal(out, number);
}

std::string& object_writer::member(std::string_view name) {
  if (!std::exchange(first_, false))
    *out_ += ',';
  *out_ += '"';
  *out_ += name;
  *out_ += "\":";
  return *out_;
}

object_writer& object_writer::text(std::string_view name, std::string_view value) {
  append_quoted(member(name), value);
  return *this;
}

object_writer& object_writer::number(std::string_view name, std::int64_t value) {
  append_number(member(name), value);
  return *this;
}

object_writer& object_writer::number(std::string_view name, std::uint64_t value) {
  append_number(member(name), value);
  return *this;
}

object_writer& object_writer::flag(std::string_view name, bool value) {
  member(name) += value ? "true" : "false";
  return *this;
}

} // namespace callboard::wire::json
