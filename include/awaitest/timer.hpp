// A timer of the test's clock, for code that is told its clock.
#pragma once

#include "author/async/time.hpp"
#include "model/asio_names.hpp"

#include AWAITEST_ASIO(basic_waitable_timer.hpp)

namespace awaitest {

/// A timer of awaitest::clock: of virtual time in a virtual test, on every platform.
using timer = asio::basic_waitable_timer<clock>;

}  // namespace awaitest
