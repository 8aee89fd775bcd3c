// The running test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)  // it declares io_context, too

namespace awaitest {

/// Numbers from the test's seed: the same in every run with the same --seed, whatever else runs. A
/// UniformRandomBitGenerator (splitmix64); where a number is wanted it draws one.
class random_engine {
 public:
  using result_type = std::uint64_t;
  explicit constexpr random_engine(std::uint64_t seed) noexcept : state_{seed} {}
  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return ~result_type{0}; }
  constexpr result_type operator()() noexcept {
    auto z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  constexpr operator result_type() noexcept { return (*this)(); }

 private:
  std::uint64_t state_;
};

/// The running test, from any of its coroutines, handlers and threads with its context.
/// Without a running test, each throws std::logic_error.
namespace this_test {

/// The full name. Valid until the test ends.
std::string_view name();
/// This test's own seed, derived from the run's and the name.
std::uint64_t seed();
/// Seeded with `seed()`. To be used from one thread at a time.
random_engine& random();
/// The executor of the running task.
asio::any_io_executor executor();
/// The loop's io_context, for code that insists on one. Handlers that run on its own executor belong to the test that is
/// alone on the loop.
asio::io_context& io_context();
/// The number, from 0, of the worker that runs the test: with --jobs N there are N, each with run-scoped fixtures of its own.
std::size_t worker();
/// An empty directory of this test's own, made at the first call; removed when the test passed, kept and named in the
/// report when it failed. Throws std::system_error when it cannot be made.
std::string temp_dir();

/// One of the numbers below `options`: 0, but where explore() or a token chooses it. Whatever the test itself may meet in one way or
/// another is explored with it: `if (this_test::choose(2, "the peer closes first") == 1) ...`. On the test's own thread; 0 on others. Throws
/// std::invalid_argument where there is no option.
int choose(int options, std::string_view label);

/// Says that one of the test's schedules has come here: with explore(), a test fails whose body has such a line that none of them has come
/// to. That is known where the test's source is there when it runs, and `label` is a literal. Does nothing without explore().
void reached(std::string_view label);

}  // namespace this_test
}  // namespace awaitest
