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

#include "author/async/await.hpp"
#include "author/async/spawn.hpp"
#include "author/async/sync.hpp"
#include "author/async/threads.hpp"
#include "author/async/time.hpp"
#include "author/check/assertions.hpp"
#include "author/check/exits.hpp"
#include "author/current/context.hpp"
#include "author/current/subtest.hpp"
#include "author/current/this_test.hpp"
#include "author/mock/function.hpp"
#include "author/mock/method.hpp"
#include "author/mock/operation.hpp"
#include "author/test/cases.hpp"
#include "author/test/fixture.hpp"
#include "author/test/test.hpp"
#include "author/tracking/asio_layout.hpp"
#include "config.hpp"

#ifndef AWAITEST_NO_SHORT_MACROS
#include "author/short_names.hpp"
#endif
