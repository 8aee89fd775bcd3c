// A procedure that goes on when a run of a test has ended: written as a coroutine, resumed by whoever runs the test.
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

namespace awaitest::detail {

/// Begins when it is resumed or awaited. Awaited, it goes on with the one that awaits it when it ends. An exception leaves whoever resumes it.
class script {
 public:
  struct promise_type {
    std::coroutine_handle<> after = std::noop_coroutine();

    script get_return_object() noexcept {
      return script{std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    auto final_suspend() const noexcept {
      struct to_the_next {
        bool await_ready() const noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) const noexcept {
          return self.promise().after;
        }
        void await_resume() const noexcept {}
      };
      return to_the_next{};
    }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const { throw; }
  };

  explicit script(std::coroutine_handle<promise_type> self) noexcept : self_{self} {}
  script(script&& other) noexcept : self_{std::exchange(other.self_, nullptr)} {}
  script& operator=(script&&) = delete;
  ~script() {
    if (self_) self_.destroy();
  }

  std::coroutine_handle<> handle() const noexcept { return self_; }
  bool done() const noexcept { return self_.done(); }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> by) const noexcept {
    self_.promise().after = by;
    return self_;
  }
  void await_resume() const noexcept {}

 private:
  std::coroutine_handle<promise_type> self_;
};

}  // namespace awaitest::detail
