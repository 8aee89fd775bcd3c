// A thread that wakes itself again and again in real time: it holds virtual time and the verdict, unless it is said to be harmless.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <pthread.h>
#include <sys/resource.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

namespace {

/// Of no test: it is made before main.
class log_flusher {
 public:
  log_flusher() : thread_{[this] { flush(); }} {
    ::pthread_setname_np(thread_.native_handle(), "log flusher");
  }
  log_flusher(const log_flusher&) = delete;
  log_flusher& operator=(const log_flusher&) = delete;
  ~log_flusher() {
    {
      const std::lock_guard lock{guard_};
      over_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

 private:
  [[gnu::noinline]] void flush() {  // g++ names an inlined one without its class
    std::unique_lock lock{guard_};
    while (!over_) changed_.wait_for(lock, 1ms);
  }

  std::mutex guard_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
} in_the_background;

/// While it lives the process can open nothing.
class no_descriptors {
 public:
  no_descriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit none{3, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  no_descriptors(const no_descriptors&) = delete;
  no_descriptors& operator=(const no_descriptors&) = delete;
  ~no_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_ASYNC("no descriptor is left to look at threads with", virtual_time()) {
  const no_descriptors none;
  co_await awaitest::sleep_for(1h);
}
TEST_ASYNC("virtual time moves", virtual_time()) {
  co_await awaitest::sleep_for(1h);
  CHECK(true);
}
TEST_ASYNC("nobody opens the gate") {
  awaitest::gate gate;
  co_await gate.wait();
}
