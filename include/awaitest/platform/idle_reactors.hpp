// Whether Asio sets a timerfd though there is no timer to wait for: a reactor that has had one always looks again after five minutes.
//
// Private to Asio: call_stack::top_, the members of its contexts, scheduler::task_, and epoll_reactor::timer_fd_ and timer_queues_
// (1.22 to 1.38). Where Asio waits without epoll, and with AWAITEST_NO_INTERPOSITION, there is no virtual time, and nobody asks.
#pragma once

#include "asio_timers.hpp"

#ifdef AWAITEST_HAS_ASIO_TIMERS

#include AWAITEST_ASIO_DETAIL(call_stack.hpp)
#include AWAITEST_ASIO_DETAIL(scheduler.hpp)
#include AWAITEST_ASIO_DETAIL(thread_context.hpp)
#include AWAITEST_ASIO_DETAIL(thread_info_base.hpp)

#include "private_member.hpp"

namespace awaitest::detail {

using running_contexts =
    asio::detail::call_stack<asio::detail::thread_context, asio::detail::thread_info_base>;
AWAITEST_PRIVATE_(running_contexts_top, &running_contexts::top_)
AWAITEST_PRIVATE_(running_context_key, &running_contexts::context::key_)
AWAITEST_PRIVATE_(running_context_next, &running_contexts::context::next_)
AWAITEST_PRIVATE_(scheduler_reactor, &asio::detail::scheduler::task_)

/// Asked while that timerfd is being set: the reactor which does it, if one does, is locked by the calling thread.
inline bool is_of_idle_reactor(int timerfd) {
  for (const running_contexts::context* one = *member_of(running_contexts_top{}); one;
       one = one->*member_of(running_context_next{})) {
    auto* const scheduler = static_cast<asio::detail::scheduler*>(one->*member_of(running_context_key{}));
    auto* const task = scheduler->*member_of(scheduler_reactor{});
    if (!task) continue;
    const auto& reactor = *static_cast<asio::detail::epoll_reactor*>(task);
    if (reactor.*member_of(reactor_timer_descriptor{}) == timerfd)
      return (reactor.*member_of(reactor_queues{})).all_empty();
  }
  return false;
}

}  // namespace awaitest::detail

#endif
