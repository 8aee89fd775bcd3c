// A look at a loop that does not come back: whose handler has its thread, for how long, and where it is.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "../../loop/loop.hpp"
#include "../../model/ending.hpp"
#include "../../platform/limits.hpp"
#include "../../platform/native_trace.hpp"
#include "named_frames.hpp"
#include "watched_worker.hpp"

namespace awaitest::detail {

#ifdef AWAITEST_HAS_NATIVE_TRACE

/// The work of a loop's thread, as it tells itself in a signal's handler.
struct loop_moment {
  task_ref running{};     ///< whose handler its loop is in; none: of the io_context's own
  bool pumping = false;   ///< its loop is not in a handler of the io_context's own
  bool dropping = false;  ///< its loop destroys what has been left on the io_context

  /// The calling thread's.
  static loop_moment now() noexcept {
    loop_moment made;
    if (auto* const slot = here.running)
      made.running = {slot, slot->generation.load(std::memory_order_relaxed)};
    if (const auto* const current = loop::current()) {
      made.pumping = current->pumping();
      made.dropping = current->dropping();
    }
    return made;
  }
};

/// Asks a thread where it is. `note` runs in its signal's handler.
inline void trace_thread(long thread, void (*note)(), process_ending& into) {
  std::vector<void*> frames;
  if (!trace_signal::ask(thread, limits::answer_of_thread, nullptr, note, frames)) {
    into.trace = trace_result::no_answer;
    return;
  }
  detail::tell_frames(frames, into);
}

inline void tell_holder(const loop_moment& moment, watched_worker& which, blocked_loop& into) {
  auto* const slot = moment.running.slot;
  if (moment.dropping || !slot) {
    into.by = moment.dropping  ? thread_holder::leftovers
              : moment.pumping ? thread_holder::between_handlers
                               : thread_holder::io_handler;
    return;
  }
  into.by = thread_holder::handler;
  const std::unique_lock lock{slot->guard, std::try_to_lock};  // it may be held by the very thread
  if (!lock || slot->generation.load(std::memory_order_relaxed) != moment.running.generation) return;
  into.task = slot->label;
  into.by = into.task.empty() ? thread_holder::body_handler : thread_holder::task_handler;
  if (!into.task.empty()) return;
  which.for_each_current([&](const test_result& one) {
    const auto& record = *one.test.record;
    const bool plain = record.plain || (record.parameters && record.parameters->plain);
    if (one.attempt.get() == slot->scope && plain) into.by = thread_holder::body;
  });
}

#endif

/// Where a worker's thread is. Returns the task whose handler it is in; null: none, or it is not known. For the thread that watches.
inline const task* tell_place(watched_worker& which, process_ending& into) {
#ifdef AWAITEST_HAS_NATIVE_TRACE
  static loop_moment moment;  // of the thread that answers
  moment = {};
  detail::trace_thread(which.thread(), [] { moment = loop_moment::now(); }, into);
  if (into.trace == trace_result::taken) return moment.running.slot;
#else
  static_cast<void>(which);
  static_cast<void>(into);
#endif
  return nullptr;
}

/// For the thread that watches, once: the process ends then. `held`: see blocked_judge. `between_tests`: no test was in flight.
inline process_ending look_at_blocked(watched_worker& which, std::int64_t held, bool between_tests) {
  process_ending made;
  made.cause = end_cause::blocked_loop;
  made.loop.held = held;
  made.loop.between_tests = between_tests;
  if (between_tests) made.loop.last_test = which.last_test();
#ifdef AWAITEST_HAS_NATIVE_TRACE
  static loop_moment moment;  // of the thread that answers
  detail::trace_thread(which.thread(), [] { moment = loop_moment::now(); }, made);
  if (made.trace == trace_result::taken) detail::tell_holder(moment, which, made.loop);
#endif
  return made;
}

}  // namespace awaitest::detail
