// What waits in a mock: callers for their answer, the test for the next call, the handlers of operations.
#pragma once

#include <asio/system_executor.hpp>

#include <memory>
#include <utility>

#include "../author/async/sync.hpp"
#include "../author/async/time.hpp"
#include "../author/mock/function.hpp"
#include "../author/mock/operation.hpp"
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
      if (list->gone) throw std::system_error(std::error_code(asio::error::operation_aborted), list->what);
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
        throw std::system_error(std::error_code(asio::error::operation_aborted),
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

// --- operations -------------------------------------------------------------------------------------------------------

std::error_code error_code_of(const std::exception_ptr& what) {
  try {
    if (what) std::rethrow_exception(what);
    return {};
  } catch (const std::system_error& e) {
    return e.code();
  } catch (...) {
    return asio::error::fault;
  }
}

asio::any_io_executor default_executor() {
  if (const held_task held{here.current}) return executor{here.current};
  return asio::system_executor{};
}

/// An operation in the list of its call: completed by the reply, the end of its delay, its cancellation or the mock's end.
struct waiting_operation final : wait_list::waiter {
  explicit waiting_operation(operation_ptr which) : operation{std::move(which)} {}
  void complete(std::error_code error) override {
    const std::unique_ptr<waiting_operation> self{this};
    const bool aborted = error == std::error_code(asio::error::operation_aborted);
    if (const held_task held{who}) held->scope->went_on(*this, aborted);
    list.reset();
    operation->complete(aborted);
    if (driver) detail::request_cancel(*driver);
  }
  void destroy() noexcept override {
    if (const held_task held{who}) held->scope->remove(*this);
    delete this;
  }
  operation_ptr operation;
  std::shared_ptr<child_state> driver;
};

/// What stands between a call and its answer, run by a child of the test. Its end releases the operation.
inline asio::awaitable<void> drive_operation(std::shared_ptr<call_core> call,
                                             asio::awaitable<void> (*run)(std::shared_ptr<call_core>),
                                             std::shared_ptr<wait_list> list) {
  bool aborted = false;
  try {
    auto delay = delay_answer(call);
    co_await std::move(delay);
    if (call->answer && call->answer->is_coroutine) {
      auto work = run(call);
      co_await std::move(work);
    }
  } catch (...) {
    const auto error = std::current_exception();
    aborted = is_abort(error) && !call->error;
    if (!aborted && !call->error) call->error = error;
  }
  list->release_all(aborted ? std::error_code(asio::error::operation_aborted) : std::error_code{});
}

operation_core::~operation_core() = default;
void begin_operation(operation_ptr operation, bool wait) {
  auto call = operation->call;
  if (!wait) return operation->complete(false);
  std::shared_ptr<wait_list> list;
  bool decided;
  {
    const std::lock_guard lock{mock_guard()};
    list = waiting_list(*call);
    decided = call->decision == call_core::decision::made;
  }
  const auto run = operation->run;
  auto* const waiter = new waiting_operation{std::move(operation)};
  waiter->list = list;
  waiter->what = list->what;
  waiter->made = list->made;
  waiter->origin = list->origin;
  waiter->who = here.current;
  if (const held_task held{waiter->who}) held->scope->add(*waiter);
  const auto kept = list;
  bool linked;
  {
    const call_is_decided made_already{call.get()};
    const std::lock_guard lock{list->guard};
    linked = decided || !made_already(*list);
    if (linked) list->link(*waiter);
  }
  if (!linked) {
    if (waiter->claim()) waiter->complete({});
    return;
  }
  if (decided)
    waiter->driver = awaitest::detail::spawn(drive_operation(call, run, list), "the answer of " + call->text,
                                             call->matched->where, true);
}

void cancel_operation(const std::shared_ptr<call_core>& call) {
  std::shared_ptr<wait_list> list;
  {
    const std::lock_guard lock{mock_guard()};
    list = call->waiting;
  }
  if (list) list->release_all(asio::error::operation_aborted);
}

}  // namespace detail
}  // namespace awaitest
