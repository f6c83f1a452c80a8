// A parsed HTTP request, for the two files that are built with Beast.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace callboard {

/// A type of its own, so that headers can name it without Beast.
struct http_request {
  boost::beast::http::request<boost::beast::http::string_body> message;
};

} // namespace callboard
