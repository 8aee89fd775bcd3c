// What the programs under test try their assertions on.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/error.hpp>

#include <exception>
#include <stdexcept>
#include <system_error>

namespace things {

/// Exceptions whose what() returns null.
struct speechless : std::exception {
  const char* what() const noexcept override { return nullptr; }
};
struct speechless_error : std::system_error {
  speechless_error() : std::system_error(asio::error::make_error_code(asio::error::eof)) {}
  const char* what() const noexcept override { return nullptr; }
};

inline int throws() { throw std::runtime_error("no such thing"); }
inline int throws_int() { throw 42; }
inline int returns() { return 1; }
inline int eof() { throw std::system_error(asio::error::make_error_code(asio::error::eof), "read"); }
inline int pair(int a, int b) { return a * 10 + b; }
inline asio::awaitable<int> number(int n) { co_return n; }
inline asio::awaitable<int> async_throws() {
  throw std::runtime_error("no such thing");
  co_return 0;
}

}  // namespace things
