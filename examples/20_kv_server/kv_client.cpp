#include "kv_client.hpp"

#include <string_view>
#include <system_error>
#include <utility>

#include <asio.hpp>

namespace kv {

using asio::use_awaitable;
using asio::ip::tcp;

namespace {

std::optional<event> to_event(std::string_view line) {
  if (line.starts_with("GONE ")) return event{std::string(line.substr(5)), std::nullopt};
  if (!line.starts_with("EVENT ")) return std::nullopt;
  line.remove_prefix(6);
  const auto space = line.find(' ');
  if (space == line.npos) throw request_error("event without a value: " + std::string(line));
  return event{std::string(line.substr(0, space)), std::string(line.substr(space + 1))};
}

std::string value_of(const std::string& reply) {
  if (!reply.starts_with("VALUE ")) throw request_error("unexpected reply: " + reply);
  return reply.substr(6);
}

// What would make two requests of one must not reach the wire.
std::string key_part(std::string key) {
  if (key.empty() || key.find_first_of(" \r\n") != key.npos) {
    throw std::invalid_argument("a key is one word, not \"" + key + '"');
  }
  return key;
}

std::string value_part(std::string value) {
  if (value.empty() || value.find_first_of("\r\n") != value.npos) {
    throw std::invalid_argument("a value is one line that is not empty");
  }
  return value;
}

}  // namespace

asio::awaitable<client> client::connect(tcp::endpoint where) {
  tcp::socket socket{co_await asio::this_coro::executor};
  co_await socket.async_connect(where, use_awaitable);
  socket.set_option(tcp::no_delay{true});
  co_return client{std::move(socket)};
}

asio::awaitable<void> client::ping() { co_await request("PING"); }

asio::awaitable<void> client::set(std::string key, std::string value) {
  co_await request("SET " + key_part(std::move(key)) + " " + value_part(std::move(value)));
}

asio::awaitable<std::optional<std::string>> client::get(std::string key) {
  const std::string reply = co_await request("GET " + key_part(std::move(key)));
  if (reply == "NONE") co_return std::nullopt;
  co_return value_of(reply);
}

asio::awaitable<bool> client::remove(std::string key) {
  const std::string reply = co_await request("DEL " + key_part(std::move(key)));
  co_return reply == "OK";
}

asio::awaitable<std::int64_t> client::add(std::string key, std::int64_t amount) {
  const std::string reply =
      co_await request("ADD " + key_part(std::move(key)) + " " + std::to_string(amount));
  co_return std::stoll(value_of(reply));
}

asio::awaitable<void> client::watch(std::string key) {
  co_await request("WATCH " + key_part(std::move(key)));
}

asio::awaitable<void> client::quit() {
  const std::string line = "QUIT\n";
  co_await asio::async_write(socket_, asio::buffer(line), use_awaitable);
  asio::error_code end;
  co_await asio::async_read(socket_, asio::dynamic_buffer(buffer_), asio::redirect_error(use_awaitable, end));
  socket_.close();
}

asio::awaitable<event> client::next_event() {
  while (events_.empty()) {
    const std::string line = co_await read_line();
    auto found = to_event(line);
    if (!found) throw request_error("unexpected line: " + line);
    events_.push_back(*std::move(found));
  }
  event first = std::move(events_.front());
  events_.pop_front();
  co_return first;
}

asio::awaitable<std::string> client::request(std::string line) {
  line.push_back('\n');
  co_await asio::async_write(socket_, asio::buffer(line), use_awaitable);
  for (;;) {
    std::string reply = co_await read_line();
    if (auto happened = to_event(reply)) {
      events_.push_back(*std::move(happened));
      continue;
    }
    if (reply.starts_with("ERR ")) throw request_error(reply.substr(4));
    co_return reply;
  }
}

asio::awaitable<std::string> client::read_line() {
  const std::size_t size =
      co_await asio::async_read_until(socket_, asio::dynamic_buffer(buffer_), '\n', use_awaitable);
  std::string line = buffer_.substr(0, size - 1);
  buffer_.erase(0, size);
  if (line == "BYE") throw std::system_error(asio::error::eof, "the server says goodbye");
  co_return line;
}

}  // namespace kv
