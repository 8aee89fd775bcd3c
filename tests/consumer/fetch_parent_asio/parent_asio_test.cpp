#include <awaitest/awaitest.hpp>

#include <asio/version.hpp>

#if !defined(PARENT_ASIO)
#error "awaitest brought its own Asio along"
#endif

TEST("the parent's Asio") { CHECK(ASIO_VERSION > 0); }
