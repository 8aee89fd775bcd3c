// A cache in front of a slow store. Whoever asks for a key that somebody is loading already waits for that one load.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <asio/awaitable.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace cached {

struct store {
  virtual ~store() = default;
  virtual asio::awaitable<std::string> load(const std::string& key) = 0;
};

class cache {
 public:
  explicit cache(store& behind) : behind_(behind) {}

  // The error of a load goes to everybody who waited for it, and nothing is remembered.
  asio::awaitable<std::string> get(std::string key) {
    if (const auto found = values_.find(key); found != values_.end()) co_return found->second;
    if (const auto found = loads_.find(key); found != loads_.end()) {
      const auto load = found->second;
      std::error_code ignored;
      co_await load->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      if (load->error) std::rethrow_exception(load->error);
      co_return load->value;
    }
    const auto executor = co_await asio::this_coro::executor;
    const auto load = std::make_shared<load_in_progress>(executor);
    loads_.emplace(key, load);
    try {
      load->value = co_await behind_.load(key);
      values_.emplace(key, load->value);
    } catch (...) {
      load->error = std::current_exception();
    }
    loads_.erase(key);
    load->done.cancel();  // wakes those who wait
    if (load->error) std::rethrow_exception(load->error);
    co_return load->value;
  }

 private:
  struct load_in_progress {
    explicit load_in_progress(const asio::any_io_executor& on)
        : done(on, asio::steady_timer::time_point::max()) {}
    asio::steady_timer done;
    std::string value;
    std::exception_ptr error;
  };

  store& behind_;
  std::map<std::string, std::string> values_;
  std::map<std::string, std::shared_ptr<load_in_progress>> loads_;
};

}  // namespace cached
