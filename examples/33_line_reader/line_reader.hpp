// Reads a protocol of lines from any stream: "KEY value" until an empty line.
#pragma once

#include <map>
#include <stdexcept>
#include <string>

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/read_until.hpp>
#include <asio/use_awaitable.hpp>

namespace lines {

template <class AsyncReadStream>
asio::awaitable<std::map<std::string, std::string>> read_headers(AsyncReadStream& stream) {
  std::map<std::string, std::string> headers;
  std::string data;
  for (;;) {
    auto buffer = asio::dynamic_buffer(data);
    const auto length = co_await asio::async_read_until(stream, buffer, '\n', asio::use_awaitable);
    const auto line = data.substr(0, length - 1);
    data.erase(0, length);
    if (line.empty()) co_return headers;
    const auto space = line.find(' ');
    if (space == std::string::npos) throw std::invalid_argument("no value in '" + line + "'");
    headers[line.substr(0, space)] = line.substr(space + 1);
  }
}

}  // namespace lines
