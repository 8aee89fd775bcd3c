// Data about a process that ends before its tests do, and a loop that never comes back: the words are the reporter's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace awaitest {

/// A function on a stack, inlined ones included.
struct named_frame {
  std::string function;  ///< empty: not known
  std::string text;      ///< all that there is to say
};

/// The work that has a loop's thread.
enum class thread_holder : std::uint8_t {
  unknown,    ///< the thread has not answered
  leftovers,  ///< what tests have left on the io_context is being destroyed
  between_handlers,
  io_handler,    ///< a handler of the io_context's own executor
  handler,       ///< of a task; whose is not known
  body_handler,  ///< of the test's body
  task_handler,  ///< of the task `blocked_loop::task`
  body           ///< the whole of a test that is no coroutine
};

/// A loop that does not get its thread back.
struct blocked_loop {
  thread_holder by = thread_holder::unknown;
  std::string task;       ///< of a task_handler
  std::int64_t held = 0;  ///< nanoseconds of real time, at least; 0: not known
  bool between_tests = false;
  std::string last_test;  ///< between tests: the one that has ended last; empty: none
};

/// Why a process ends, or has ended, out of its turn.
enum class end_cause : std::uint8_t {
  none,
  signal,     ///< `number`, `what`
  terminate,  ///< std::terminate(); `what`: the exception, where it is known
  call,       ///< `what` was called: `_exit(0)`
  replaced,   ///< `what` was called to make another program of it: `program`
  sanitizer,
  out_of_memory,
  blocked_loop,  ///< a loop does not come back: the watchdog ends the process
  never_begins,  ///< the selection of its tests does not come to an end: the same
  never_ends,    ///< the tests are over, and it does not end: the same
  exit_code,     ///< `number`: seen by who has started it
  not_started,   ///< `what`: the error
  not_begun,     ///< it was killed by who has started it, as it did not come to its test
  was_killed     ///< by who has started it, as it did not end after its test, or was heard of no more
};

/// The relation between a test and the end of a process.
enum class end_relation : std::uint8_t {
  of_it,       ///< the test has brought it about
  elsewhere,   ///< the test was running meanwhile
  of_none,     ///< no test was
  of_its_own,  ///< the process was the test's own (--isolate), and the test came to no end
  after_it     ///< the same, and the test had ended without a failure
};

enum class trace_result : std::uint8_t { not_taken, taken, no_answer };

struct process_ending {
  end_cause cause = end_cause::none;
  end_relation relation = end_relation::of_none;
  int number = 0;
  std::string what;
  std::string program;
  blocked_loop loop;
  trace_result trace = trace_result::not_taken;
  std::vector<named_frame> frames;  ///< of the thread that it is about, the innermost first
};

}  // namespace awaitest
