// Latency and errors are in the answers of the mocked transport.
#include <awaitest/awaitest.hpp>

#include <asio/experimental/awaitable_operators.hpp>

#include "fetch.hpp"

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

struct mock_transport : pages::transport {
  MOCK_ASYNC(std::string, get, (std::string path), (override));
};

}  // namespace

TEST_SUITE("fetch") {
  TEST_ASYNC("tries again after an error that may pass") {
    mock_transport transport;
    transport.on_get.expect("/index")
        .answers(awaitest::error(asio::error::connection_reset), awaitest::error(asio::error::timed_out),
                 "a page")
        .after(1ms);
    CHECK(co_await pages::fetch(transport, "/index", 5, 1ms) == "a page");
    CHECK(transport.on_get.max_in_flight() == 1);  // never two attempts at once
  }

  TEST_ASYNC("gives up after the last attempt, with the last error") {
    mock_transport transport;
    transport.on_get.expect(_).times(3).fails(asio::error::timed_out);
    CHECK_ERROR(co_await pages::fetch(transport, "/", 3, 1ms), asio::error::timed_out);
  }

  TEST_ASYNC("what does not pass is not tried again") {
    mock_transport transport;
    transport.on_get.expect(_).fails(asio::error::host_not_found);
    CHECK_ERROR(co_await pages::fetch(transport, "/", 3, 1ms), asio::error::host_not_found);
  }

  TEST_ASYNC("cancelling the fetch cancels the attempt under way") {
    mock_transport transport;
    transport.on_get.expect(_).after(1h).must_be_cancelled();
    auto fetching = awaitest::spawn(pages::fetch(transport, "/", 3, 1ms));
    co_await awaitest::settle();
    fetching.cancel();
    co_await awaitest::settle();
    CHECK(fetching.done());
    CHECK(transport.on_get.last_call().state() == awaitest::call_state::cancelled);
  }
}
