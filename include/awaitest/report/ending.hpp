// The words about a process that ends before its tests do, and about a loop that never comes back.
#pragma once

#include <fmt/format.h>

#include <string>

#include "../model/ending.hpp"
#include "../model/text.hpp"
#include "frames.hpp"

namespace awaitest::reporting {

inline std::string words_for(const blocked_loop& loop) {
  const auto holder = [&]() -> std::string {
    switch (loop.by) {
      case thread_holder::unknown: break;
      case thread_holder::leftovers: return "the destruction of what tests have left on the io_context";
      case thread_holder::between_handlers: return "what runs between two handlers";
      case thread_holder::io_handler: return "a handler of the io_context";
      case thread_holder::handler: return "a handler";
      case thread_holder::body_handler: return "a handler of the body";
      case thread_holder::task_handler: return "a handler of " + loop.task;
      case thread_holder::body: return "the body";
    }
    return "a handler, or the test itself,";
  };
  auto text = "the loop is blocked: " + holder();
  text += loop.held > 0 ? " has held its thread for more than " + real_span_words(loop.held)
                        : " does not give its thread back";
  if (!loop.between_tests) return text + ", long after the timeout";
  text += ", and no test is in flight";
  return loop.last_test.empty() ? text : text + "; the last was \"" + loop.last_test + '"';
}

/// `the process crashed: SIGSEGV (invalid memory access)`. `asked_for`: somebody has ended it.
inline std::string words_for_cause(const process_ending& end, bool asked_for) {
  const bool its_own = end.relation == end_relation::of_its_own || end.relation == end_relation::after_it;
  switch (end.cause) {
    case end_cause::none: break;
    case end_cause::signal:
      if (its_own) return fmt::format("its process was ended by signal {} ({})", end.number, end.what);
      return (asked_for ? "the process was ended by " : "the process crashed: ") + end.what;
    case end_cause::terminate:
      return "std::terminate() was called" + (end.what.empty() ? "" : ": " + end.what);
    case end_cause::call: return end.what + " was called";
    case end_cause::replaced:
      return fmt::format("{} was called to replace the process by \"{}\"", end.what, end.program);
    case end_cause::sanitizer: return "a sanitizer has ended the process";
    case end_cause::out_of_memory: return "memory is exhausted";
    case end_cause::blocked_loop: return reporting::words_for(end.loop);
    case end_cause::never_begins:
      return "the tests are not selected yet, and the process gets no further: what makes cases, or an "
             "option such as skip_if(), does not return";
    case end_cause::never_ends:
      return "the tests are over, but the process does not end: something static is being destroyed, or "
             "exit() calls a function";
    case end_cause::exit_code: return fmt::format("its process ended with exit code {}", end.number);
    case end_cause::not_started: return "its process could not be started: " + end.what;
    case end_cause::not_begun:
      return "its process did not come to the test, and was killed: something static may wait in its "
             "constructor";
    case end_cause::was_killed:
      if (end.relation == end_relation::after_it)
        return "its process did not end after the test, and was killed";
      return "its process was heard of no more and did not end, and was killed: the test may have closed all "
             "descriptors";
  }
  return {};
}

/// All that is to be said of it, in lines: the cause, what it has to do with the test, and where the thread was.
inline std::string words_for(const process_ending& end, bool asked_for = false) {
  auto text = reporting::words_for_cause(end, asked_for);
  switch (end.relation) {
    case end_relation::of_none: break;
    case end_relation::of_it: text += asked_for ? " while it ran" : "; the process ends here"; break;
    case end_relation::elsewhere:
      if (asked_for) return text + " while it ran";
      return "the process ended while it ran: " + text + " elsewhere";
    case end_relation::of_its_own:
      if (end.cause == end_cause::exit_code) text += " and without a result";
      break;
    case end_relation::after_it:
      if (end.cause != end_cause::was_killed) text = "the test had ended without a failure, then " + text;
      break;
  }
  switch (end.trace) {
    case trace_result::not_taken: break;
    case trace_result::taken: text += "\nwhere it is:" + shown_frames::of(end.frames); break;
    case trace_result::no_answer:
      text += "\nwhere it is: not known, its thread does not answer a signal";
      break;
  }
  return text;
}

}  // namespace awaitest::reporting
