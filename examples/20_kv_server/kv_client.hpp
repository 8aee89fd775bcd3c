// The client of the key-value server. Every operation throws kv::request_error when the server answers ERR
// and std::system_error when the connection fails (asio::error::eof when the server closes it).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

namespace kv {

class request_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct event {
  std::string key;
  std::optional<std::string> value;  // none: the key is gone

  friend bool operator==(const event&, const event&) = default;
};

// One operation at a time; the client outlives the operation.
class client {
 public:
  static asio::awaitable<client> connect(asio::ip::tcp::endpoint where);

  asio::awaitable<void> ping();
  asio::awaitable<void> set(std::string key, std::string value);
  asio::awaitable<std::optional<std::string>> get(std::string key);
  asio::awaitable<bool> remove(std::string key);  // whether there was one
  asio::awaitable<std::int64_t> add(std::string key, std::int64_t amount);
  asio::awaitable<void> watch(std::string key);
  asio::awaitable<void> quit();

  // The next change of a watched key. May be cancelled and awaited again without losing one.
  asio::awaitable<event> next_event();

 private:
  explicit client(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  asio::awaitable<std::string> request(std::string line);
  asio::awaitable<std::string> read_line();

  asio::ip::tcp::socket socket_;
  std::string buffer_;
  std::deque<event> events_;  // came while a reply was awaited
};

}  // namespace kv
