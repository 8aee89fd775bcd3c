// Asks a quote server for a price, as often as it takes and the policy allows. A connection an attempt:
//
//   PRICE symbol       OK price        and the server closes the connection
//                      BUSY            come back later
//                      ERR why         asking again would not help
#pragma once

#include "retry.hpp"

#include <functional>
#include <string>
#include <system_error>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

namespace quotes {

enum class errc { busy = 1, rejected, garbled };

const std::error_category& category();
std::error_code make_error_code(errc e);

}  // namespace quotes

template <>
struct std::is_error_code_enum<quotes::errc> : std::true_type {};

namespace quotes {

// Whether the same request may succeed a little later.
bool retryable(const std::error_code& error);

// Thrown when attempts or time have run out: code() is what the last attempt met.
class gave_up : public std::system_error {
 public:
  gave_up(int attempts, const std::error_code& last, const std::string& why)
      : std::system_error(last, why), attempts_(attempts) {}
  int attempts() const { return attempts_; }

 private:
  int attempts_;
};

struct failed_attempt {
  int number;
  std::error_code error;
  retry_policy::duration delay;  // until the next one
};

class client {
 public:
  client(asio::ip::tcp::endpoint server, retry_policy policy) : server_(server), policy_(policy) {}

  // Called before each delay: for a log, a metric.
  std::function<void(const failed_attempt&)> on_retry;

  // Throws gave_up, or std::system_error at once for what is not retryable, or when it is cancelled.
  // The client outlives the call.
  asio::awaitable<std::string> price(std::string symbol);

 private:
  struct answer {
    std::error_code error;
    std::string price;
  };

  asio::awaitable<answer> attempt(std::string symbol);
  asio::awaitable<answer> ask(std::string symbol);

  asio::ip::tcp::endpoint server_;
  retry_policy policy_;
};

}  // namespace quotes
