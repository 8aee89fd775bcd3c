// Named counters over UDP. Datagrams get lost, so clients send a request again; the server remembers what it
// has answered and answers a repeated request the same without counting twice.
#pragma once

#include "counter_wire.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <utility>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/ip/udp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

namespace counter {

struct statistics {
  std::size_t served = 0;
  std::size_t repeated = 0;   // answered from memory
  std::size_t malformed = 0;  // dropped without an answer
};

// A handle: copies are the same server, and a running one keeps itself alive.
class server {
 public:
  server(const asio::any_io_executor& executor, const asio::ip::udp::endpoint& where)
      : state_(std::make_shared<state>(executor, where)) {}

  asio::ip::udp::endpoint local_endpoint() const { return state_->socket.local_endpoint(); }
  const statistics& stats() const { return state_->stats; }

  // Serves until stop() is called or the awaiting coroutine is cancelled, which is the same.
  asio::awaitable<void> run() { return run(state_); }

  void stop() {
    asio::error_code ignored;
    state_->socket.close(ignored);
  }

 private:
  using request_key = std::pair<asio::ip::udp::endpoint, std::uint32_t>;

  struct state {
    state(const asio::any_io_executor& executor, const asio::ip::udp::endpoint& where)
        : socket(executor, where) {}

    reply answer(const asio::ip::udp::endpoint& from, const request& r) {
      const request_key key{from, r.id};
      if (const auto known = answers.find(key); known != answers.end()) {
        ++stats.repeated;
        return known->second;
      }
      ++stats.served;
      auto& value = values[r.name];
      if (r.op == operation::add) value += r.amount;
      remember(key, {r.id, value});
      return {r.id, value};
    }

    void remember(const request_key& key, const reply& given) {
      answers.emplace(key, given);
      oldest_first.push_back(key);
      if (oldest_first.size() <= max_remembered) return;
      answers.erase(oldest_first.front());
      oldest_first.pop_front();
    }

    static constexpr std::size_t max_remembered = 1024;

    asio::ip::udp::socket socket;
    statistics stats;
    std::map<std::string, std::uint64_t> values;
    std::map<request_key, reply> answers;
    std::deque<request_key> oldest_first;  // the keys of answers
  };

  static asio::awaitable<void> run(std::shared_ptr<state> self) {
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    std::array<char, max_datagram> in;
    while (self->socket.is_open() && cancellation.cancelled() == asio::cancellation_type::none) {
      asio::error_code error;
      asio::ip::udp::endpoint from;
      const std::size_t size = co_await self->socket.async_receive_from(
          asio::buffer(in), from, asio::redirect_error(asio::use_awaitable, error));
      if (error) continue;
      const auto asked = decode_request({in.data(), size});
      if (!asked) {
        ++self->stats.malformed;
        continue;
      }
      const std::string out = encode(self->answer(from, *asked));
      // A reply that cannot be sent is a reply lost: the client asks again.
      co_await self->socket.async_send_to(asio::buffer(out), from,
                                          asio::redirect_error(asio::use_awaitable, error));
    }
  }

  std::shared_ptr<state> state_;
};

}  // namespace counter
