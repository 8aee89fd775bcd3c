// An RPC client with its io_context on one thread and a heartbeat on another, its server on the test's executor: the times are exact
// to the millisecond.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "timing.hpp"

using asio::ip::tcp;

namespace {

class rpc_client {
 public:
  explicit rpc_client(const tcp::endpoint& to) {
    socket_.connect(to);
    read();
    network_ = std::thread([this] { io_.run(); });
    heart_ = std::thread([this] { beat(); });
  }
  rpc_client(const rpc_client&) = delete;
  rpc_client& operator=(const rpc_client&) = delete;
  ~rpc_client() {
    {
      const std::lock_guard lock{guard_};
      over_ = true;
    }
    changed_.notify_all();
    heart_.join();
    asio::post(io_, [this] {
      asio::error_code ignored;
      socket_.close(ignored);
    });
    network_.join();
  }

  template <class Token>
  auto call(std::string what, timing::duration limit, Token&& token) {
    return asio::async_initiate<Token, void(asio::error_code, std::string)>(
        [this](auto handler, std::string line, timing::duration within) {
          const auto shared = std::make_shared<decltype(handler)>(std::move(handler));
          const auto work = asio::make_work_guard(*shared);
          begin({[shared, work](asio::error_code error, std::string answer) {
                   asio::post(work.get_executor(), [shared, error, text = std::move(answer)]() mutable {
                     std::move (*shared)(error, std::move(text));
                   });
                 },
                 std::make_shared<asio::steady_timer>(io_)},
                std::move(line), within);
        },
        token, std::move(what), limit);
  }

 private:
  struct pending_call {
    std::function<void(asio::error_code, std::string)> done;
    std::shared_ptr<asio::steady_timer> limit;
  };

  void begin(pending_call made, std::string line, timing::duration within) {
    asio::post(io_, [this, one = std::move(made), text = std::move(line), within] {
      one.limit->expires_after(within);
      one.limit->async_wait([this, which = one.limit](const asio::error_code& cancelled) {
        if (!cancelled) expire(which);
      });
      calls_.push_back(one);
      write(text);
    });
  }
  void expire(const std::shared_ptr<asio::steady_timer>& which) {
    for (auto one = calls_.begin(); one != calls_.end(); ++one) {
      if (one->limit != which) continue;
      const auto done = std::move(one->done);
      calls_.erase(one);
      return done(asio::error::timed_out, {});
    }
  }
  void beat() {
    std::unique_lock lock{guard_};
    while (!changed_.wait_for(lock, 5s, [this] { return over_; })) asio::post(io_, [this] { write("ping"); });
  }
  void write(const std::string& line) {
    const auto data = std::make_shared<std::string>(line + "\n");
    asio::async_write(socket_, asio::buffer(*data), [data](const asio::error_code&, std::size_t) {});
  }
  void read() {
    asio::async_read_until(socket_, asio::dynamic_buffer(received_), '\n',
                           [this](const asio::error_code& error, std::size_t size) {
                             if (error) return;
                             const auto line = received_.substr(0, size - 1);
                             received_.erase(0, size);
                             if (line != "pong" && !calls_.empty()) {
                               const auto first = std::move(calls_.front());
                               calls_.pop_front();
                               first.limit->cancel();
                               first.done({}, line);
                             }
                             read();
                           });
  }

  asio::io_context io_;
  tcp::socket socket_{io_};
  std::string received_;
  std::deque<pending_call> calls_;
  std::mutex guard_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread network_, heart_;
};

/// Answers by what it was asked; "later" after twelve seconds, "never" not at all.
asio::awaitable<void> serve(tcp::acceptor& acceptor, int& pings) {
  auto socket = co_await acceptor.async_accept(asio::use_awaitable);
  for (std::string received;;) {
    asio::error_code error;
    const auto size = co_await asio::async_read_until(socket, asio::dynamic_buffer(received), '\n',
                                                      asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    auto line = received.substr(0, size);
    received.erase(0, size);
    if (line == "never\n") continue;
    if (line == "later\n") co_await awaitest::sleep_for(12s);
    if (line == "ping\n") {
      ++pings;
      line = "pong\n";
    }
    co_await asio::async_write(socket, asio::buffer(line), asio::use_awaitable);
  }
}

}  // namespace

TEST_ASYNC("programs: an RPC client with a heartbeat", virtual_time()) {
  tcp::acceptor acceptor{co_await asio::this_coro::executor, {asio::ip::address_v4::loopback(), 0}};
  int pings = 0;
  awaitest::spawn(serve(acceptor, pings));
  const timing time;
  {
    rpc_client client{acceptor.local_endpoint()};
    CHECK(co_await client.call("now", 1s, asio::use_awaitable) == "now");
    CHECK(time.is_about(0s));
    CHECK(co_await client.call("later", 30s, asio::use_awaitable) == "later");
    CHECK(time.is_about(12s));
    asio::error_code error;
    co_await client.call("never", 10s, asio::redirect_error(asio::use_awaitable, error));
    CHECK(error == asio::error::timed_out);
    CHECK(time.is_about(22s));
  }
  co_await awaitest::settle();
  CHECK(pings == 4);
}
