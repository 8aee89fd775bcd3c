// A program whose files do not agree on what Asio's operations look like is not linked.
#pragma once

#include "../../config.hpp"
#include "needs_main.hpp"  // what the linker is to say before it speaks of the layout

// Both are defined in the file with main, one at a time.
#ifdef ASIO_CUSTOM_HANDLER_TRACKING
#define AWAITEST_ASIO_LAYOUT_ awaitest_this_file_needs_awaitest_tracking_instead_of_awaitest_main
#else
#define AWAITEST_ASIO_LAYOUT_ awaitest_this_file_is_compiled_without_awaitest_tracking
#endif

extern "C" {
extern const char AWAITEST_ASIO_LAYOUT_;
AWAITEST_KEPT static const char* const awaitest_asio_layout = &AWAITEST_ASIO_LAYOUT_;
}
