// The life of a test and of a suite, phase by phase, without a loop that runs.
#include <awaitest/awaitest.hpp>
#include <awaitest/scope/lifecycle.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using awaitest::conclusion;
using awaitest::test_phase;
using awaitest::detail::alive;
using awaitest::detail::lifecycle;
using awaitest::detail::loop;
using awaitest::detail::scope_limits;
using awaitest::detail::suite_phases;
using awaitest::detail::task_ref;
using awaitest::detail::test_phases;

namespace {

constexpr std::int64_t second = 1'000'000'000;

/// A scope whose own phases last until the test lets them end.
class told_scope final : public lifecycle {
 public:
  explicit told_scope(loop& home, progress_queue& queue, const test_phase* phases = test_phases)
      : lifecycle{home,    queue,
                  phases,  {false, second, second},
                  7,       phases == test_phases ? awaitest::scope::test : awaitest::scope::suite,
                  nullptr, {}} {}
  ~told_scope() { retire(); }

  void report(awaitest::failure&& what) override { told.push_back(std::move(what)); }
  void skip(std::string) override {}
  const std::string& name() const override { return name_; }
  bool failed() const override { return !told.empty(); }

  test_phase at() const { return *phase_; }
  bool steps() { return step(now, false); }
  task_ref new_task() { return take_task("a task"); }
  void note_in_cleanup(std::string& to, char what) {
    auto action = [&to, what] { to += what; };
    add_cleanup(std::make_unique<awaitest::detail::cleanup_call<decltype(action)>>(std::move(action)), {});
  }

  bool own_is_over = true;
  int cancelled = 0, given_up = 0;
  time_point now = clock::now();
  std::vector<awaitest::failure> told;

 private:
  void step_own(time_point at) override {
    if (own_is_over || given_up != 0) next_phase(at);
  }
  void cancel_own() override { ++cancelled; }
  void give_up_own() override { ++given_up; }

  std::string name_ = "told";
};

struct on_a_loop {
  awaitest::detail::handler_turns turns;
  loop home{turns};
  lifecycle::progress_queue queue;
};

}  // namespace

TEST_SUITE("scope: lifecycle") {
  TEST("with nothing to wait for it is over in one step") {
    on_a_loop on;
    told_scope test{on.home, on.queue};
    CHECK(test.at() == test_phase::set_up);
    CHECK(test.steps());
    CHECK(test.at() == test_phase::over);
    CHECK(test.told.empty());
    CHECK_FALSE(test.left_something());
  }

  TEST("a suite is open until it is closed, and has phases of its own") {
    on_a_loop on;
    told_scope suite{on.home, on.queue, suite_phases};
    suite.own_is_over = false;
    CHECK_FALSE(suite.steps());
    CHECK(suite.at() == test_phase::open);
    suite.conclude(conclusion::stuck, suite.now);  // its tests are, not the suite
    CHECK(suite.told.empty());
    suite.own_is_over = true;
    CHECK(suite.steps());
  }

  TEST("cleanups run after the body, the last one first") {
    on_a_loop on;
    told_scope test{on.home, on.queue};
    std::string order;
    test.note_in_cleanup(order, 'a');
    test.note_in_cleanup(order, 'b');
    test.own_is_over = false;
    CHECK_FALSE(test.steps());
    CHECK(order == "");
    test.own_is_over = true;
    CHECK(test.steps());
    CHECK(order == "ba");
  }

  TEST("concluded once it is cancelled, twice it is left behind") {
    on_a_loop on;
    told_scope test{on.home, on.queue};
    test.own_is_over = false;
    CHECK_FALSE(test.steps());
    test.conclude(conclusion::timeout, test.now);
    REQUIRE(test.told.size() == 1u);
    CHECK(test.told[0].kind == awaitest::failure_kind::timeout);
    CHECK(test.told[0].ended.why == conclusion::timeout);
    CHECK(test.told[0].ended.in == test_phase::set_up);
    CHECK(test.told[0].ended.limit == second);
    CHECK(test.cancelled == 1);
    CHECK(test.given_up == 0);
    CHECK_FALSE(test.left_something());
    CHECK(on.queue.waiting.size() == 1u);

    test.conclude(conclusion::timeout, test.now);
    REQUIRE(test.told.size() == 2u);
    CHECK(test.told[1].kind == awaitest::failure_kind::leak);
    CHECK(test.told[1].ended.why == conclusion::given_up);
    CHECK(test.given_up == 1);
    CHECK(test.left_something());
    CHECK(on.queue.waiting.size() == 1u);  // it waits there already
    CHECK(test.steps());
  }

  TEST("what ends in the time it has after a cancellation is not left behind") {
    on_a_loop on;
    told_scope test{on.home, on.queue};
    test.own_is_over = false;
    CHECK_FALSE(test.steps());
    test.conclude(conclusion::stuck, test.now);
    test.own_is_over = true;
    CHECK(test.steps());
    CHECK(test.told.size() == 1u);
    CHECK_FALSE(test.left_something());
  }

  TEST("what is outstanding at the end may end in its time") {
    on_a_loop on;
    told_scope test{on.home, on.queue};
    const auto worker = test.new_task();
    worker.slot->work.fetch_add(1);
    CHECK_FALSE(test.steps());
    CHECK(test.looks_for_leaks());
    CHECK(test.limits().deadline() == test.now + awaitest::detail::limits::leak);
    worker.slot->work.fetch_sub(1);
    CHECK(test.steps());
    CHECK(test.told.empty());
    CHECK_FALSE(test.left_something());
  }

  TEST("what has not ended then has leaked") {
    on_a_loop on;
    told_scope test{on.home, on.queue};
    const auto worker = test.new_task();
    worker.slot->work.fetch_add(1);
    CHECK_FALSE(test.steps());
    for (int looks = 0; !test.steps(); ++looks) {
      REQUIRE(looks <= awaitest::detail::limits::leak_looks);
      test.conclude(conclusion::stuck, test.now);
    }
    REQUIRE(test.told.size() == 1u);
    CHECK(test.told[0].kind == awaitest::failure_kind::leak);
    REQUIRE(test.told[0].waits.size() == 1u);
    CHECK(test.told[0].waits[0].task == "a task");
    CHECK(test.told[0].waits[0].what == "");
    CHECK(test.left_something());
    worker.slot->work.fetch_sub(1);
  }

  TEST("its tasks end with it") {
    on_a_loop on;
    task_ref last;
    {
      told_scope test{on.home, on.queue};
      last = test.new_task();
      test.progressed();
      CHECK(alive(last));
    }
    CHECK_FALSE(alive(last));
    CHECK(on.queue.waiting.empty());
  }
}

TEST_SUITE("scope: limits") {
  TEST("by one clock") {
    scope_limits limits{false, second, 5 * second};
    CHECK(limits.blocked_after() == scope_limits::time_point::max());
    const auto now = scope_limits::clock::now();
    limits.start(now);
    CHECK(limits.deadline() == now + 1s);
    CHECK(limits.by_the_machine() == now + 1s);
    CHECK(limits.blocked_after() ==
          now + 1s + awaitest::detail::limits::blocked + awaitest::detail::limits::drain);
    limits.start_closing(now);
    CHECK(limits.deadline() == now + 10s);
    limits.start_draining(now);
    CHECK(limits.deadline() == now + 1s);
  }

  TEST("in virtual time also by the machine's, and more by its own") {
    scope_limits limits{true, 0, 5 * second};
    const scope_limits::time_point start{};
    limits.start(start);
    CHECK(limits.deadline() == scope_limits::time_point::max());
    CHECK(limits.by_the_machine() == limits.real_deadline());
    CHECK(limits.real_deadline() < scope_limits::time_point::max());
    limits.start_closing(start);
    CHECK(limits.deadline() == start + 10min);
    CHECK(limits.told(conclusion::timeout, test_phase::body) == 0);
    CHECK(limits.told(conclusion::real_timeout, test_phase::body) == 5 * second);
    CHECK(limits.told(conclusion::timeout, test_phase::cleanups) == 600 * second);
  }

  TEST("none") {
    scope_limits limits{false, 0, 0};
    const auto now = scope_limits::clock::now();
    limits.start(now);
    limits.start_closing(now);
    CHECK(limits.deadline() == scope_limits::time_point::max());
    CHECK(limits.blocked_after() == scope_limits::time_point::max());
  }
}
