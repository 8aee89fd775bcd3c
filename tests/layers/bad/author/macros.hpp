#pragma once
#include <asio/awaitable.hpp>
#include AWAITEST_ASIO(co_spawn.hpp)
#include <awaitest/loop/loop.hpp>
#include "../model/plain.hpp"
// #include <asio.hpp> in a comment is nothing
#include <fmt/ranges.h>
