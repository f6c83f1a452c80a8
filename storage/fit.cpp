// What a database's text columns can hold: see the header.
#include "storage/fit.hpp"

#include "domain/validate.hpp"

namespace callboard {

bool is_storable(std::string_view text) {
  return text.find('\0') == std::string_view::npos && is_utf8(text);
}

bool is_storable(const draft& what) {
  return is_storable(what.room) && is_storable(what.from.id) && is_storable(what.from.name)
         && is_storable(what.client_id) && is_storable(what.text);
}

} // namespace callboard
