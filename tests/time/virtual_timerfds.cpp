// The timerfds of virtual time by themselves: which are due, and when.
#include <awaitest/awaitest.hpp>
#include <awaitest/time/virtual_timerfds.hpp>

#include <utility>
#include <vector>

using awaitest::detail::virtual_timerfds;

namespace {

std::vector<int> fired;

/// While it lives, what is due is told, and descriptor 9 is no timerfd any more.
class told_when_due {
 public:
  told_when_due()
      : before_{std::exchange(virtual_timerfds::set_off, [](int descriptor) noexcept {
          fired.push_back(descriptor);
          return descriptor != 9;
        })} {
    fired.clear();
  }
  told_when_due(const told_when_due&) = delete;
  told_when_due& operator=(const told_when_due&) = delete;
  ~told_when_due() { virtual_timerfds::set_off = before_; }

 private:
  virtual_timerfds::set_off_function before_;
};

}  // namespace

TEST_SUITE("time: virtual timerfds") {
  TEST("each fires once, when it is due") {
    const told_when_due told;
    virtual_timerfds timers;
    CHECK(timers.next() == virtual_timerfds::none);
    timers.set(3, {20, 0});
    timers.set(4, {10, 0});
    CHECK(timers.next() == 10);
    timers.fire(9);
    CHECK(fired.empty());
    timers.fire(10);
    CHECK(fired == std::vector{4});
    CHECK(timers.next() == 20);
    timers.fire(1'000);
    CHECK(fired == std::vector{4, 3});
    CHECK(timers.next() == virtual_timerfds::none);
  }
  TEST("a setting replaces the one before, which is told") {
    const told_when_due told;
    virtual_timerfds timers;
    CHECK(timers.set(3, {20, 0}).when == virtual_timerfds::none);
    CHECK(timers.set(3, {30, 5}).when == 20);
    CHECK(timers.get(3).when == 30);
    CHECK(timers.get(3).interval == 5);
    CHECK(timers.set(3, {}).when == 30);
    timers.fire(1'000);
    CHECK(fired.empty());
  }
  TEST("with an interval it goes on, past the periods that were missed") {
    const told_when_due told;
    virtual_timerfds timers;
    timers.set(3, {10, 10});
    timers.fire(10);
    CHECK(timers.next() == 20);
    timers.fire(45);
    CHECK(fired == std::vector{3, 3});
    CHECK(timers.next() == 50);
    timers.set(3, {10, virtual_timerfds::none - 5});
    timers.fire(10);
    CHECK(timers.next() == virtual_timerfds::none);
  }
  TEST("one that has been closed is forgotten") {
    const told_when_due told;
    virtual_timerfds timers;
    timers.set(9, {10, 10});
    timers.fire(10);
    CHECK(fired == std::vector{9});
    CHECK(timers.next() == virtual_timerfds::none);
    timers.set(3, {10, 0});
    timers.clear();
    CHECK(timers.next() == virtual_timerfds::none);
  }
}
