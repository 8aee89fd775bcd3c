// A TCP proxy that closes connections on which nothing has come for a minute, on the test's own executor: its times are exact.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <array>
#include <memory>
#include <utility>

#include "timing.hpp"

using asio::ip::tcp;

namespace {

class proxied : public std::enable_shared_from_this<proxied> {
 public:
  proxied(tcp::socket client, timing::duration idle)
      : client_{std::move(client)},
        server_{client_.get_executor()},
        timer_{client_.get_executor()},
        idle_{idle} {}
  void start(const tcp::endpoint& to) {
    something_came();
    watch();
    server_.async_connect(to, [self = shared_from_this()](const asio::error_code& error) {
      if (error) return self->close();
      self->pump(self->client_, self->server_, self->up_);
      self->pump(self->server_, self->client_, self->down_);
    });
  }

 private:
  using buffer = std::array<char, 4096>;

  void something_came() { timer_.expires_after(idle_); }
  void watch() {
    timer_.async_wait([self = shared_from_this()](const asio::error_code&) {
      if (!self->client_.is_open()) return;
      if (self->timer_.expiry() <= timing::clock::now()) return self->close();
      self->watch();
    });
  }
  void pump(tcp::socket& from, tcp::socket& to, buffer& data) {
    from.async_read_some(asio::buffer(data), [self = shared_from_this(), &from, &to, &data](
                                                 const asio::error_code& error, std::size_t size) {
      if (error) return self->close();
      self->something_came();
      asio::async_write(to, asio::buffer(data, size),
                        [self, &from, &to, &data](const asio::error_code& failed, std::size_t) {
                          if (failed) return self->close();
                          self->pump(from, to, data);
                        });
    });
  }
  void close() {
    asio::error_code ignored;
    client_.close(ignored);
    server_.close(ignored);
    timer_.cancel();
  }

  tcp::socket client_, server_;
  asio::steady_timer timer_;
  timing::duration idle_;
  buffer up_{}, down_{};
};

asio::awaitable<void> run_proxy(tcp::acceptor& acceptor, tcp::endpoint to) {
  for (;;) {
    auto client = co_await acceptor.async_accept(asio::use_awaitable);
    std::make_shared<proxied>(std::move(client), 60s)->start(to);
  }
}
/// Thinks for twenty seconds about what has come.
asio::awaitable<void> run_server(tcp::acceptor& acceptor) {
  auto socket = co_await acceptor.async_accept(asio::use_awaitable);
  char data[100];
  for (;;) {
    asio::error_code error;
    const auto size =
        co_await socket.async_read_some(asio::buffer(data), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    co_await awaitest::sleep_for(20s);
    co_await asio::async_write(socket, asio::buffer(data, size), asio::use_awaitable);
  }
}

}  // namespace

TEST_ASYNC("programs: a proxy that closes what is idle", virtual_time()) {
  const auto on = co_await asio::this_coro::executor;
  tcp::acceptor front{on, {asio::ip::address_v4::loopback(), 0}};
  tcp::acceptor back{on, {asio::ip::address_v4::loopback(), 0}};
  awaitest::spawn_background(run_proxy(front, back.local_endpoint()));
  awaitest::spawn(run_server(back));
  const timing time;
  tcp::socket client{on};
  co_await client.async_connect(front.local_endpoint(), asio::use_awaitable);
  char answer[4];
  for (int i = 1; i <= 3; ++i) {
    co_await asio::async_write(client, asio::buffer("ping", 4), asio::use_awaitable);
    co_await asio::async_read(client, asio::buffer(answer), asio::use_awaitable);
    CHECK(time.passed() == i * 20s);
  }
  asio::error_code error;
  co_await client.async_read_some(asio::buffer(answer), asio::redirect_error(asio::use_awaitable, error));
  CHECK(error);
  CHECK(time.passed() == 120s);
}
