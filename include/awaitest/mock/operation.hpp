// A mocked operation on its way: its call waits for the answer, and the handler is completed with it.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(system_executor.hpp)

#include <exception>
#include <memory>
#include <system_error>
#include <utility>

#include "../author/async/spawn.hpp"
#include "../author/mock/operation.hpp"
#include "../loop/launch.hpp"
#include "wait.hpp"

namespace awaitest::detail {

error_code error_code_of(const std::exception_ptr& what) {
  try {
    if (what) std::rethrow_exception(what);
    return {};
  } catch (const asio::system_error& e) {
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
  void complete(error_code error) override {
    const std::unique_ptr<waiting_operation> self{this};
    if (const held_task held{who})
      held->scope->went_on(*this, error == error_code(asio::error::operation_aborted));
    list.reset();
    operation->complete(error);
    if (driver) detail::request_cancel(*driver);
  }
  void destroy() noexcept override {
    if (const held_task held{who}) held->scope->remove(*this);
    delete this;
  }
  operation_ptr operation;
  std::shared_ptr<child_state> driver;
};

/// The delay between a call and its answer, run by a child of the test. Its end releases the operation.
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
  list->release_all(aborted ? error_code(asio::error::operation_aborted) : error_code{});
}

operation_core::~operation_core() = default;
void begin_operation(operation_ptr operation, bool wait) {
  auto call = operation->call;
  if (!wait) return operation->complete({});
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
  const auto error = detail::begins_to_wait(*waiter);
  const auto kept = list;
  bool linked = !error;
  if (linked) {
    const call_is_decided made_already{call.get()};
    const std::lock_guard lock{list->guard};
    linked = decided || !made_already(*list);
    if (linked) list->link(*waiter);
  }
  if (!linked) {
    if (waiter->claim()) waiter->complete(error);
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

}  // namespace awaitest::detail
