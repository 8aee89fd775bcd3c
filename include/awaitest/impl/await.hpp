// The definitions to author/async/await.hpp.
#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <utility>

#include "../author/async/await.hpp"
#include "../task/wait_list.hpp"

namespace awaitest::detail {

awaited_future::~awaited_future() = default;

struct future_is_ready {
  std::shared_ptr<std::atomic<bool>> ready;
  bool operator()(const wait_list&) const noexcept { return ready->load(); }
};

/// The thread that waits is nobody's: it may have to wait for longer than the test lives, and then touches nothing of it.
asio::awaitable<void> wait_for_future(std::shared_ptr<awaited_future> future, location where) {
  const auto list = std::make_shared<wait_list>("await(std::future)", where);
  const future_is_ready ready{std::make_shared<std::atomic<bool>>(false)};
  std::thread([awaited = std::move(future), list, ready]() mutable {
    awaited->wait();
    awaited.reset();
    {
      const std::lock_guard lock{list->guard};
      ready.ready->store(true);
    }
    list->release_all();
  }).detach();
  co_await detail::wait_in(list, where, 0, ready);
}

}  // namespace awaitest::detail
