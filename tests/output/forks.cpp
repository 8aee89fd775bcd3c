// Processes that tests fork, and that come back from the test: each failure counts once, and is told by the parent.
#include <awaitest/awaitest.hpp>

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

namespace {

int code_of(pid_t process) {
  int status = 0;
  return ::waitpid(process, &status, 0) == process && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct forks_in_set_up {
  void set_up() {
    const auto child = ::fork();
    if (child == 0) {
      CHECK(1 == 7);
      return;
    }
    CHECK(code_of(child) == 1);
  }
};

}  // namespace

TEST("a child fails a CHECK") {
  std::printf("printed once\n");
  const auto child = ::fork();
  if (child == 0) {
    INFO("in the child");
    CHECK(1 == 2);
    return;
  }
  CHECK(code_of(child) == 1);
}
TEST("a child fails a REQUIRE") {
  const auto child = ::fork();
  if (child == 0) REQUIRE(1 == 3);
  CHECK(code_of(child) == 1);
}
TEST("a child throws") {
  const auto child = ::fork();
  if (child == 0) throw std::runtime_error("out of the child");
  CHECK(code_of(child) == 1);
}
TEST("a child ends by itself") {
  const auto child = ::fork();
  if (child == 0) {
    CHECK(1 == 4);
    ::_exit(0);
  }
  CHECK(code_of(child) == 0);
}
TEST("a child that nothing fails in") {
  const auto child = ::fork();
  if (child == 0) {
    CHECK(1 == 1);
    return;
  }
  CHECK(code_of(child) == 0);
}
TEST_ASYNC("a coroutine") {
  co_await asio::post(asio::use_awaitable);
  const auto child = ::fork();
  if (child == 0) {
    CHECK(1 == 5);
    co_return;
  }
  CHECK(code_of(child) == 1);
}
TEST_ASYNC("a task") {
  auto task = awaitest::spawn(
      []() -> asio::awaitable<void> {
        const auto child = ::fork();
        if (child == 0) {
          CHECK(1 == 6);
          co_return;
        }
        CHECK(code_of(child) == 1);
      },
      "forks");
  co_await task.join();
}
TEST_F("a fixture", (forks_in_set_up & one)) {
  static_cast<void>(one);
  CHECK(true);
}
TEST("a cleanup") {
  awaitest::cleanup([] {
    const auto child = ::fork();
    if (child == 0) {
      CHECK(1 == 8);
      return;
    }
    CHECK(code_of(child) == 1);
  });
  CHECK(true);
}
TEST("the last one") { CHECK(true); }
