// io_uring as the default of an Asio that crashes with it. Only the version is looked at.
// flags: -DASIO_HAS_IO_URING -DASIO_DISABLE_EPOLL
// only error: Asio before 1\.28\.1 crashes where io_uring is its default
#include <asio/version.hpp>

#undef ASIO_VERSION
#define ASIO_VERSION 102800
#include <awaitest/main.hpp>
