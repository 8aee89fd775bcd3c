// What the kernel says of a thread, and whether it is about this program at all.
#if defined(__linux__)

#include <awaitest/platform/thread_state.hpp>

#include <awaitest/awaitest.hpp>

#include <chrono>
#include <string>

using awaitest::detail::call_numbers;
using awaitest::detail::expiring_timers;
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

TEST_SUITE("loop: a timer that reads zero") {
  using time_point = expiring_timers::time_point;
  constexpr auto now = time_point{} + std::chrono::hours{1};
  constexpr long thread = 7, another = 8;

  TEST("one that has never been armed does not fire") {
    expiring_timers timers;
    CHECK_FALSE(timers.may_fire(3, thread, 1, now));
  }
  TEST("one that has been armed may be due, with its interrupt under way") {
    expiring_timers timers;
    timers.see_armed(3, thread, 1, now);
    CHECK(timers.may_fire(3, thread, 1, now));
    CHECK(timers.may_fire(3, thread, 1, now + expiring_timers::patience));
    CHECK_FALSE(timers.may_fire(4, thread, 1, now));
  }
  TEST("one through whose zero a thread sleeps on has been disarmed") {
    expiring_timers timers;
    timers.see_armed(3, thread, 1, now);
    timers.see_armed(4, thread, 1, now);
    const auto later = now + expiring_timers::patience + std::chrono::nanoseconds{1};
    CHECK_FALSE(timers.may_fire(3, thread, 1, later));
    CHECK_FALSE(timers.may_fire(3, thread, 2, later));
    CHECK_FALSE(timers.may_fire(4, thread, 1, later));
    timers.see_armed(3, thread, 2, later);
    CHECK(timers.may_fire(3, thread, 2, later));
  }
  TEST("a sleep that began after it was seen armed is measured by itself") {
    expiring_timers timers;
    timers.see_armed(3, thread, 1, now);
    const auto later = now + 2 * expiring_timers::patience;
    CHECK(timers.may_fire(3, thread, 2, later));
    CHECK(timers.may_fire(3, another, 2, later + expiring_timers::patience));
    CHECK(timers.may_fire(3, another, 2, later + 2 * expiring_timers::patience));
    CHECK_FALSE(timers.may_fire(3, another, 2, later + 3 * expiring_timers::patience));
  }
}

#endif
