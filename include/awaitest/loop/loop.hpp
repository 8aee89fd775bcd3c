// One event loop: an io_context, the ready queues in front of it, and the decision what to do when nothing is ready. Longer than
// other headers: running, waiting and the verdict that nothing can go on read and write one state.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(executor_work_guard.hpp)
#include AWAITEST_ASIO(io_context.hpp)
#include AWAITEST_ASIO(post.hpp)

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "../platform/asio_scheduler.hpp"
#include "../platform/endless_timers.hpp"
#include "../platform/other_threads.hpp"
#include "../task/ready_queue.hpp"
#include "../task/scope.hpp"
#include "../task/wait_list.hpp"
#include "../time/clock_driver.hpp"
#include "../time/driven_clock.hpp"
#include "../time/holds.hpp"
#include "../time/virtual_clock.hpp"
#include "activity.hpp"
#include "driver.hpp"
#include "evidence.hpp"
#include "handler_memory.hpp"
#include "io_handler_scope.hpp"
#include "io_judge.hpp"
#include "io_look.hpp"
#include "schedule.hpp"
#include "scope_turns.hpp"

namespace awaitest::detail {

class loop {
 public:
  /// `turns` goes on with its handlers. With a clock, which it moves, its tests are in virtual time; the thread that runs it is to
  /// see that clock.
  explicit loop(handler_turns& turns, std::size_t worker = 0, virtual_clock* time = nullptr)
      : worker_{worker}, time_{time}, activity_{turns}, wait_{turns} {
    make_context();
  }
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  asio::io_context& context() noexcept { return *context_; }
  /// The number of the worker that it belongs to.
  std::size_t worker() const noexcept { return worker_; }
  /// The hold_time() guards of its tests.
  const std::shared_ptr<hold_count>& holds() const noexcept { return holds_; }
  bool is_mine() const noexcept { return current_ == this; }
  static loop* current() noexcept { return current_; }
  /// Null: the machine's.
  virtual_clock* time() const noexcept { return time_; }
  /// The waits of this_test::advance, each until the instant that is the waiter's key.
  const std::shared_ptr<wait_list>& advancing() const noexcept { return advancing_; }
  /// For --slow-handler.
  loop_activity& activity() noexcept { return activity_; }
  void watch_slow(std::int64_t limit) noexcept {
    activity_.set_limit(limit);
    wait_.timed = limit != 0;
  }
  /// Whether handlers of tasks are being run and tests driven, rather than a handler of the io_context's own.
  bool pumping() const noexcept { return pumping_.load(std::memory_order_relaxed); }
  /// Whether what was left on an io_context is being destroyed.
  bool dropping() const noexcept { return dropping_.load(std::memory_order_relaxed); }

  void push(ready_handler* handler) {
    auto* const scope = handler->who.slot->scope;
    turns_of_scopes_.push(scope);  // which may throw
    scope->ready.push(handler);
    all_held_ = false;
    if (keeps_places_) [[unlikely]]
      handler->keeps_its_place = true;
    if (scope->suspensions) [[unlikely]]
      detail::queued(*handler, *scope->suspensions);
  }
  /// Calls `f`; handlers that it makes ready go on next, whatever a schedule says.
  template <class F>
  auto keep_places(F f) {
    keeps_places_ = true;
    const auto made = f();
    keeps_places_ = false;
    return made;
  }
  /// A scope ends: what is still ready in it is destroyed, at the loop's next step.
  void forget(test_scope& scope) {
    if (scope.ready.empty()) return;
    turns_of_scopes_.forget(&scope);
    dead_.append(scope.ready);
  }
  /// From another thread, the handler's task being held.
  void push_from_elsewhere(ready_handler* handler) {
    handler->who.slot->scope->met_threads.store(true, std::memory_order_relaxed);
    bool first;
    {
      const std::lock_guard lock{guard_};
      first = foreign_.empty();
      foreign_.push(handler);
    }
    if (first) wake();
  }
  /// Threads of another worker's test count while anything but timers is outstanding here: an answer of theirs is such work.
  threads_of_others threads_of_others_that_count() {
    return clock_driver_ && clock_driver_->has_other_work() ? threads_of_others::seen
                                                            : threads_of_others::left_out;
  }
  /// Makes the loop look at its driver again. From any thread, while the loop runs.
  void wake() {
    const std::lock_guard lock{guard_};
    if (std::exchange(woken_, true)) return;  // one that is on its way is enough
    asio::post(*context_, [this] {
      const std::lock_guard again{guard_};
      woken_ = false;
    });
  }

  /// Evidence for tests that have run out of time, where nothing but I/O is to come or nothing at all: whether only somebody outside of
  /// the process could wake them, or a thread, and their sockets.
  evidence look_for_wakers(const loop_driver& driver) {
    if (any_ready() || is_held()) return {};
    const bool only_io = only_io_is_to_come(driver);
    if (!only_io && (time_ || !(context_->stopped() || only_endless_timers(driver)))) return {};
    io_look look{*context_, false};
    const auto without_threads = look.who();
    look.add_threads(time_left(driver), time_);
    if (look.who() == waker::outsiders) return {{}, look.sockets(), true};
    if (without_threads == waker::somebody || look.who() == waker::nobody) return {};
    return {detail::find_threads_at_work(time_, threads_of_others::seen, true), look.sockets(), false};
  }
  /// A test begins: the threads that it makes are its own.
  void begin_test() noexcept { running_tests::begin(*running_test_); }

  /// Runs the driver's tests on the calling thread until it is finished. Again, it goes on where it was.
  void run(loop_driver& driver) {
    const entered here_now{*this};
    const driven_clock driven{time_};
    // Limits are judged by a moment before which all that was due has had its turn: a thread that was off the processor
    // meanwhile has not been late.
    auto begun = real_now();
    while (!driver.finished()) {
      const auto before = std::exchange(begun, real_now());
      context_->restart();
      auto* const order = order_of(driver);
      const auto posted_before = order ? asio_->queued() : 0;
      asio::post(*context_, [this, &driver] { pump(driver); });
      if (clock_driver_) {
        clock_driver_->count_posted();
        clock_driver_->fire(timers_of(driver));
      }
      const bool rest = order ? step_in_order(driver, *order, posted_before) : poll(driver);
      if (clock_driver_) driver.expire_in_real_time(before, held_);
      take_foreign();
      if (driver.wants_new_context()) {
        make_context();
        continue;
      }
      if (any_to_run() || !rest || driver.finished()) {
        if (!clock_driver_) driver.expire(before);
        continue;
      }
      clock_driver_ ? idle_in_virtual_time(driver) : idle(driver, begun);
    }
  }
  /// Destroys what is left over, on the calling thread.
  void end() {
    const entered here_now{*this};
    make_context();
    drop_ready();
  }

  /// Between two tests: no timer that is set now can wake the next one before it is due.
  void leave_timers() {
    if (endless_) endless_->leave();
  }
  /// Whether nothing is to come from the io_context. Inside `loop_driver::advance` only.
  bool io_is_clean() {
    const std::lock_guard lock{guard_};
    return foreign_.empty() && operations_besides_ours() == 0;
  }
  /// The number of operations that the io_context has, besides the handler that is asking. Inside `loop_driver::advance` only.
  std::size_t operations() {
    const std::lock_guard lock{guard_};
    return operations_besides_ours();
  }

 private:
  using scheduler = asio::detail::io_context_impl;
  static constexpr int batch = 256;

  /// The calling thread is the loop's while this lives.
  class entered {
   public:
    explicit entered(loop& which) {
      current_ = &which;
      test_here = which.running_test_.get();
      handler_memory::keep();
    }
    entered(const entered&) = delete;
    entered& operator=(const entered&) = delete;
    ~entered() {
      handler_memory::drop();
      test_here = nullptr;
      current_ = nullptr;
    }
  };

  /// Under guard_. Another worker that has woken the loop is no I/O of anybody's.
  std::size_t operations_besides_ours() const {
    const auto number = asio_->outstanding();
    const std::size_t ours = woken_ ? 2 : 1;
    return number > ours ? number - ours : 0;
  }

  void make_context() {
    auto made = std::make_unique<asio::io_context>(1);
    scheduler_ = &asio::use_service<scheduler>(*made);
    {
      const std::lock_guard lock{guard_};
      made.swap(context_);
      woken_ = false;
    }
    wait_.descriptor = -1;
    clock_driver_.reset();
    endless_.emplace(*context_);
    asio_.emplace(*context_);
    activity_.next();
    {
      const raised_flag dropping{dropping_};
      made.reset();  // destroys what is pending, and the coroutines that wait for it
    }
    if (time_) clock_driver_ = std::make_unique<clock_driver>(*time_, *context_, advancing_);
  }

  // Inside a handler of the io_context, so that Asio's recycling of coroutine frames and handlers is at work.
  void pump(loop_driver& driver) {
    activity_.leave_out();
    const raised_flag pumping{pumping_};
    // One step where a schedule decides: what that posts to the io_context is in its queue only afterwards.
    in_order_ = order_of(driver) != nullptr;
    const int most = in_order_ ? 1 : batch;
    for (int n = 0; n < most; ++n) {
      if (any_ready()) {
        const bool goes_on = run_next();
        if (clock_driver_) clock_driver_->mark_timers();
        if (!goes_on) [[unlikely]]
          break;
        continue;
      }
      activity_.next();
      if (!driver.advance()) return;
    }
    more_ = true;
  }

  bool any_ready() const noexcept { return !turns_of_scopes_.empty() || !dead_.empty(); }
  bool any_to_run() const noexcept { return any_ready() && !all_held_; }
  /// Destroys those of scopes that are over, and runs one: the turn is that of the scope with the oldest handler, and which of its
  /// handlers it is says the scope's schedule. False when it has one, and the pump is to look at the io_context first.
  bool run_next() {
    while (!dead_.empty()) {
      auto* const handler = dead_.take();
      handler->finish(handler, false);
    }
    if (turns_of_scopes_.empty()) return true;
    auto& scope = *turns_of_scopes_.front();
    if (scope.order) [[unlikely]] {
      if (in_order_)
        run_chosen(scope);
      else
        order_begins_ = true;
      return false;
    }
    turns_of_scopes_.pop();
    run(scope.ready.take(), scope);
    return true;
  }
  [[gnu::cold, gnu::noinline]] void run_chosen(test_scope& scope) {
    offered_.clear();
    const auto offer = [&](ready_handler& one) {
      offered_.push_back({&one, 0});
      return offered_.size() < schedule::most_offered;
    };
    if (scope.order->splits_chains())
      scope.ready.for_each(offer);
    else
      scope.ready.for_each_head(offer);
    offer_own();
    const auto which = scope.order->choose(offered_, next_timer());
    if (which == schedule::none) {
      all_held_ = true;
      return;
    }
    const auto next = offered_[which];
    if (!next.handler) {
      asio_->bring_to_front(next.place);
      leaves_to_io_ = true;
      return;
    }
    turns_of_scopes_.pop();
    scope.ready.take(next.handler);
    run(next.handler, scope);
  }
  void offer_own() {
    const auto all = asio_->queued();
    for (std::size_t i = 0; i < all && i < schedule::most_offered; ++i) offered_.push_back({nullptr, i});
  }
  std::int64_t next_timer() { return clock_driver_ ? clock_driver_->next_timer() : schedule::never; }
  void run(ready_handler* handler, test_scope& scope) {
    io_judge_.goes_on();
    const running_scope running{handler->who};
    const detail::activity doing{activity_, loop_work::handler, handler->who};
    try {
      handler->finish(handler, true);
    } catch (...) {
      scope.escaped(std::current_exception());
    }
  }

  /// Runs the pump and what I/O has completed. False when there may be more.
  bool poll(loop_driver& driver) {
    more_ = false;
    for (int n = 0; n < batch; ++n) {
      const io_handler_scope ambient{activity_, driver.ambient()};
      try {
        if (context_->poll_one() == 0) return !more_;
        if (clock_driver_) clock_driver_->count_run();
      } catch (...) {
        driver.escaped(std::current_exception());
      }
      if (order_begins_) [[unlikely]]
        break;
      if (!more_ && has_nothing_but_timers()) return true;
    }
    order_begins_ = false;
    return false;
  }

  void idle(loop_driver& driver, loop_driver::time_point polled) {
    if (let_go(driver)) return;
    if (driver.settle() || driver.expire(polled)) return;
    if (context_->stopped()) {  // no I/O and no timer; or a handler has stopped it
      context_->restart();
      const auto ran = poll_one(driver);
      if (ran || any_ready()) return;
    }
    if (!context_->stopped() && !(driver.in_flight() && only_endless_timers(driver))) {
      const bool is_for_io = driver.in_flight() && only_io_is_to_come(driver);
      if (is_for_io && io_judge_.is_due() && judge_io(driver) == io_judge::verdict::stuck) return;
      return wait_until(driver,
                        is_for_io ? std::min(driver.deadline(), io_judge_.next()) : driver.deadline());
    }
    if (driver.in_flight() && !is_held() && detail::no_thread_can_wake(time_left(driver), time_)) {
      take_foreign();
      context_->restart();
      // Such a thread may have begun an operation before it fell asleep.
      if (!any_ready() && !poll_one(driver) && !any_ready() &&
          (context_->stopped() || only_endless_timers(driver)))
        driver.stuck({});
      doubt_ = std::chrono::milliseconds{1};
      return;
    }
    // Another thread may have work in hand: wait for it in real time, and look again.
    context_->restart();
    const auto guard = asio::make_work_guard(*context_);
    const auto look_again = std::chrono::steady_clock::now() + doubt_;
    doubt_ = std::min<std::chrono::nanoseconds>(doubt_ * 2, std::chrono::milliseconds{16});
    wait_until(driver, std::min(driver.deadline(), look_again));
  }

  /// Time moves when nothing is ready here, no other thread can have anything in hand, and I/O has had its moment to arrive.
  void idle_in_virtual_time(loop_driver& driver) {
    held_ = time_holder::nobody;
    if (clock_driver_->fire(timers_of(driver)))  // a blocking call has moved the clock past them
      return time_has_moved(driver);
    if (driver.settle() || driver.expire(time_->now())) return;
    if (!driver.in_flight())
      return static_cast<void>(wait_in_real_time(driver, std::chrono::milliseconds{50}));
    const auto others =
        detail::lightest_foreign_sleep(time_left(driver), time_, threads_of_others_that_count());
    const bool guarded = is_held();
    if (guarded || others == thread_sleep::none) {
      held_ = guarded ? time_holder::guard : time_holder::thread;
      clock_driver_->count_run();  // it may be I/O what it is doing
      if (wait_in_real_time(driver, doubt_)) return doubt_is_over();
      doubt_ = std::min<std::chrono::nanoseconds>(doubt_ * 2, std::chrono::milliseconds{16});
      return;
    }
    // The last of them may have posted something just before.
    take_foreign();
    if (any_to_run()) return;
    const bool elsewhere = others == thread_sleep::for_io;
    if (elsewhere || !has_nothing_but_timers()) {
      if (order_of(driver)) driver.ambient().slot->scope->met_io = true;
      if (waits_for_io(driver, elsewhere)) return;
    }
    doubt_is_over();
    switch (clock_driver_->move(driver.deadline(), driver.time_by_hand(), timers_of(driver))) {
      case clock_driver::verdict::moved: return time_has_moved(driver);
      case clock_driver::verdict::real:
        if (let_go(driver)) return;
        held_ = time_holder::outside;
        wait_in_real_time(driver, std::chrono::milliseconds{16});
        return;
      case clock_driver::verdict::nothing:
        if (let_go(driver)) return;
        break;
    }
    if (detail::no_thread_can_wake(time_left(driver), time_)) {
      take_foreign();
      context_->restart();
      if (!any_to_run() && !poll_one(driver) && !any_to_run() &&
          clock_driver_->nothing_is_to_come(driver.time_by_hand()))
        driver.stuck({});
    }
  }
  /// Whether I/O, here or on another thread, has come, may be on its way, or has just been judged.
  bool waits_for_io(loop_driver& driver, bool elsewhere) {
    context_->restart();
    if (poll_one(driver) || any_to_run()) return true;
    context_->restart();
    if (clock_driver_->gives_grace(elsewhere) && wait_in_real_time(driver, std::chrono::milliseconds{1}))
      return true;
    doubt_is_over();
    if (clock_driver_->waits_for_bytes(elsewhere)) {
      wait_in_real_time(driver, std::chrono::milliseconds{1});
      return true;
    }
    if (has_come_meanwhile(driver, elsewhere)) return true;
    const auto io = only_io_is_to_come(driver) ? judge_io(driver) : io_judge::verdict::goes_on;
    if (io == io_judge::verdict::settles) wait_in_real_time(driver, io_judge::soon);
    return io != io_judge::verdict::goes_on;
  }
  /// Whether I/O has come since the last look: what was on its way then, and is not any more. `elsewhere`: to another thread, which may
  /// still be about to wake.
  bool has_come_meanwhile(loop_driver& driver, bool elsewhere) {
    if (!elsewhere && !clock_driver_->has_other_work()) return false;
    context_->restart();
    if (poll_one(driver) || any_to_run()) return true;
    return elsewhere && detail::lightest_foreign_sleep(time_left(driver), time_,
                                                       threads_of_others_that_count()) == thread_sleep::none;
  }
  /// Whether nothing is outstanding that can wake a test in flight before its time is over.
  bool only_endless_timers(const loop_driver& driver) {
    return endless_->are_all(driver.last_limit() - real_now());
  }
  /// Whether no timer of the io_context is to come before the last test's time is over, and something else is.
  bool only_io_is_to_come(const loop_driver& driver) {
    return clock_driver_ ? clock_driver_->only_io_is_to_come(time_->by_hand)
                         : endless_->are_all_timers(driver.last_limit() - real_now());
  }
  /// Ends the tests in flight when all that they wait for is I/O which nobody will bring.
  io_judge::verdict judge_io(loop_driver& driver) {
    if (is_held()) return io_judge_.look_later();
    const auto still = [&] {
      take_foreign();
      context_->restart();
      return !any_to_run() && !poll_one(driver) && !any_to_run() && !is_held() && only_io_is_to_come(driver);
    };
    std::vector<known_socket> sockets;
    const auto found =
        io_judge_.judge(*context_, driver.world_is_closed(), time_left(driver), time_, still, sockets);
    if (found == io_judge::verdict::stuck) driver.stuck(std::move(sockets));
    return found;
  }
  static std::chrono::nanoseconds time_left(const loop_driver& driver) {
    return driver.limit() - real_now();  // never is not less than 200 years away
  }
  bool is_held() const noexcept { return holds_->number.load(std::memory_order_acquire) != 0; }
  void doubt_is_over() { doubt_ = std::chrono::milliseconds{1}; }

  /// In virtual time: no handler is queued and no I/O outstanding. A look at epoll would find nothing, and takes a tenth of the time of a
  /// wake-up.
  bool has_nothing_but_timers() { return clock_driver_ && !clock_driver_->has_other_work(); }

  /// True when a handler has run, or another thread has given one.
  bool wait_in_real_time(loop_driver& driver, std::chrono::nanoseconds longest) {
    context_->restart();
    const auto guard = asio::make_work_guard(*context_);
    const io_handler_scope ambient{activity_, driver.ambient(), &wait_};
    bool ran = true;
    try {
      asio::error_code ignored;
      ran = scheduler_->wait_one(static_cast<long>(longest.count() / 1000), ignored) != 0;
    } catch (...) {
      driver.escaped(std::current_exception());
    }
    if (ran) {
      clock_driver_->count_run();
      io_judge_.goes_on();
    }
    take_foreign();
    return ran || any_to_run();
  }

  bool poll_one(loop_driver& driver) {
    const io_handler_scope ambient{activity_, driver.ambient()};
    try {
      return context_->poll_one() != 0;
    } catch (...) {
      driver.escaped(std::current_exception());
      return true;
    }
  }
  void wait_until(loop_driver& driver, loop_driver::time_point when) {
    const io_handler_scope ambient{activity_, driver.ambient(), &wait_};
    try {
      if (context_->run_one_until(when) != 0) {
        doubt_ = std::chrono::milliseconds{1};
        io_judge_.goes_on();
      }
    } catch (...) {
      driver.escaped(std::current_exception());
    }
    take_foreign();
  }

  void take_foreign() {
    ready_queue taken;
    {
      const std::lock_guard lock{guard_};
      taken.append(foreign_);
    }
    while (!taken.empty()) {
      auto* handler = taken.take();
      if (alive(handler->who))
        push(handler);
      else
        handler->finish(handler, false);
    }
  }
  void drop_ready() {
    take_foreign();
    while (!turns_of_scopes_.empty()) forget(*turns_of_scopes_.front());
    while (!dead_.empty()) {
      auto* handler = dead_.take();
      handler->finish(handler, false);
    }
  }

  /// One step of what a schedule orders: a handler of the scope, or one of the io_context's own, among which the pump stands
  /// behind so many. False when there may be more.
  [[gnu::cold, gnu::noinline]] bool step_in_order(loop_driver& driver, schedule& order, std::size_t pump_at) {
    asio_->bring_to_front(pump_at);
    more_ = leaves_to_io_ = false;
    const auto run_one = [&] {
      const bool ran = poll_one(driver);
      if (ran && clock_driver_) clock_driver_->count_run();
      return ran;
    };
    run_one();  // the pump
    if (all_held_ && any_ready()) return true;
    if (more_ && !leaves_to_io_) return false;
    if (!leaves_to_io_) {
      offered_.clear();
      offer_own();
      if (!offered_.empty()) asio_->bring_to_front(offered_[order.choose(offered_, next_timer())].place);
    }
    return !run_one();
  }
  /// The schedule of the only scope in flight, if it has one.
  static schedule* order_of(const loop_driver& driver) {
    const auto who = driver.ambient();
    return alive(who) && who.slot->scope ? who.slot->scope->order : nullptr;
  }
  static timer_order timers_of(const loop_driver& driver) { return {order_of(driver)}; }
  void time_has_moved(const loop_driver& driver) {
    if (auto* const order = order_of(driver)) {
      order->time_has_moved();
      all_held_ = false;
    }
  }
  bool let_go(const loop_driver& driver) {
    auto* const order = all_held_ ? order_of(driver) : nullptr;
    if (!order || !order->let_go()) return false;
    all_held_ = false;
    return true;
  }

  inline static constinit thread_local loop* current_ = nullptr;

  std::size_t worker_;
  virtual_clock* time_;
  running_tests::lease running_test_ = running_tests::instance().take();
  std::shared_ptr<wait_list> advancing_ = std::make_shared<wait_list>("this_test::advance", location{});
  std::unique_ptr<asio::io_context> context_;
  std::unique_ptr<clock_driver> clock_driver_;  // null in real time
  std::optional<endless_timers> endless_;
  std::optional<asio_scheduler> asio_;
  scheduler* scheduler_ = nullptr;
  scope_turns turns_of_scopes_;
  ready_queue dead_;  // of scopes that are over
  loop_activity activity_;
  loop_wait wait_;
  std::atomic<bool> pumping_{false}, dropping_{false};  // read by a signal handler on this thread
  bool more_ = false;
  bool in_order_ = false;      // a schedule decides what the pump runs
  bool order_begins_ = false;  // it does from the next look at the io_context on
  bool keeps_places_ = false;  // what is pushed now goes on next
  bool all_held_ = false;      // and none of what is ready runs before time moves, or something else is ready
  std::vector<schedule_choice> offered_;  // to the schedule
  bool leaves_to_io_ = false;             // the next step is a handler of the io_context's own
  std::chrono::nanoseconds doubt_ = std::chrono::milliseconds{1};
  io_judge io_judge_;
  time_holder held_ = time_holder::nobody;
  std::shared_ptr<hold_count> holds_ = time_ ? time_->holds : std::make_shared<hold_count>();
  std::mutex guard_;  // of the following, and of the context while others post to it
  bool woken_ = false;
  ready_queue foreign_;
};

}  // namespace awaitest::detail
