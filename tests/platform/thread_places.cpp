// Where other threads are: asked by a signal, which must not disturb what they do.
#include <awaitest/platform/thread_places.hpp>

#include <awaitest/awaitest.hpp>

#ifdef AWAITEST_HAS_NATIVE_TRACE
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using awaitest::detail::place_of_thread;
using namespace awaitest::match;

namespace service {

class flusher {
 public:
  flusher() : thread_{[this] { flush(); }} {}
  flusher(const flusher&) = delete;
  flusher& operator=(const flusher&) = delete;
  ~flusher() {
    {
      const std::lock_guard lock{guard_};
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  long id() {
    std::unique_lock lock{guard_};
    changed_.wait(lock, [&] { return id_ != 0; });
    return id_;
  }

 private:
  [[gnu::noinline]] void flush() {
    std::unique_lock lock{guard_};
    id_ = awaitest::detail::this_thread_id();
    changed_.notify_all();
    while (!over_) changed_.wait_for(lock, std::chrono::hours{1});
  }

  std::mutex guard_;
  std::condition_variable changed_;
  long id_ = 0;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace service

TEST_SUITE("platform: places of threads") {
  TEST("the function that waits") {
    service::flusher one;
    CHECK_THAT(place_of_thread(one.id()), starts_with("in service::flusher::flush"));
  }
  TEST("a thread that is there no longer") {
    long id = 0;
    std::thread{[&] { id = awaitest::detail::this_thread_id(); }}.join();
    CHECK(place_of_thread(id) == "");
  }
  TEST("many at once, from several threads", timeout(std::chrono::minutes{1})) {
    service::flusher one, other;
    const auto ask = [&] {
      for (int turn = 0; turn < 200; ++turn)
        for (const long id : {one.id(), other.id()}) {
          std::vector<void*> frames;
          if (!awaitest::detail::trace_signal::ask(id, std::chrono::seconds{20}, nullptr, nullptr, frames) ||
              frames.empty())
            return false;
        }
      return true;
    };
    std::atomic<bool> all_there{false};
    std::thread beside{[&] { all_there = ask(); }};
    const bool all_here = ask();
    beside.join();
    CHECK(all_here);
    CHECK(all_there);
  }
  TEST("poll() is not interrupted") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    std::atomic<long> id{0};
    std::atomic<int> ready{-1};
    std::thread waits{[&] {
      pollfd one{ends[0], POLLIN, 0};
      id = awaitest::detail::this_thread_id();
      ready = ::poll(&one, 1, -1);
    }};
    while (id == 0 || awaitest::detail::may_be_asked(id, SIGRTMAX)) std::this_thread::yield();
    const auto place = place_of_thread(id);
    const bool written = ::write(ends[1], "x", 1) == 1;
    waits.join();
    ::close(ends[0]);
    ::close(ends[1]);
    CHECK(place == "");
    CHECK(written);
    CHECK(ready == 1);
  }
  TEST("a thread that has blocked signals is not waited for") {
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    service::flusher one;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    const long id = one.id();
    CHECK_FALSE(awaitest::detail::may_be_asked(id, SIGRTMAX));
    CHECK(place_of_thread(id) == "");
  }
}
#endif
