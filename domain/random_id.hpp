// Names that nobody else has: 128 bits from the kernel, so that nobody needs to ask whether a name
// is free, and two copies of a database never agree.
#pragma once

#include <string>

namespace callboard {

/// 32 hexadecimal digits. Throws std::runtime_error when the kernel gives no random bytes.
/// Thread-safe.
[[nodiscard]] std::string random_id();

} // namespace callboard
