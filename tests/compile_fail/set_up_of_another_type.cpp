// error: static assertion failed.*set_up.. of a fixture returns void or asio::awaitable<void>
#include <awaitest/awaitest.hpp>

struct server_that_answers {
#ifdef FIXED
  asio::awaitable<void> set_up() { co_return; }
#else
  asio::awaitable<int> set_up() { co_return 1; }
#endif
};

TEST_F("set_up of another type", (server_that_answers&)) { CHECK(true); }
