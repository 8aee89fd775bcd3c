// RTTI switched off, and Asio knows nothing of it.
// flags: -fno-rtti
// only error: without RTTI Asio needs ASIO_NO_TYPEID
#include <awaitest/awaitest.hpp>

TEST("a test") { CHECK(1 + 1 == 2); }
