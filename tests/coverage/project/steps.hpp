// What is under test. Nothing here is inline: each line is counted in steps.cpp.
#pragma once

#include <asio/awaitable.hpp>

namespace steps {

int plain(int n);
asio::awaitable<int> awaited(int n);

}  // namespace steps
