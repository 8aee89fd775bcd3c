// All that a test file includes. Light: what is heavy is compiled once, where <awaitest/main.hpp> is included.
//
//   #include <awaitest/awaitest.hpp>
//
//   TEST_ASYNC("a timer fires") {
//     asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
//     co_await timer.async_wait(asio::use_awaitable);
//     CHECK(timer.expiry() <= std::chrono::steady_clock::now());
//   }
#pragma once

#include "author/asio_layout.hpp"
#include "author/assertions.hpp"
#include "author/async_mock.hpp"
#include "author/async_mock_op.hpp"
#include "author/await.hpp"
#include "author/cases.hpp"
#include "author/context.hpp"
#include "author/fixture.hpp"
#include "author/mock_method.hpp"
#include "author/order.hpp"
#include "author/spawn.hpp"
#include "author/test.hpp"
#include "author/this_test.hpp"
#include "author/time.hpp"
#include "config.hpp"

#ifndef AWAITEST_NO_SHORT_MACROS
#include "author/short_names.hpp"
#endif
