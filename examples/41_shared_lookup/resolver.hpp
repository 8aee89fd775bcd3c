// A cache of addresses. Looking one up takes a while, and is to happen once, however many ask.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <asio/awaitable.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace net {

/// `shares`: who asks while somebody else is looking the same name up waits for that.
template <bool shares>
class resolver {
 public:
  using lookup = std::function<asio::awaitable<std::string>(std::string name)>;
  explicit resolver(lookup how) : look_up_{std::move(how)} {}

  asio::awaitable<std::string> address(std::string name) {
    if (const auto found = known_.find(name); found != known_.end()) co_return found->second;
    if constexpr (shares) {
      if (const auto other = pending_.find(name); other != pending_.end()) {
        const auto done = other->second;
        asio::error_code ignored;
        co_await done->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        co_return known_.at(name);
      }
      pending_[name] = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor,
                                                            asio::steady_timer::time_point::max());
    }
    known_[name] = co_await look_up_(name);
    if constexpr (shares) {
      pending_.at(name)->cancel();
      pending_.erase(name);
    }
    co_return known_.at(name);
  }

 private:
  lookup look_up_;
  std::map<std::string, std::string> known_;
  std::map<std::string, std::shared_ptr<asio::steady_timer>> pending_;
};

}  // namespace net
