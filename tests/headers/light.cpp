// What a test file must not pay for, by any way of including it: include guards tell.
#include <awaitest/awaitest.hpp>

#if defined(ASIO_HPP)
#error "awaitest.hpp brings in asio.hpp"
#elif defined(ASIO_CO_SPAWN_HPP)
#error "awaitest.hpp brings in asio/co_spawn.hpp"
#elif defined(ASIO_IO_CONTEXT_HPP)
#error "awaitest.hpp brings in asio/io_context.hpp"
#elif defined(FMT_FORMAT_H_)
#error "awaitest.hpp brings in fmt/format.h"
#elif defined(FMT_RANGES_H_)
#error "awaitest.hpp brings in fmt/ranges.h"
#elif defined(_GLIBCXX_REGEX) || defined(_LIBCPP_REGEX)
#error "awaitest.hpp brings in <regex>"
#elif defined(_GLIBCXX_IOSTREAM) || defined(_LIBCPP_IOSTREAM)
#error "awaitest.hpp brings in <iostream>"
#elif defined(_GLIBCXX_FILESYSTEM) || defined(_LIBCPP_FILESYSTEM)
#error "awaitest.hpp brings in <filesystem>"
#endif
