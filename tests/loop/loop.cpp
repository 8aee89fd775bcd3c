// The loop by itself, driven by a driver of the test's.
#include <awaitest/awaitest.hpp>
#include <awaitest/loop/loop.hpp>

#include <asio.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

using namespace std::chrono_literals;
using awaitest::detail::loop;
using awaitest::detail::loop_driver;

namespace {

/// Does what the test says, and is over when the test says so.
class told_driver final : public loop_driver {
 public:
  bool advance() override { return on_advance && on_advance(); }
  bool finished() const override { return over; }
  time_point deadline() const override { return limit_; }
  bool expire(time_point now) override {
    if (now < limit_) return false;
    ++expired;
    over = true;
    if (on_expire) on_expire();
    return true;
  }
  bool expire_in_real_time(time_point, awaitest::detail::time_holder) override { return false; }
  time_point limit() const override { return limit_; }
  time_point last_limit() const override { return last_limit_; }
  bool time_by_hand() const override { return false; }
  bool settle() override { return false; }
  bool in_flight() const override { return flies; }
  bool world_is_closed() const override { return false; }
  void stuck(std::vector<awaitest::known_socket>) override {
    ++verdicts;
    over = true;
    if (on_stuck) on_stuck();
  }
  void escaped(std::exception_ptr what) override { thrown = std::move(what); }
  awaitest::detail::task_ref ambient() const override { return {}; }
  bool wants_new_context() override { return std::exchange(renew, false); }

  std::function<bool()> on_advance;
  std::function<void()> on_expire, on_stuck;
  bool over = false, renew = false, flies = true;
  int expired = 0, verdicts = 0;
  std::exception_ptr thrown;
  time_point limit_ = time_point::max();
  time_point last_limit_ = time_point::max();
};

/// On a thread of its own, as the test's has a loop already.
void run(loop& which, told_driver& driver) {
  std::thread([&] {
    awaitest::detail::own_threads::instance().add(awaitest::detail::this_thread_id());
    which.run(driver);
    which.end();
    awaitest::detail::own_threads::instance().remove(awaitest::detail::this_thread_id());
  }).join();
}

}  // namespace

TEST_SUITE("loop: by itself") {
  TEST("it is woken once until it has looked") {
    awaitest::detail::handler_turns turns;
    loop made{turns};
    made.wake();
    made.wake();
    CHECK(made.context().poll() == 1u);
    made.context().restart();
    made.wake();
    CHECK(made.context().poll() == 1u);
  }

  TEST("an io_context that takes the place of another can be woken as well") {
    awaitest::detail::handler_turns turns;
    loop made{turns};
    told_driver driver;
    auto* const first = &made.context();
    driver.on_advance = [&, step = 0]() mutable {
      if (step++ == 0) {
        made.wake();  // what is posted is lost with the first one
        driver.renew = true;
      } else if (&made.context() != first) {
        driver.over = true;
      }
      return false;
    };
    run(made, driver);
    CHECK(driver.over);
    made.wake();
    CHECK(made.context().poll() == 1u);
  }

  TEST("with nothing outstanding it gives the verdict, with a timer it waits") {
    {
      awaitest::detail::handler_turns turns;
      loop made{turns};
      told_driver driver;
      run(made, driver);
      CHECK(driver.verdicts == 1);
      CHECK(driver.expired == 0);
    }
    awaitest::detail::handler_turns turns;
    loop made{turns};
    told_driver driver;
    auto timer = std::make_unique<asio::steady_timer>(made.context(), 1ms);
    timer->async_wait([&](asio::error_code) {
      timer.reset();  // before its io_context, which ends with the run
      driver.over = true;
    });
    run(made, driver);
    CHECK(driver.verdicts == 0);
  }

  TEST(
      "a timer that an earlier test has left counts when it is due before the last limit of those in "
      "flight") {
    for (const bool counts : {false, true}) {
      awaitest::detail::handler_turns turns;
      loop made{turns};
      told_driver driver;
      auto timer = std::make_unique<asio::steady_timer>(made.context(), 1h);
      timer->async_wait([](asio::error_code) {});
      made.leave_timers();
      driver.limit_ = std::chrono::steady_clock::now() + (counts ? 0s : 60s);
      driver.last_limit_ = driver.limit_ + (counts ? 2h : 10min);
      driver.on_expire = [&] { timer.reset(); };
      driver.on_stuck = [&] { timer.reset(); };
      run(made, driver);
      CHECK(driver.verdicts == (counts ? 0 : 1));
    }
  }

  TEST("a limit that has passed is told to the driver") {
    awaitest::detail::handler_turns turns;
    loop made{turns};
    told_driver driver;
    driver.limit_ = std::chrono::steady_clock::now();
    auto timer = std::make_unique<asio::steady_timer>(made.context(), 1h);
    timer->async_wait([](asio::error_code) {});
    driver.on_expire = [&] { timer.reset(); };
    run(made, driver);
    CHECK(driver.expired == 1);
    CHECK(driver.verdicts == 0);
  }

  TEST("what a handler of the io_context throws goes to the driver") {
    awaitest::detail::handler_turns turns;
    loop made{turns};
    told_driver driver;
    asio::post(made.context(), [] { throw std::runtime_error("from a handler"); });
    driver.on_advance = [&] {
      driver.over = driver.thrown != nullptr;
      return false;
    };
    run(made, driver);
    REQUIRE(driver.thrown);
    CHECK_THROWS_WITH(std::rethrow_exception(driver.thrown), "from a handler");
  }

  TEST("inside a step it knows what else is on the io_context") {
    awaitest::detail::handler_turns turns;
    loop made{turns};
    told_driver driver;
    driver.flies = false;  // or the verdict comes before the last step
    auto timer = std::make_unique<asio::steady_timer>(made.context(), 1h);
    bool clean_before = false, clean_with = true, clean_after = false;
    std::size_t operations = 0;
    driver.on_advance = [&, step = 0]() mutable {
      switch (step++) {
        case 0:
          clean_before = made.io_is_clean();
          timer->async_wait([](asio::error_code) {});
          return true;
        case 1:
          clean_with = made.io_is_clean();
          operations = made.operations();
          timer->cancel();
          return false;
        default:
          clean_after = made.io_is_clean();
          timer.reset();
          driver.over = true;
          return false;
      }
    };
    run(made, driver);
    CHECK(clean_before);
    CHECK_FALSE(clean_with);
    CHECK(operations == 1u);
    CHECK(clean_after);
  }
}
