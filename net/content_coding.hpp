// Which form of a file a client gets, by its Accept-Encoding (RFC 9110 section 12.5.3).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace callboard {

enum class content_coding : std::uint8_t { brotli, gzip, identity };

/// As in Content-Encoding; empty for identity.
[[nodiscard]] std::string_view name_of(content_coding coding);

/// Of what is offered, best first, the one with the highest weight; of equal ones the first.
/// `accept`: all lines of the field joined by commas, nothing if the field is missing. Nothing if
/// the client takes none. A weight that cannot be read counts as 1.
[[nodiscard]] std::optional<content_coding> choose_coding(std::optional<std::string_view> accept,
                                                          std::span<const content_coding> offered);

} // namespace callboard
