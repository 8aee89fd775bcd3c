// Jobs for several workers: plain Asio, as one might write it.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/experimental/channel.hpp>
#include <asio/use_awaitable.hpp>

#include <system_error>

namespace jobs {

class job_queue {
 public:
  explicit job_queue(const asio::any_io_executor& executor) : jobs_{executor, 4} {}

  asio::awaitable<void> submit(int job) { co_await jobs_.async_send({}, job, asio::use_awaitable_t<>()); }
  void close() { jobs_.close(); }
  int done() const { return done_; }

  // Until the queue is closed.
  asio::awaitable<void> work() {
    try {
      for (;;) done_ += co_await jobs_.async_receive(asio::use_awaitable_t<>());
    } catch (const std::system_error&) {
    }
  }

 private:
  asio::experimental::channel<void(std::error_code, int)> jobs_;
  int done_ = 0;
};

}  // namespace jobs
