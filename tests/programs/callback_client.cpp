// A client of callbacks with a deadline for each line and a heartbeat, as in Asio's examples of timeouts, on the test's own executor: its
// times are exact.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <string>
#include <utility>

#include "timing.hpp"

using asio::ip::tcp;

namespace {

class callback_client {
 public:
  explicit callback_client(const asio::any_io_executor& on) : socket_{on}, deadline_{on}, heartbeat_{on} {}

  void start(const tcp::endpoint& to) {
    deadline_.expires_after(60s);
    socket_.async_connect(to, [this](const asio::error_code& error) {
      if (stopped_) return;
      if (error) return stop();
      read();
      beat();
    });
    check();
  }
  bool is_stopped() const { return stopped_; }
  int lines() const { return lines_; }
  int beats() const { return beats_; }
  timing::duration lived() const { return lived_; }

 private:
  void stop() {
    stopped_ = true;
    lived_ = time_.passed();
    asio::error_code ignored;
    socket_.close(ignored);
    deadline_.cancel();
    heartbeat_.cancel();
  }
  void read() {
    deadline_.expires_after(30s);
    asio::async_read_until(socket_, asio::dynamic_buffer(received_), '\n',
                           [this](const asio::error_code& error, std::size_t size) {
                             if (stopped_) return;
                             if (error) return stop();
                             ++lines_;
                             received_.erase(0, size);
                             read();
                           });
  }
  void beat() {
    if (stopped_) return;
    asio::async_write(socket_, asio::buffer("\n", 1), [this](const asio::error_code& error, std::size_t) {
      if (stopped_) return;
      if (error) return stop();
      ++beats_;
      heartbeat_.expires_after(10s);
      heartbeat_.async_wait([this](const asio::error_code&) { beat(); });
    });
  }
  void check() {
    if (stopped_) return;
    if (deadline_.expiry() <= timing::clock::now()) return stop();
    deadline_.async_wait([this](const asio::error_code&) { check(); });
  }

  tcp::socket socket_;
  asio::steady_timer deadline_, heartbeat_;
  std::string received_;
  bool stopped_ = false;
  int lines_ = 0;
  int beats_ = 0;
  timing time_;
  timing::duration lived_{};
};

/// Sends a line every seven seconds, three in all, and falls silent.
asio::awaitable<void> falls_silent(tcp::acceptor& acceptor) {
  auto socket = co_await acceptor.async_accept(asio::use_awaitable);
  for (int i = 0; i < 3; ++i) {
    co_await awaitest::sleep_for(7s);
    co_await asio::async_write(socket, asio::buffer("line\n", 5), asio::use_awaitable);
  }
  char received[100];
  for (asio::error_code error; !error;)
    co_await socket.async_read_some(asio::buffer(received), asio::redirect_error(asio::use_awaitable, error));
}

}  // namespace

TEST_ASYNC("programs: a client with a deadline and a heartbeat", virtual_time()) {
  const auto on = co_await asio::this_coro::executor;
  tcp::acceptor acceptor{on, {asio::ip::address_v4::loopback(), 0}};
  auto server = awaitest::spawn(falls_silent(acceptor));
  callback_client client{on};
  client.start(acceptor.local_endpoint());
  co_await server.join();  // its client has gone
  CHECK(client.is_stopped());
  CHECK(client.lines() == 3);
  CHECK(client.lived() == 51s);  // 21 s and the deadline of 30 s
  CHECK(client.beats() == 6);
}
