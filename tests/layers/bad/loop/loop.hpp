#pragma once
#include <asio/io_context.hpp>
#include "../author/macros.hpp"
#include "../report/console.hpp"
#include "../run/run.hpp"
