// Mocks of initiating functions, with every kind of completion token.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>
#if !__has_include(<asio/as_tuple.hpp>)
#include <asio/experimental/as_tuple.hpp>
#endif
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/experimental/parallel_group.hpp>

#include <memory_resource>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using namespace awaitest::match;
using awaitest::call_state;

namespace {

#if __has_include(<asio/as_tuple.hpp>)
using asio::as_tuple;
#else  // before Asio 1.23
using asio::experimental::as_tuple;
#endif

using read_mock = awaitest::async_mock_op<void(std::error_code, std::size_t), asio::mutable_buffer>;

/// A stream type of a user's, with a mock for its operation.
struct mock_stream {
  using executor_type = asio::any_io_executor;
  executor_type get_executor() const { return executor; }

  executor_type executor = awaitest::this_test::executor();
  read_mock async_read_some{"async_read_some"};
};

template <class T>
struct counting_allocator {
  using value_type = T;
  explicit counting_allocator(int& n) : count{&n} {}
  template <class U>
  counting_allocator(const counting_allocator<U>& other) : count{other.count} {}
  T* allocate(std::size_t n) {
    ++*count;
    return std::allocator<T>{}.allocate(n);
  }
  void deallocate(T* p, std::size_t n) { std::allocator<T>{}.deallocate(p, n); }
  template <class U>
  bool operator==(const counting_allocator<U>& other) const {
    return count == other.count;
  }
  int* count;
};

struct allocating_handler {
  using allocator_type = counting_allocator<char>;
  allocator_type get_allocator() const { return allocator_type{*count}; }
  void operator()(std::error_code, std::size_t) {}
  int* count;
};

}  // namespace

TEST_SUITE("mock: operations") {
  TEST_ASYNC("awaited") {
    read_mock read{"read"};
    char data[8];
    read.expect(_).returns(std::error_code{}, std::size_t{5});
    CHECK(co_await read(asio::buffer(data), asio::use_awaitable) == 5);
    read.expect(_).returns(6u);
    CHECK(co_await read(asio::buffer(data), asio::use_awaitable) == 6);
    read.expect(_).fails(asio::error::eof);
    CHECK_ERROR(co_await read(asio::buffer(data), asio::use_awaitable), asio::error::eof);
    read.expect(_);
    CHECK(co_await read(asio::buffer(data), asio::use_awaitable) == 0);
    CHECK(read.await_count() == 4);
    CHECK(read.calls().at(2).state() == call_state::failed);
  }

  TEST_ASYNC("a callback is posted, never called inside the initiation") {
    read_mock read{"read"};
    char data[8];
    read.allow(_).returns(std::error_code{}, std::size_t{1});
    std::string log;
    read(asio::buffer(data), [&](std::error_code, std::size_t) { log += "handler"; });
    log += "initiated ";
    co_await awaitest::settle();
    CHECK(log == "initiated handler");
  }

  TEST_ASYNC("redirect_error, as_tuple, parallel groups, operators") {
    using namespace asio::experimental::awaitable_operators;
    read_mock read{"read"};
    char data[8];
    read.allow(_).fails(asio::error::eof);
    std::error_code error;
    co_await read(asio::buffer(data), asio::redirect_error(asio::use_awaitable, error));
    CHECK(error == asio::error::eof);
    auto [again, n] = co_await read(asio::buffer(data), as_tuple(asio::use_awaitable));
    CHECK(again == asio::error::eof);
    CHECK(n == 0);

    awaitest::async_mock_op<void(std::error_code)> ping{"ping"};
    ping.expect().pends().must_be_cancelled();
    asio::steady_timer timer(awaitest::this_test::executor(), 1ms);
    auto winner = co_await (ping(asio::use_awaitable) || timer.async_wait(asio::use_awaitable));
    CHECK(winner.index() == 1);

    ping.expect().pends();
    ping.expect().after(1us);
    auto [order, first, second] =
        co_await asio::experimental::make_parallel_group([&](auto token) { return ping(std::move(token)); },
                                                         [&](auto token) { return ping(std::move(token)); })
            .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    CHECK(order[0] == 0);
    CHECK_FALSE(first);
    CHECK(second == asio::error::operation_aborted);
  }

  TEST("a future, on a context of the user's own") {
    asio::io_context io;
    read_mock read{"read"};
    char data[8];
    read.expect(_).returns(std::error_code{}, std::size_t{3});
    auto result = read(asio::buffer(data), asio::bind_executor(io.get_executor(), asio::use_future));
    io.run();
    CHECK(result.get() == 3);
  }

  TEST_ASYNC("bound executors and allocators are used") {
    read_mock read{"read"};
    char data[8];
    read.allow(_).returns(std::error_code{}, std::size_t{1});
    asio::thread_pool pool(1);
    std::thread::id ran;
    read(asio::buffer(data),
         asio::bind_executor(pool, [&](std::error_code, std::size_t) { ran = std::this_thread::get_id(); }));
    pool.join();
    CHECK(ran != std::thread::id{});
    CHECK(ran != std::this_thread::get_id());

    int allocations = 0;
    read(asio::buffer(data), allocating_handler{&allocations});
    co_await awaitest::settle();
    CHECK(allocations > 0);
  }

  TEST_ASYNC("cancellation slots: terminal, partial and total") {
    awaitest::async_mock_op<void(std::error_code)> ping{"ping"};
    ping.allow().pends();
    for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
      asio::cancellation_signal signal;
      std::error_code got;
      ping(asio::bind_cancellation_slot(signal.slot(), [&](std::error_code error) { got = error; }));
      signal.emit(type);
      CHECK_FALSE(got);  // posted
      co_await awaitest::settle();
      CHECK(got == asio::error::operation_aborted);
      signal.emit(type);  // nothing is left to cancel
    }
    CHECK(ping.last_call().state() == call_state::cancelled);
  }

  TEST_ASYNC("answered by the test") {
    read_mock read{"read"};
    char data[8];
    std::size_t got = 0;
    read(asio::buffer(data), [&](std::error_code, std::size_t n) { got = n; });
    auto call = co_await read.next_call();
    CHECK(call.arg<0>().size() == 8);
    call.reply(std::error_code{}, std::size_t{4});
    co_await awaitest::settle();
    CHECK(got == 4);
    std::error_code failed;
    read(asio::buffer(data), [&](std::error_code error, std::size_t) { failed = error; });
    auto other = co_await read.next_call();
    other.fail(asio::error::connection_reset);
    co_await awaitest::settle();
    CHECK(failed == asio::error::connection_reset);
  }

  TEST_ASYNC("actions, plain and coroutine") {
    read_mock read{"read"};
    char data[8] = {};
    read.expect(_).invokes(
        [](asio::mutable_buffer into) { return asio::buffer_copy(into, asio::buffer("ab", 2)); });
    CHECK(co_await read(asio::buffer(data), asio::use_awaitable) == 2);
    CHECK(std::string(data) == "ab");
    read.expect(_).invokes([&](asio::mutable_buffer into) -> asio::awaitable<std::size_t> {
      co_await awaitest::sleep_for(1us);
      co_return asio::buffer_copy(into, asio::buffer("cde", 3));
    });
    CHECK(co_await read(asio::buffer(data), asio::use_awaitable) == 3);
    CHECK(std::string(data) == "cde");
    read.expect(_).invokes([](asio::mutable_buffer) -> asio::awaitable<std::size_t> {
      co_await awaitest::sleep_for(1us);
      throw std::system_error(std::error_code(asio::error::connection_reset));
    });
    CHECK_ERROR(co_await read(asio::buffer(data), asio::use_awaitable), asio::error::connection_reset);
  }

  TEST_ASYNC("cancelled before its action begins, and while it runs") {
    awaitest::async_mock_op<void(std::error_code)> ping{"ping"};
    int begun = 0;
    ping.allow()
        .invokes([&begun]() -> asio::awaitable<void> {
          ++begun;
          co_await awaitest::sleep_for(1h);
        })
        .must_be_cancelled();
    for (const bool runs : {false, true}) {
      asio::cancellation_signal signal;
      std::error_code got;
      ping(asio::bind_cancellation_slot(signal.slot(), [&](std::error_code error) { got = error; }));
      if (runs) co_await awaitest::settle();
      signal.emit(asio::cancellation_type::terminal);
      co_await awaitest::settle();
      CHECK(got == asio::error::operation_aborted);
    }
    CHECK(begun >= 1);
  }

  TEST_ASYNC("under async_read and async_read_until") {
    mock_stream stream;
    std::string text = "hello\nworld and more";
    stream.async_read_some.allow(_).invokes([&](asio::mutable_buffer into) {
      const auto n = asio::buffer_copy(into, asio::buffer(text), 3);
      text.erase(0, n);
      return std::tuple(n == 0 ? std::error_code(asio::error::eof) : std::error_code{}, n);
    });
    std::string line;
    auto buffer = asio::dynamic_buffer(line);
    const auto n = co_await asio::async_read_until(stream, buffer, '\n', asio::use_awaitable);
    CHECK(line.substr(0, n) == "hello\n");
    char five[2];
    char four[3];
    const std::array<asio::mutable_buffer, 2> both{asio::buffer(five), asio::buffer(four)};
    CHECK(co_await asio::async_read(stream, both, asio::use_awaitable) == 5);
    asio::streambuf rest;
    std::error_code error;
    co_await asio::async_read(stream, rest, asio::redirect_error(asio::use_awaitable, error));
    CHECK(error == asio::error::eof);
  }

  TEST_ASYNC("the mock dies with an operation pending") {
    auto ping = std::make_unique<awaitest::async_mock_op<void(std::error_code)>>("ping");
    ping->allow().pends();
    std::error_code got;
    (*ping)([&](std::error_code error) { got = error; });
    ping.reset();
    co_await awaitest::settle();
    CHECK(got == asio::error::operation_aborted);
  }
}
