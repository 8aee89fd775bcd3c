// Stampede protection: a hundred who ask for one key at once cost the store one load.
#include <awaitest/awaitest.hpp>

#include "cache.hpp"

using namespace awaitest::match;

namespace {

struct mock_store : cached::store {
  MOCK_ASYNC(std::string, load, (const std::string& key), (override));
};

}  // namespace

TEST_SUITE("cache") {
  TEST_ASYNC("a value is loaded once") {
    mock_store store;
    cached::cache cache{store};
    store.on_load.expect("k").returns("v");
    CHECK(co_await cache.get("k") == "v");
    CHECK(co_await cache.get("k") == "v");
  }

  TEST_ASYNC("a stampede on one key is one load") {
    mock_store store;
    cached::cache cache{store};
    awaitest::gate loaded;
    store.on_load.expect("k").through(loaded).returns("v");

    std::vector<awaitest::task<std::string>> readers;
    for (int n = 0; n < 100; ++n) readers.push_back(awaitest::spawn(cache.get("k")));
    co_await awaitest::settle();  // all of them wait by now
    CHECK(store.on_load.in_flight() == 1);

    loaded.open();
    for (auto& reader : readers) CHECK(co_await reader.join() == "v");
    CHECK(store.on_load.max_in_flight() == 1);
  }

  TEST_ASYNC("different keys are loaded at the same time") {
    mock_store store;
    cached::cache cache{store};
    auto a = awaitest::spawn(cache.get("a"));
    auto b = awaitest::spawn(cache.get("b"));
    auto first = co_await store.on_load.next_call();
    auto second = co_await store.on_load.next_call();
    CHECK(store.on_load.max_in_flight() == 2);
    second.reply(second.arg<0>() + "!");
    first.reply(first.arg<0>() + "!");
    CHECK(co_await a.join() == "a!");
    CHECK(co_await b.join() == "b!");
  }

  TEST_ASYNC("a failed load fails everybody who waited, and is tried again") {
    mock_store store;
    cached::cache cache{store};
    auto a = awaitest::spawn(cache.get("k"));
    auto b = awaitest::spawn(cache.get("k"));
    auto call = co_await store.on_load.next_call();
    co_await awaitest::settle();
    store.on_load.expect_no_call();
    call.fail(asio::error::connection_refused);
    CHECK_ERROR(co_await a.join(), asio::error::connection_refused);
    CHECK_ERROR(co_await b.join(), asio::error::connection_refused);
    store.on_load.expect("k").returns("v");
    CHECK(co_await cache.get("k") == "v");
  }
}
