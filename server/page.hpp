// The files of web/, compiled into the server.
#pragma once

#include <string_view>

namespace callboard::web {

extern const std::string_view index_html;
extern const std::string_view page_css;

} // namespace callboard::web
