// A key-value store over TCP: a line is a request, a line is a reply.
//
//   PING               PONG
//   SET key value      OK                    the value is the rest of the line
//   GET key            VALUE value, or NONE
//   DEL key            OK, or NONE
//   ADD key n          VALUE sum             a missing key counts as 0
//   WATCH key          OK, and from then on EVENT key value (GONE key) for each change, whoever makes it
//   QUIT               BYE, then the server closes the connection
//
// A request that cannot be served gets "ERR why" and the connection stays open, except for a line that is
// too long, a client that is idle for too long and one that finds the server full: those are closed.
// A line ends with "\n" or "\r\n". What a client leaves unfinished when it goes away is not carried out.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

namespace kv {

struct options {
  std::size_t max_line = 1024;  // bytes, line end included
  std::size_t max_clients = 100;
  std::chrono::milliseconds idle = std::chrono::minutes{5};    // clients that watch a key are never idle
  std::chrono::milliseconds linger = std::chrono::seconds{1};  // how long a client may take to close its end
};

// A handle: copies are the same server, and a running one keeps itself alive. Everything happens on the
// executor given; where several threads run that, pass a strand.
class server {
 public:
  // Binds and listens at once, so that local_endpoint() names the port also where port 0 was asked for.
  server(const asio::any_io_executor& executor, const asio::ip::tcp::endpoint& where, options o = {});

  // Serves until stop() is called or the awaiting coroutine is cancelled, which is the same; returns when the
  // last client is gone. Throws std::system_error when the port can no longer be listened on.
  asio::awaitable<void> run();

  // Takes no more clients and no more requests; what has been answered is sent, then BYE.
  void stop();

  asio::ip::tcp::endpoint local_endpoint() const;
  std::size_t clients() const;

 private:
  struct state;
  class session;

  static asio::awaitable<void> run(std::shared_ptr<state> self);
  static asio::awaitable<void> serve(std::shared_ptr<state> self, asio::ip::tcp::socket socket);

  std::shared_ptr<state> state_;
};

// The whole life of the server process: serves until SIGINT or SIGTERM, then stops gracefully.
asio::awaitable<void> serve_until_signal(server s);

}  // namespace kv
