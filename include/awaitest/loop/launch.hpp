// Running a coroutine on a task's executor, with its end known in every case: the only co_spawn there is.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(bind_cancellation_slot.hpp)
#include AWAITEST_ASIO(cancellation_signal.hpp)
#include AWAITEST_ASIO(co_spawn.hpp)
#include AWAITEST_ASIO(multiple_exceptions.hpp)

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "../task/wait_list.hpp"
#include "executor.hpp"

namespace awaitest::detail {

/// A coroutine that was started. Held by whoever started it and by the coroutine's completion handler.
struct launch : std::enable_shared_from_this<launch> {
  enum class end : std::uint8_t { running, completed, threw, dropped };

  explicit launch(task_ref on) : who{on} {}
  launch(const launch&) = delete;
  launch& operator=(const launch&) = delete;

  task_ref who;
  asio::cancellation_signal signal;
  bool cancelled = false;  ///< somebody has asked it to end
  bool given_up = false;   ///< and it has not: nobody waits for it any more
  end how = end::running;
  std::exception_ptr error;
  std::shared_ptr<wait_list> joining;  ///< who waits for the end, if anybody
  std::shared_ptr<void> keeps;         ///< what the coroutine refers to, where nobody else will keep it
  coroutine_root root;                 ///< of its coroutines

  bool ended() const noexcept { return how != end::running; }
  bool is_over() const noexcept { return ended() || given_up; }
  /// Terminal cancellation. On the loop's thread; must not be called from inside the coroutine.
  void cancel() {
    cancelled = true;
    signal.emit(asio::cancellation_type::terminal);
  }

  /// Called once, on the loop's thread, from the coroutine's completion or its destruction, before who joins goes on.
  virtual void on_end() {}
  void finish(end reason, std::exception_ptr what) {
    how = reason;
    error = std::move(what);
    on_end();
    if (joining) joining->release_all();
  }

 protected:
  ~launch() = default;
};

/// For wait_in: there is no need to wait for what has ended.
struct has_ended {
  const launch* which;
  bool operator()(const wait_list&) const noexcept { return which->ended(); }
};

/// For wait_in: whoever asks has to wait.
struct always_waits {
  bool operator()(const wait_list&) const noexcept { return false; }
};

/// Whether it is the end that a cancellation brings.
inline bool is_abort(const std::exception_ptr& what) {
  if (!what) return false;
  try {
    std::rethrow_exception(what);
  } catch (const asio::system_error& e) {
    // A channel's receive and send end with an error of their own, asio::experimental::error::channel_cancelled.
    return e.code() == error_code(asio::error::operation_aborted) ||
           (e.code().value() == 2 && e.code().category().name() == std::string_view{"asio.channel"});
  } catch (const asio::multiple_exceptions& e) {
    return is_abort(e.first_exception());  // of `a && b`; Asio keeps no other
  } catch (...) {
    return false;
  }
}

/// Whether it is the exception that ends a task.
inline bool is_task_end(const std::exception_ptr& what) {
  if (!what) return false;
  try {
    std::rethrow_exception(what);
  } catch (const task_ended&) {
    return true;
  } catch (...) {
    return false;
  }
}

/// Asks it to end, from the loop: never inside the coroutine itself. What an ended object (a socket on a frame that is gone)
/// has already aborted is completed first: Asio's cancellation handlers still point into that object until then. So first
/// through the io_context's queue, then through the loop's.
inline void request_cancel(launch& which) {
  if (which.ended() || !alive(which.who)) return;
  which.cancelled = true;
  auto keep = which.shared_from_this();
  if (which.who.slot->scope->order) [[unlikely]] {  // which changes the order of both queues
    auto* const last = detail::make_ready(which.who, [held = std::move(keep)] {
      if (!held->ended()) held->cancel();
    });
    last->keeps_its_place = true;
    return which.who.slot->home.load(std::memory_order_relaxed)->push(last);
  }
  asio::post(which.who.slot->home.load(std::memory_order_relaxed)->context(),
             [held = std::move(keep)]() mutable {
               const executor on{held->who};
               asio::post(asio::require(on, asio::execution::blocking.never), [last = std::move(held)] {
                 if (!last->ended()) last->cancel();
               });
             });
}

class launch_handler {
 public:
  explicit launch_handler(std::shared_ptr<launch> which) noexcept : launch_{std::move(which)} {}
  launch_handler(launch_handler&&) noexcept = default;
  launch_handler& operator=(launch_handler&&) = delete;
  ~launch_handler() {
    if (launch_) std::exchange(launch_, nullptr)->finish(launch::end::dropped, nullptr);
  }
  void operator()(std::exception_ptr error) {
    auto done = std::exchange(launch_, nullptr);
    const auto how = error ? launch::end::threw : launch::end::completed;
    done->finish(how, std::move(error));
  }

 private:
  std::shared_ptr<launch> launch_;
};

/// Starts the coroutine: inside this call up to its first suspension when the task is the running one, else at the
/// loop's next turn.
inline void start(std::shared_ptr<launch> which, asio::awaitable<void> work) {
  const asio::any_io_executor on{executor{which->who}};
  which->root = coroutine_root{work};
  which->who.slot->root = which->root;
  const auto slot = which->signal.slot();
  asio::co_spawn(on, std::move(work), asio::bind_cancellation_slot(slot, launch_handler{std::move(which)}));
}

/// A spawned child.
struct child_state final : launch {
  child_state(task_ref on, std::string_view called, location at, bool is_background)
      : launch{on}, name{called}, where{at}, background{is_background} {}

  std::string name;
  location where;
  bool background;
  bool joined = false;  ///< somebody has been given its end
  bool judged = false;  ///< its end has been reported, where it was to be

  void give_up() {
    if (is_over()) return;
    given_up = true;
    --running();
  }
  void on_end() override {
    if (!alive(who)) return;
    who.slot->scope->happened(who.slot, how == end::completed ? "ended"
                                        : how == end::dropped ? "was destroyed"
                                        : is_abort(error)     ? "was cancelled"
                                                              : "ended by an exception");
    // A background child may have waited for a local of the body: losing it ends the child as a cancellation would.
    if (background && who.slot->scope->winding_down) cancelled = true;
    if (!given_up) --running();
    who.slot->scope->progressed();
  }

 private:
  /// The number of children of this kind that run and are waited for.
  std::size_t& running() const {
    auto& scope = *who.slot->scope;
    return background ? scope.running_background : scope.running_children;
  }
};

}  // namespace awaitest::detail
