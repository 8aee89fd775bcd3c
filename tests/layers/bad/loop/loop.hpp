#pragma once
#include AWAITEST_ASIO(io_context.hpp)
namespace asio::detail {
#include "../author/macros.hpp"
#include "../report/console.hpp"
#include "../run/run.hpp"
