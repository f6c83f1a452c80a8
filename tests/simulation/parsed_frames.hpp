// A frame that goes to many sockets is parsed once for all who check it: equal texts mean the same.
#pragma once

#include "wire/codec.hpp"

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

namespace callboard::simulation {

class parsed_frames {
public:
  using parsed = std::variant<wire::answer, std::monostate>;

  /// What wire::parse_answer() says of it; good until the next call.
  const parsed& operator()(std::string_view text) {
    auto& slot = slots_.at(std::hash<std::string_view>{}(text) % slots_.size());
    if (slot.text != text) {
      slot.what = wire::parse_answer(text);
      slot.text = text;
    }
    return slot.what;
  }

private:
  struct slot {
    std::string text; ///< Of an unused one: empty, which is no frame.
    parsed what = std::monostate{};
  };
  std::array<slot, 64> slots_;
};

} // namespace callboard::simulation
