// The queue of an io_context: handlers that were posted to its own executor, or to a strand of it, and completed operations.
//
// Private to Asio: scheduler::op_queue_, mutex_, task_operation_ and outstanding_work_ (1.22 to 1.38). With
// AWAITEST_NO_INTERPOSITION they are left alone: the queue is said to be empty, the io_context takes its handlers in its own order, and
// its work is counted down and up again.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO_DETAIL(scheduler.hpp)
#include AWAITEST_ASIO(io_context.hpp)

#include <cstddef>
#include <type_traits>
#include <utility>

#ifndef AWAITEST_NO_INTERPOSITION

#include "private_member.hpp"

namespace awaitest::detail {

AWAITEST_PRIVATE_(scheduler_queue, &asio::detail::scheduler::op_queue_)
AWAITEST_PRIVATE_(scheduler_mutex, &asio::detail::scheduler::mutex_)
AWAITEST_PRIVATE_(scheduler_task, &asio::detail::scheduler::task_operation_)
AWAITEST_PRIVATE_(scheduler_work, &asio::detail::scheduler::outstanding_work_)

/// The thread that runs the io_context only; others may post meanwhile.
class asio_scheduler {
 public:
  explicit asio_scheduler(asio::io_context& of)
      : scheduler_{asio::use_service<asio::detail::scheduler>(of)} {}

  /// The number of operations that keep the io_context going, the running handler's own among them.
  std::size_t outstanding() const {
    const long number = scheduler_.*member_of(scheduler_work{});
    return number > 0 ? static_cast<std::size_t>(number) : 0;
  }
  /// The number of handlers in the queue.
  std::size_t queued() {
    const lock guard{scheduler_.*member_of(scheduler_mutex{})};
    std::size_t number = 0;
    for (auto* one = queue().front(); one; one = asio::detail::op_queue_access::next(one))
      if (one != marker()) ++number;
    return number;
  }
  /// The handler that so many stand in front of is the next one to run.
  void bring_to_front(std::size_t place) {
    const lock guard{scheduler_.*member_of(scheduler_mutex{})};
    asio::detail::op_queue<asio::detail::operation> before;
    asio::detail::operation* wanted = nullptr;
    for (std::size_t passed = 0; auto* one = queue().front();) {
      queue().pop();
      if (one != marker() && passed++ == place) {
        wanted = one;
        break;
      }
      before.push(one);
    }
    before.push(queue());
    if (wanted) queue().push(wanted);
    queue().push(before);
  }

 private:
  using mutex = std::remove_reference_t<decltype(std::declval<asio::detail::scheduler&>().*
                                                 member_of(scheduler_mutex{}))>;
  using lock = typename mutex::scoped_lock;

  asio::detail::op_queue<asio::detail::operation>& queue() {
    return scheduler_.*member_of(scheduler_queue{});
  }
  /// Stands in the queue for a look at the reactor.
  asio::detail::operation* marker() { return &(scheduler_.*member_of(scheduler_task{})); }

  asio::detail::scheduler& scheduler_;
};

}  // namespace awaitest::detail

#else

namespace awaitest::detail {

class asio_scheduler {
 public:
  explicit asio_scheduler(asio::io_context& of)
      : context_{of}, scheduler_{asio::use_service<asio::detail::scheduler>(of)} {}
  /// Inside a handler, and while no other thread posts; none when a handler has stopped the io_context.
  std::size_t outstanding() const {
    std::size_t number = 0;
    for (; !context_.stopped(); ++number) scheduler_.work_finished();
    context_.restart();
    for (std::size_t i = 0; i < number; ++i) scheduler_.work_started();
    return number;
  }
  std::size_t queued() { return 0; }
  void bring_to_front(std::size_t) {}

 private:
  asio::io_context& context_;
  asio::detail::scheduler& scheduler_;
};

}  // namespace awaitest::detail

#endif
