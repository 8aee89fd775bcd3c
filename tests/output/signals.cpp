// The process ends while a test runs: see signals.cmake.
#include <awaitest/awaitest.hpp>

#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <list>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

int number_of(const char* variable) {
  const auto* const text = std::getenv(variable);
  return text ? std::atoi(text) : 0;
}

// Deeper and deeper: nothing of it can be left out.
volatile int depth = 0;
int use_up_stack(const volatile char* before) {
  volatile char here[4096];
  here[0] = before ? before[0] : '\0';
  depth = depth + 1;
  const int below = depth == -1 ? 0 : use_up_stack(here);
  return below + here[0];
}

std::atomic<bool> before_has_failed{false};

/// Says where it is, for somebody who waits for that.
void say_that_it_runs() {
  if (std::getenv("BESIDE"))  // the test before runs on another worker
    while (!before_has_failed) std::this_thread::yield();
  const auto* const name = std::getenv("RUNS");
  std::FILE* const file = std::fopen(name ? name : "/dev/null", "w");
  if (!file) return;
  std::fputs("\n", file);
  std::fclose(file);
}

struct link {
  link* next;
  char space[1];
};
link* all = nullptr;
void keep_all_memory() {
  for (std::size_t size = std::size_t{64} << 20; size >= sizeof(link); size /= 2)
    while (auto* const one = static_cast<link*>(std::malloc(size))) {
      one->next = all;
      all = one;
    }
}

// The optimiser is not to see that nobody reads what is written.
void* volatile kept = nullptr;
volatile std::size_t too_many = 64;
// Over the beginning of the next piece, which is free: whatever is allocated next finds that, and nothing else is overwritten.
void write_past_the_end() {
  constexpr std::size_t size = 100'000;
  for (auto* space = static_cast<char*>(std::malloc(size));;) {
    auto* const next = static_cast<char*>(std::malloc(size));
    if (next < space || next > space + size + too_many / 2) {
      space = next;
      continue;
    }
    kept = std::malloc(size);  // or the next one would become a part of what was never used
    kept = space;
    std::free(next);
    std::memset(kept, 0x7e, size + too_many);
    return;
  }
}

}  // namespace

TEST("before", tag("every")) {
  CHECK(1 == 2);
  before_has_failed = true;
}

TEST("heap, noticed by malloc", tag("heap_malloc")) {
  CHECK(3 == 4);
  write_past_the_end();
  for (std::size_t size = 16; size < 1'000'000; size *= 2) kept = std::malloc(size);
}
TEST_ASYNC("heap, noticed by new", tag("heap_new")) {
  write_past_the_end();
  for (int i = 0; i < 1'000; ++i) kept = new std::string(5000, 'x');
  co_return;
}
TEST("heap, noticed by free", tag("heap_free")) {
  kept = std::malloc(5000);
  auto* const again = kept;
  std::free(kept);
  std::free(again);
}

TEST("stack", tag("stack")) { CHECK(use_up_stack(nullptr) != 0); }
TEST("stack of a thread", tag("stack_thread")) {
  std::thread([] { kept = reinterpret_cast<void*>(std::intptr_t{use_up_stack(nullptr)}); }).join();
}
TEST("stack of a pool", tag("stack_pool")) {
  asio::thread_pool pool(2);
  asio::post(pool, [] { kept = reinterpret_cast<void*>(std::intptr_t{use_up_stack(nullptr)}); });
  pool.join();
}
// With --jobs 2 one of them is on a thread of its own: neither goes on before both are there.
namespace {
std::atomic<int> there{0};
void meet() {
  ++there;
  while (there != 2) std::this_thread::yield();
}
}  // namespace
TEST_SUITE("jobs", tag("stack_jobs")) {
  TEST("on one worker") {
    meet();
    if (awaitest::this_test::worker() != 0) CHECK(use_up_stack(nullptr) != 0);
    for (;;) ::pause();
  }
}
TEST_SUITE("other jobs", tag("stack_jobs")) {
  TEST("on the other worker") {
    meet();
    if (awaitest::this_test::worker() != 0) CHECK(use_up_stack(nullptr) != 0);
    for (;;) ::pause();
  }
}

TEST("a signal", tag("signal")) { CHECK(std::raise(number_of("SIGNAL")) == 0); }
TEST("never ends", tag("signal_and_on")) {
  std::raise(number_of("SIGNAL"));
  for (;;) ::pause();
}
TEST("a signal on a thread", tag("signal_thread")) {
  std::thread([] { std::raise(number_of("SIGNAL")); }).join();
}
TEST("nobody reads", tag("pipe")) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  CHECK(::write(ends[1], "x", 1) == -1);
}
TEST_ASYNC("waits", tag("waits")) {
  CHECK(5 == 6);
  say_that_it_runs();
  co_await awaitest::sleep_for(1h);
}
TEST("prints", tag("prints")) {
  say_that_it_runs();
  for (;;) std::fputs("printing\n", stdout);
}
TEST("allocates", tag("allocates")) {
  say_that_it_runs();
  for (;;) kept = new std::string(100'000, 'x'), delete static_cast<std::string*>(kept);
}

TEST("memory is used up", tag("memory")) {
  keep_all_memory();
  CHECK(std::string(100, 'x') != std::string(1'000'000, 'x'));
}
TEST_ASYNC("memory is used up later", tag("memory_async")) {
  co_await asio::post(asio::use_awaitable);
  keep_all_memory();
  co_await awaitest::sleep_for(1ms);
  FAIL("there is no memory for this: {}", std::string(100'000, 'x'));
}
TEST("vectors", tag("memory_vectors")) {
  static std::list<std::vector<char>> kept_ones;
  for (;;) kept_ones.emplace_back(std::size_t{1} << 20);
}

TEST("after", tag("every")) { CHECK(true); }
