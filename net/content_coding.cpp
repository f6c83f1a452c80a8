// Weights are compared in thousandths: they have at most three digits.
#include "net/content_coding.hpp"

#include "net/list_field.hpp"

#include <algorithm>
#include <cctype>

namespace callboard {

namespace {

constexpr int full_weight = 1000;

bool same_word(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a))
           == std::tolower(static_cast<unsigned char>(b));
  });
}

/// "0.25" is 250.
int weight_of(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1') || text.size() > 5)
    return full_weight;
  int weight = text[0] == '1' ? full_weight : 0;
  if (text.size() > 1 && text[1] != '.')
    return full_weight;
  int unit = full_weight / 10;
  for (const auto digit : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (digit < '0' || digit > '9')
      return full_weight;
    weight += (digit - '0') * unit;
    unit /= 10;
  }
  return std::min(weight, full_weight);
}

struct wish {
  std::string_view coding;
  int weight = full_weight;
};

wish wish_of(std::string_view item) {
  const auto semicolon = std::min(item.find(';'), item.size());
  wish result{trimmed(item.substr(0, semicolon))};
  const auto parameter = trimmed(item.substr(std::min(semicolon + 1, item.size())));
  if (parameter.starts_with("q=") || parameter.starts_with("Q="))
    result.weight = weight_of(trimmed(parameter.substr(2, parameter.find(';') - 2)));
  return result;
}

bool names(std::string_view asked, content_coding coding) {
  if (coding == content_coding::identity)
    return same_word(asked, "identity");
  return same_word(asked, name_of(coding))
         || (coding == content_coding::gzip && same_word(asked, "x-gzip")); // RFC 9110, 8.4.1.3
}

/// 0: refused.
int weight_in(std::string_view accept, content_coding coding) {
  std::optional<int> any;
  while (!accept.empty()) {
    const auto one = wish_of(next_item(accept));
    if (names(one.coding, coding))
      return one.weight;
    if (one.coding == "*")
      any = one.weight;
  }
  if (any)
    return *any;
  // Identity needs no mention, but whoever asks for something prefers what he asks for.
  return coding == content_coding::identity ? 1 : 0;
}

} // namespace

std::string_view name_of(content_coding coding) {
  switch (coding) {
    case content_coding::brotli:
      return "br";
    case content_coding::gzip:
      return "gzip";
    case content_coding::identity:
      break;
  }
  return {};
}

std::optional<content_coding> choose_coding(std::optional<std::string_view> accept,
                                            std::span<const content_coding> offered) {
  std::optional<content_coding> best;
  int most = 0;
  for (const auto coding : offered) {
    // Without the field anything goes; a client that does not say decodes nothing.
    const auto identity = coding == content_coding::identity;
    const auto weight = accept ? weight_in(*accept, coding) : (identity ? full_weight : 0);
    if (weight > most) {
      most = weight;
      best = coding;
    }
  }
  return best;
}

} // namespace callboard
