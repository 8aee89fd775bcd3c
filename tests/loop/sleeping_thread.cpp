// What the kernel says of a thread, and whether it is about this program at all.
#if defined(__linux__)

#include <awaitest/loop/sleeping_thread.hpp>

#include <awaitest/awaitest.hpp>

#include <string>

using awaitest::detail::call_numbers;
using awaitest::detail::whose_numbers;

namespace {

std::string said(long number, const char* rest) { return std::to_string(number) + rest; }

}  // namespace

TEST_SUITE("loop: the numbers of system calls") {
  TEST("a read of this program's") {
    const auto text = said(SYS_read, " 0x5 0x7ffe1000 0xff 0x0 0x0 0x0 0x7ffe0f00 0x7f10\n");
    CHECK(whose_numbers(text.c_str(), 5, 255) == call_numbers::ours);
  }
  TEST("the number that reading has elsewhere") {
    const auto text = said(SYS_read + 63, " 0x5 0x7ffe1000 0xff 0x0 0x0 0x0 0x7ffe0f00 0x7f10\n");
    CHECK(whose_numbers(text.c_str(), 5, 255) == call_numbers::of_another);
  }
  TEST("another descriptor, or another size: a call that this program does not make") {
    const auto text = said(SYS_read, " 0x6 0x7ffe1000 0xff 0x0 0x0 0x0 0x7ffe0f00 0x7f10\n");
    CHECK(whose_numbers(text.c_str(), 5, 255) == call_numbers::of_another);
    CHECK(whose_numbers(text.c_str(), 6, 256) == call_numbers::of_another);
  }
  TEST("nothing that can be read") {
    CHECK(whose_numbers("running\n", 5, 255) == call_numbers::unknown);
    CHECK(whose_numbers("", 5, 255) == call_numbers::unknown);
  }
}

#endif
