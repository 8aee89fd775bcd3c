// The client of the counter service: sends a request again until its reply comes.
#pragma once

#include "counter_wire.hpp"

#include <array>
#include <chrono>
#include <random>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/ip/udp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

namespace counter {

struct client_options {
  std::chrono::milliseconds timeout{200};  // for the reply to one datagram
  int attempts = 5;
  std::uint32_t first_id = std::random_device{}();  // so that a client on a reused port is not mistaken
};

// One operation at a time; the client outlives the operation.
class client {
 public:
  client(const asio::any_io_executor& executor, const asio::ip::udp::endpoint& server, client_options o = {})
      : options_(o), socket_(executor, server.protocol()), timer_(executor), next_id_(o.first_id) {
    socket_.connect(server);
  }

  // Both give the counter's value. Throw std::system_error: asio::error::timed_out when every attempt went
  // unanswered, asio::error::operation_aborted when cancelled.
  asio::awaitable<std::uint64_t> read(std::string name) {
    return exchange({operation::read, next_id_++, 0, checked(std::move(name))});
  }
  asio::awaitable<std::uint64_t> add(std::string name, std::uint32_t amount) {
    return exchange({operation::add, next_id_++, amount, checked(std::move(name))});
  }

 private:
  static std::string checked(std::string name) {
    if (name.empty() || name.size() > max_name) {
      throw std::invalid_argument("a counter's name has 1 to 64 bytes, not " + std::to_string(name.size()));
    }
    return name;
  }

  asio::awaitable<std::uint64_t> exchange(request r) {
    using namespace asio::experimental::awaitable_operators;
    const std::string out = encode(r);
    for (int attempt = 1; attempt <= options_.attempts; ++attempt) {
      // A connected UDP socket reports here that nobody listens; somebody may, next time.
      asio::error_code send_error;
      co_await socket_.async_send(asio::buffer(out), asio::redirect_error(asio::use_awaitable, send_error));
      timer_.expires_after(options_.timeout);
      asio::error_code wait_error;
      const auto first = co_await (reply_to(r.id) ||
                                   timer_.async_wait(asio::redirect_error(asio::use_awaitable, wait_error)));
      if (first.index() == 0) co_return std::get<0>(first);
      if (wait_error) throw std::system_error(wait_error, "counter " + r.name);
    }
    throw std::system_error(asio::error::timed_out, "counter " + r.name);
  }

  // Late replies to earlier requests and datagrams that are none pass by.
  asio::awaitable<std::uint64_t> reply_to(std::uint32_t id) {
    std::array<char, max_datagram> in;
    for (;;) {
      asio::error_code error;
      const std::size_t size =
          co_await socket_.async_receive(asio::buffer(in), asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) throw std::system_error(error);
      if (error) continue;
      const auto got = decode_reply({in.data(), size});
      if (got && got->id == id) co_return got->value;
    }
  }

  client_options options_;
  asio::ip::udp::socket socket_;
  asio::steady_timer timer_;
  std::uint32_t next_id_;
};

}  // namespace counter
