// Coroutines that wait, found by the outermost of them, which may be gone.
#include <awaitest/awaitest.hpp>
#include <awaitest/platform/code_names.hpp>
#include <awaitest/platform/coroutine_frames.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

using awaitest::detail::code_names;
using awaitest::detail::coroutine_root;

namespace {

asio::awaitable<void> inner(awaitest::gate& gate) { co_await gate.wait(); }
asio::awaitable<int> middle(awaitest::gate& gate) {
  co_await inner(gate);
  co_return 1;
}
asio::awaitable<void> outer(awaitest::gate& gate, awaitest::gate& second) {
  CHECK(co_await middle(gate) == 1);
  co_await second.wait();
}

asio::awaitable<void> turn(int depth) {
  if (depth > 0) co_return co_await turn(depth - 1);
  co_await asio::post(asio::use_awaitable);
}
asio::awaitable<void> turns(const std::atomic<bool>& over, int depth) {
  while (!over) co_await turn(depth);
}

std::string names_of(const coroutine_root& root) {
  const auto points = root.waiting();
  code_names::instance().learn(points);
  return code_names::instance().of_coroutines(points);
}
std::size_t position(const std::string& text, const char* what) {
  const auto at = text.find(what);
  REQUIRE(at != text.npos);
  return at;
}

}  // namespace

TEST_SUITE("platform: coroutine frames") {
#ifndef AWAITEST_NO_INTERPOSITION
  TEST_ASYNC("the innermost comes first, for as long as each waits") {
    awaitest::gate first, second;
    auto work = outer(first, second);
    const coroutine_root root{work};
    CHECK(root.waiting().empty());
    asio::co_spawn(co_await asio::this_coro::executor, std::move(work), asio::detached);
    co_await awaitest::settle();
    const auto three = names_of(root);
    CHECK(position(three, "inner") < position(three, "middle"));
    CHECK(position(three, "middle") < position(three, "outer"));
    first.open();
    co_await awaitest::settle();
    const auto one = names_of(root);
    CHECK(one.find("outer") != one.npos);
    CHECK(one.find("inner") == one.npos);
    second.open();
    co_await awaitest::settle();
    CHECK(names_of(root) == "");
  }
  TEST("one that goes on, on another thread, while it is looked at") {
    asio::thread_pool pool{2};
    std::atomic<bool> over{false};
    auto work = turns(over, 3);
    const coroutine_root root{work};
    auto end = asio::co_spawn(pool, std::move(work), asio::use_future);
    for (int seen = 0; seen < 1000;)
      if (!root.waiting().empty()) ++seen;
    over = true;
    end.get();
    CHECK(root.waiting().empty());
  }
  TEST("a frame that is gone and holds anything is none") {
    using namespace awaitest::detail;
    awaitest::gate gate;
    auto work = outer(gate, gate);
    auto* const frame = work.*member_of(frame_of_awaitable{});
    const coroutine_root root{work};
    const char other[256] = {};
    frame->*member_of(frame_caller{}) =
        reinterpret_cast<coroutine_frame*>(reinterpret_cast<std::uintptr_t>(other) | 1U);
    CHECK(root.waiting().empty());
    frame->*member_of(frame_caller{}) = nullptr;
  }
#endif
  TEST("of none, of one that never begins, and of one that is gone, nothing is known") {
    CHECK(coroutine_root{}.waiting().empty());
    awaitest::gate gate;
    std::optional work{outer(gate, gate)};
    const coroutine_root root{*work};
    CHECK(root.waiting().empty());
    work.reset();
    CHECK(root.waiting().empty());
  }
#if defined(__linux__) && !defined(AWAITEST_NO_INTERPOSITION)
  TEST("memory that is not there is not read") {
    int found = 1;
    const int value = 7;
    REQUIRE(awaitest::detail::own_memory::read(&value, found));
    CHECK(found == 7);
    CHECK(!awaitest::detail::own_memory::read(nullptr, found));
    CHECK(found == 7);
  }
#endif
}
