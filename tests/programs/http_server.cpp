// An HTTP server on threads of its own, with a limit for connections that are kept alive: its times are exact to the millisecond.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "timing.hpp"

using asio::ip::tcp;

namespace {

class http_connection : public std::enable_shared_from_this<http_connection> {
 public:
  explicit http_connection(tcp::socket socket)
      : socket_{std::move(socket)}, strand_{asio::make_strand(socket_.get_executor())}, timer_{strand_} {}

  void read() {
    timer_.expires_after(75s);
    timer_.async_wait([self = shared_from_this()](const asio::error_code& cancelled) {
      if (!cancelled) self->close();
    });
    asio::async_read_until(socket_, asio::dynamic_buffer(request_), "\r\n\r\n",
                           asio::bind_executor(strand_, [self = shared_from_this()](
                                                            const asio::error_code& error, std::size_t size) {
                             if (error) return static_cast<void>(self->timer_.cancel());
                             self->answer(size);
                           }));
  }

 private:
  /// "/slow" takes three seconds.
  void answer(std::size_t size) {
    const bool slow = request_.starts_with("GET /slow ");
    request_.erase(0, size);
    timer_.expires_after(slow ? 3s : 0s);
    timer_.async_wait([self = shared_from_this()](const asio::error_code& cancelled) {
      if (cancelled) return;
      asio::async_write(
          self->socket_, asio::buffer(self->response_),
          asio::bind_executor(self->strand_, [self](const asio::error_code& error, std::size_t) {
            if (!error) self->read();
          }));
    });
  }
  void close() {
    asio::error_code ignored;
    socket_.close(ignored);
  }

  tcp::socket socket_;
  asio::strand<asio::any_io_executor> strand_;
  asio::steady_timer timer_;
  std::string request_;
  const std::string response_ = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
};

class http_server {
 public:
  http_server() {
    accept();
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io_.run(); });
  }
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;
  ~http_server() {
    io_.stop();
    for (auto& one : threads_) one.join();
  }
  tcp::endpoint where() const { return acceptor_.local_endpoint(); }

 private:
  void accept() {
    acceptor_.async_accept([this](const asio::error_code& error, tcp::socket socket) {
      if (error) return;
      std::make_shared<http_connection>(std::move(socket))->read();
      accept();
    });
  }

  asio::io_context io_;
  tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  std::vector<std::thread> threads_;
};

asio::awaitable<std::string> get(tcp::socket& socket, std::string path) {
  const auto request = "GET " + path + " HTTP/1.1\r\n\r\n";
  co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
  std::string response;
  co_await asio::async_read_until(socket, asio::dynamic_buffer(response), "\r\n\r\nok", asio::use_awaitable);
  co_return response.substr(0, response.find('\r'));
}

}  // namespace

TEST_ASYNC("programs: an HTTP server on threads of its own", virtual_time()) {
  const http_server server;
  const auto on = co_await asio::this_coro::executor;
  const timing time;
  {
    tcp::socket socket{on};
    co_await socket.async_connect(server.where(), asio::use_awaitable);
    CHECK(co_await get(socket, "/") == "HTTP/1.1 200 OK");
    CHECK(time.is_about(0s));
    CHECK(co_await get(socket, "/slow") == "HTTP/1.1 200 OK");
    CHECK(time.is_about(3s));
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1s, get(socket, "/slow")), awaitest::timed_out);
    CHECK(time.is_about(4s));
  }
  tcp::socket idle{on};
  co_await idle.async_connect(server.where(), asio::use_awaitable);
  asio::error_code error;
  char nothing = 0;
  co_await idle.async_read_some(asio::buffer(&nothing, 1), asio::redirect_error(asio::use_awaitable, error));
  CHECK(error);
  CHECK(time.is_about(79s));
}
