// Waits in a mock: callers for their answer, the test for the next call.
#pragma once

#include <memory>
#include <utility>

#include "../author/async/sync.hpp"
#include "../author/async/time.hpp"
#include "../author/mock/function.hpp"
#include "../loop/launch.hpp"
#include "../loop/sleep.hpp"
#include "../task/sync_state.hpp"
#include "calls.hpp"

namespace awaitest {
namespace detail {

/// For wait_in, and so under the list's guard: never take that while holding mock_guard().
struct call_is_decided {
  const call_core* call;
  bool operator()(const wait_list&) const {
    const std::lock_guard lock{mock_guard()};
    return call->decision == call_core::decision::made;
  }
};
struct has_call_for_test {
  const mock_core* mock;
  bool operator()(const wait_list&) const {
    const std::lock_guard lock{mock_guard()};
    return !mock->for_test.empty() || !mock->alive;
  }
};

/// The list that the call's caller waits in, made when it has to. Under mock_guard().
inline std::shared_ptr<wait_list> waiting_list(call_core& call) {
  if (!call.waiting) {
    call.text = detail::call_text(*call.mock, call);
    call.waiting =
        std::make_shared<wait_list>(call.text.c_str(), call.matched ? call.matched->where : call.mock->made);
    call.waiting->origin = call.matched ? "expected" : "mocked";
    call.mock->unfinished.emplace(call.serial, call.shared_from_this());
  }
  return call.waiting;
}

/// Latency and gates of the expectation; the gates may be gone.
inline asio::awaitable<void> delay_answer(std::shared_ptr<call_core> call) {
  const auto matched = call->matched;
  if (!matched) co_return;
  if (matched->latency > 0) {
    std::string what;
    {
      const std::lock_guard lock{mock_guard()};
      what = "the latency of " + detail::call_text(*call->mock, *call);
    }
    co_await sleep_in(std::move(what), std::chrono::nanoseconds{matched->latency}, matched->where);
  }
  for (const auto& gate : matched->gates) {
    const auto list = gate;
    bool open;
    {
      const std::lock_guard lock{list->guard};
      if (list->gone) throw asio::system_error(error_code(asio::error::operation_aborted), list->what);
      open = list->open;
    }
    if (!open) co_await detail::wait_in(list, matched->where, 0, gate_is_open{});
  }
}

asio::awaitable<void> wait_for_answer(std::shared_ptr<call_core> call) {
  std::shared_ptr<wait_list> list;
  {
    const std::lock_guard lock{mock_guard()};
    if (call->decision != call_core::decision::made || call->matched) list = waiting_list(*call);
  }
  const call_is_decided decided{call.get()};
  if (list && !decided(*list)) co_await detail::wait_in(list, location{}, 0, decided);
  if (!call->error || call->answer || call->matched) {
    auto delay = delay_answer(call);
    co_await std::move(delay);
  }
}

asio::awaitable<std::shared_ptr<call_core>> next_call(std::shared_ptr<mock_core> mock, location where) {
  bool rested = false;
  for (;;) {
    std::shared_ptr<wait_list> takers;
    {
      const std::lock_guard lock{mock_guard()};
      mock->answered_by_test = true;
      if (!mock->alive)
        throw asio::system_error(error_code(asio::error::operation_aborted),
                                 "next_call(): the mock was destroyed");
      // One that was only called so far may be awaited at any moment, and is worth more to the test then.
      auto taken = std::find_if(mock->for_test.begin(), mock->for_test.end(),
                                [](const auto& one) { return one.second->state == call_state::pending; });
      if (taken == mock->for_test.end() && (rested || !on_own_loop())) taken = mock->for_test.begin();
      if (taken != mock->for_test.end()) {
        auto call = std::move(taken->second);
        mock->for_test.erase(taken);
        call->decision = call_core::decision::by_test;
        call->taken = true;
        ++mock->taken;
        co_return call;
      }
      rested = !mock->for_test.empty();
      if (!mock->takers) mock->takers = std::make_shared<wait_list>("next_call", mock->made);
      takers = mock->takers;
    }
    if (rested) {
      co_await settle(where);
    } else {
      const has_call_for_test ready{mock.get()};
      co_await detail::wait_in(takers, where, 0, ready);
    }
  }
}

void add_gate(expectation_core& of, const gate& which) {
  const engine_lock lock;
  of.gates.push_back(which.state_);
}

}  // namespace detail
}  // namespace awaitest
