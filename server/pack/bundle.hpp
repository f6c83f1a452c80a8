// The modules of the page as one script: what a browser would run one after another, in the order
// in which it would. Only modules that keep the contract below are joined; others are refused.
#pragma once

#include "server/pack/complaint.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace callboard::pack {

/// The text of a file of web/ by its plain name, or nothing if there is none.
using read_file = std::function<std::optional<std::string>(const std::string& name)>;

/// All modules that `entry` reaches, comments taken away. The contract:
/// - imports are `import { a, b } from "./x.js";` or `import "./x.js";`, each on a line of its own;
/// - `export` stands directly before a function, an async function, a class or a const outside of
///   all brackets; there is no default export;
/// - no two modules have a function, class or variable of the same name outside of all brackets.
/// Adds what breaks it to `found`; the script is worth nothing then.
[[nodiscard]] std::string bundle(const std::string& entry, const read_file& read,
                                 complaints& found);

} // namespace callboard::pack
