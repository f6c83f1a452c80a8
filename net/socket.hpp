// The few Asio names that all of net/ shares. The executor is a concrete type, not
// any_io_executor: one indirect call less per operation, and shorter compile times.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace callboard {

namespace asio = boost::asio;
using error_code = boost::system::error_code;
using io_executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, io_executor>;
using io_clock = std::chrono::steady_clock;

} // namespace callboard
