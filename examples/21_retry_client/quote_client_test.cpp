// The client against a server that misbehaves as the test says, connection by connection.
#include "quote_client.hpp"

#include <awaitest/awaitest.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <asio.hpp>

using namespace std::chrono_literals;
using namespace awaitest::match;
using asio::use_awaitable;
using asio::ip::tcp;
using std::chrono::steady_clock;

namespace {

const tcp::endpoint free_port{asio::ip::address_v4::loopback(), 0};

// What the server does with one connection: sends these bytes after the request, then hangs up. Without a
// reply it hangs up at once; silence keeps the connection open and says nothing.
struct reaction {
  std::string reply;
  bool silent = false;
};

const reaction hang_up{};
const reaction busy{"BUSY\n"};
const reaction silence{"", true};

struct script {
  std::vector<reaction> reactions;  // one a connection; after the last one nobody accepts any more
  std::vector<std::string> requests = {};
};

asio::awaitable<void> misbehave(tcp::acceptor acceptor, std::shared_ptr<script> play) {
  std::vector<tcp::socket> kept_open;
  for (const auto& [reply, silent] : play->reactions) {
    tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
    std::string request;
    co_await asio::async_read_until(socket, asio::dynamic_buffer(request), '\n', use_awaitable);
    play->requests.push_back(request);
    if (!reply.empty()) co_await asio::async_write(socket, asio::buffer(reply), use_awaitable);
    if (silent) kept_open.push_back(std::move(socket));
  }
  acceptor.close();
  asio::steady_timer for_ever{acceptor.get_executor(), steady_clock::time_point::max()};
  co_await for_ever.async_wait(use_awaitable);  // the silent connections stay open until the test is over
}

struct bad_server {
  explicit bad_server(std::vector<reaction> reactions) : play(std::make_shared<script>()) {
    play->reactions = std::move(reactions);
    tcp::acceptor acceptor{awaitest::this_test::executor(), free_port};
    endpoint = acceptor.local_endpoint();
    awaitest::spawn_background(misbehave(std::move(acceptor), play));
  }

  const std::vector<std::string>& requests() const { return play->requests; }

  std::shared_ptr<script> play;
  tcp::endpoint endpoint;
};

// A port where nobody listens, and where nobody else can begin to as long as this one holds it.
tcp::acceptor closed_port() {
  tcp::acceptor acceptor{awaitest::this_test::executor(), free_port.protocol()};
  acceptor.bind(free_port);
  return acceptor;
}

// Delays that do not slow the tests down; everything else is generous, so that no test depends on speed.
quotes::retry_policy quick() {
  quotes::retry_policy policy;
  policy.first_delay = 1ms;
  policy.max_delay = 4ms;
  policy.attempt_timeout = 1min;
  policy.deadline = 2min;
  return policy;
}

}  // namespace

TEST_SUITE("backoff") {
  TEST("each delay is longer by the factor, up to the greatest") {
    quotes::retry_policy policy;
    policy.first_delay = 100ms;
    policy.factor = 3;
    policy.max_delay = 1s;
    quotes::backoff delays{policy};
    const std::vector<quotes::retry_policy::duration> first{delays.next(), delays.next(), delays.next(),
                                                            delays.next()};
    CHECK_THAT(first, elements_are(100ms, 300ms, 900ms, 1s));
  }

  TEST("jitter only shortens a delay, and not by more than its share") {
    quotes::retry_policy policy;
    policy.first_delay = 100ms;
    policy.factor = 1;
    policy.jitter = 0.25;
    quotes::backoff delays{policy, awaitest::this_test::seed()};  // a failure can be run again as it was
    std::vector<quotes::retry_policy::duration> many;
    for (int n = 0; n != 100; ++n) many.push_back(delays.next());
    CHECK_THAT(many, each(all_of(ge(75ms), le(100ms))));
  }

  TEST("what is worth another attempt") {
    CHECK(quotes::retryable(quotes::errc::busy));
    CHECK(quotes::retryable(asio::error::connection_refused));
    CHECK(quotes::retryable(asio::error::eof));
    CHECK_FALSE(quotes::retryable(quotes::errc::rejected));
    CHECK_FALSE(quotes::retryable(asio::error::operation_aborted));
    CHECK_FALSE(quotes::retryable({}));
  }
}

TEST_SUITE("quote client", tag("net"), timeout(5s)) {
  TEST_ASYNC("one attempt is enough when all is well") {
    bad_server server{{{"OK 42.50\n"}}};
    quotes::client client{server.endpoint, quick()};
    client.on_retry = [](const quotes::failed_attempt& f) { FAIL("retried after {}", f.error.message()); };
    CHECK(co_await client.price("ADA") == "42.50");
    CHECK_THAT(server.requests(), elements_are("PRICE ADA\n"));
  }

  TEST_ASYNC("transient failures are retried, and reported") {
    bad_server server{{hang_up, busy, {"OK 42"}, {"OK 43\n"}}};  // the third answer is cut off
    quotes::client client{server.endpoint, quick()};
    std::vector<std::error_code> reported;
    client.on_retry = [&](const quotes::failed_attempt& f) {
      CAPTURE(f.number);
      CHECK(f.number == static_cast<int>(reported.size()) + 1);
      CHECK_THAT(f.delay, all_of(ge(1ms), le(4ms)));
      reported.push_back(f.error);
    };
    CHECK(co_await client.price("ADA") == "43");
    CHECK_THAT(reported, elements_are(asio::error::eof, quotes::errc::busy, asio::error::eof));
    CHECK(server.requests().size() == 4);
  }

  TEST_ASYNC("a server that comes up late is found") {
    auto port = closed_port();
    quotes::client client{port.local_endpoint(), quick()};
    client.on_retry = [&](const quotes::failed_attempt& f) {
      CHECK(f.error == asio::error::connection_refused);
      port.listen();
      auto play = std::make_shared<script>();
      play->reactions.push_back({"OK 7\n"});
      awaitest::spawn_background(misbehave(std::move(port), play));
    };
    CHECK(co_await client.price("ADA") == "7");
  }

  TEST_ASYNC("a permanent failure is not retried") {
    bad_server server{{{"ERR no such symbol\n"}, {"hello\n"}, {"OK 1\n"}}};
    quotes::client client{server.endpoint, quick()};
    CHECK_ERROR(co_await client.price("???"), quotes::errc::rejected);
    CHECK_ERROR(co_await client.price("ADA"), quotes::errc::garbled);
    CHECK(server.requests().size() == 2);
  }

  TEST_ASYNC("the attempts run out") {
    auto policy = quick();
    policy.max_attempts = 3;
    int retries = 0;
    auto port = closed_port();
    quotes::client client{port.local_endpoint(), policy};
    client.on_retry = [&](const quotes::failed_attempt&) { ++retries; };
    CHECK_ERROR(co_await client.price("ADA"), asio::error::connection_refused);
    CHECK(retries == 2);
    CHECK_THROWS_AS(co_await client.price("ADA"), quotes::gave_up);
    CHECK(retries == 4);  // a call has its attempts to itself
  }

  TEST_ASYNC("a silent server costs an attempt, not the call", virtual_time()) {
    auto policy = quick();
    policy.attempt_timeout = 50ms;
    bad_server server{{silence, {"OK 42\n"}}};
    quotes::client client{server.endpoint, policy};
    std::vector<std::error_code> reported;
    client.on_retry = [&](const quotes::failed_attempt& f) { reported.push_back(f.error); };
    CHECK(co_await client.price("ADA") == "42");
    CHECK_THAT(reported, elements_are(asio::error::timed_out));
  }

  TEST_ASYNC("the deadline ends an attempt", virtual_time()) {
    auto policy = quick();
    policy.deadline = 20ms;
    bad_server server{{silence}};
    quotes::client client{server.endpoint, policy};
    CHECK_THROWS_WITH(co_await client.price("ADA"), starts_with("no time left"));
  }

  TEST_ASYNC("a delay that would outlast the deadline is not begun") {
    auto policy = quick();
    policy.first_delay = 1h;
    policy.max_delay = 1h;
    auto port = closed_port();
    quotes::client client{port.local_endpoint(), policy};
    client.on_retry = [](const quotes::failed_attempt&) { FAIL("waits for nothing"); };
    CHECK_ERROR(co_await client.price("ADA"), asio::error::connection_refused);
  }

  TEST_ASYNC("cancelling ends the delay between two attempts") {
    auto policy = quick();
    policy.first_delay = 1h;
    policy.max_delay = 1h;
    policy.deadline = 2h;
    awaitest::gate waiting;
    auto port = closed_port();
    quotes::client client{port.local_endpoint(), policy};
    client.on_retry = [&](const quotes::failed_attempt&) { waiting.open(); };

    auto call = awaitest::spawn(client.price("ADA"));
    co_await waiting.wait();
    co_await awaitest::settle();  // on_retry comes before the delay: let it begin
    call.cancel();
    CHECK_ERROR(co_await call.join(), asio::error::operation_aborted);
  }

  TEST_ASYNC("cancelling ends an attempt", virtual_time()) {
    bad_server server{{silence}};
    quotes::client client{server.endpoint, quick()};
    CHECK_THROWS_AS(co_await awaitest::with_timeout(20ms, client.price("ADA")), awaitest::timed_out);
  }
}
