// The words about a process that ends before its tests do, and about a loop that never comes back.
#include <awaitest/awaitest.hpp>
#include <awaitest/report/ending.hpp>
#include <awaitest/report/told.hpp>

#include <string>
#include <utility>

using awaitest::blocked_loop;
using awaitest::end_cause;
using awaitest::end_relation;
using awaitest::failure;
using awaitest::failure_kind;
using awaitest::process_ending;
using awaitest::thread_holder;
using awaitest::trace_result;
using awaitest::reporting::words_for;

namespace {

process_ending of(end_cause cause, end_relation relation, std::string what = {}, int number = 0) {
  process_ending made;
  made.cause = cause;
  made.relation = relation;
  made.what = std::move(what);
  made.number = number;
  return made;
}
std::string blocked(thread_holder by, std::int64_t held = 7'100'000'000) {
  blocked_loop loop;
  loop.by = by;
  loop.task = "child 'x'";
  loop.held = held;
  return words_for(loop);
}

/// What is told of its frames.
std::string shown(const process_ending& end) {
  const auto text = words_for(end);
  const std::string lead = "where it is:";
  const auto at = text.find(lead);
  REQUIRE(at != text.npos);
  return text.substr(at + lead.size());
}

}  // namespace

TEST_SUITE("report: ending") {
  TEST("of this process, by the test, meanwhile, and without one") {
    const auto crash = [](end_relation relation) {
      return words_for(of(end_cause::signal, relation, "SIGSEGV"));
    };
    CHECK(crash(end_relation::of_it) == "the process crashed: SIGSEGV; the process ends here");
    CHECK(crash(end_relation::elsewhere) ==
          "the process ended while it ran: the process crashed: SIGSEGV elsewhere");
    CHECK(crash(end_relation::of_none) == "the process crashed: SIGSEGV");
  }
  TEST("somebody has asked for it") {
    const auto asked = [](end_relation relation) {
      failure what;
      what.kind = failure_kind::interrupted;
      what.ending = of(end_cause::signal, relation, "SIGINT (interrupt)", 2);
      return awaitest::reporting::told(what);
    };
    CHECK(asked(end_relation::of_it) == "the process was ended by SIGINT (interrupt) while it ran");
    CHECK(asked(end_relation::elsewhere) == asked(end_relation::of_it));
    CHECK(asked(end_relation::of_none) == "the process was ended by SIGINT (interrupt)");
  }
  TEST("by a call") {
    CHECK(words_for(of(end_cause::call, end_relation::of_none, "_exit(0)")) == "_exit(0) was called");
    auto other = of(end_cause::replaced, end_relation::of_none, "execv()");
    other.program = "/bin/true";
    CHECK(words_for(other) == "execv() was called to replace the process by \"/bin/true\"");
    CHECK(words_for(of(end_cause::terminate, end_relation::of_none)) == "std::terminate() was called");
    CHECK(words_for(of(end_cause::terminate, end_relation::of_none, "std::bad_alloc")) ==
          "std::terminate() was called: std::bad_alloc");
    CHECK(words_for(of(end_cause::sanitizer, end_relation::of_none)) == "a sanitizer has ended the process");
    CHECK(words_for(of(end_cause::out_of_memory, end_relation::of_none)) == "memory is exhausted");
  }
  TEST("of a process that a test had for itself") {
    using enum end_relation;
    CHECK(words_for(of(end_cause::signal, of_its_own, "Killed", 9)) ==
          "its process was ended by signal 9 (Killed)");
    CHECK(words_for(of(end_cause::exit_code, of_its_own, {}, 3)) ==
          "its process ended with exit code 3 and without a result");
    CHECK(words_for(of(end_cause::not_started, of_its_own, "Too many", 11)) ==
          "its process could not be started: Too many");
    CHECK(words_for(of(end_cause::exit_code, after_it, {}, 3)) ==
          "the test had ended without a failure, then its process ended with exit code 3");
    CHECK(words_for(of(end_cause::signal, after_it, "Aborted", 6)) ==
          "the test had ended without a failure, then its process was ended by signal 6 (Aborted)");
    CHECK(words_for(of(end_cause::was_killed, after_it)) ==
          "its process did not end after the test, and was killed");
    CHECK(words_for(of(end_cause::was_killed, of_its_own)) ==
          "its process was heard of no more and did not end, and was killed: the test may have closed all "
          "descriptors");
    CHECK_THAT(words_for(of(end_cause::not_begun, of_its_own)),
               awaitest::match::starts_with("its process did not come to the test, and was killed"));
    CHECK_THAT(words_for(of(end_cause::never_begins, of_none)),
               awaitest::match::starts_with("the tests are not selected yet"));
  }
  TEST("of a loop that is blocked") {
    const auto holder = [](thread_holder by) {
      const auto text = blocked(by);
      const std::string before = "the loop is blocked: ";
      const std::string after = " has held its thread for more than 7.1s, long after the timeout";
      REQUIRE(text.starts_with(before));
      REQUIRE(text.ends_with(after));
      return text.substr(before.size(), text.size() - before.size() - after.size());
    };
    CHECK(holder(thread_holder::unknown) == "a handler, or the test itself,");
    CHECK(holder(thread_holder::leftovers) == "the destruction of what tests have left on the io_context");
    CHECK(holder(thread_holder::between_handlers) == "what runs between two handlers");
    CHECK(holder(thread_holder::io_handler) == "a handler of the io_context");
    CHECK(holder(thread_holder::handler) == "a handler");
    CHECK(holder(thread_holder::body_handler) == "a handler of the body");
    CHECK(holder(thread_holder::task_handler) == "a handler of child 'x'");
    CHECK(holder(thread_holder::body) == "the body");
    CHECK(blocked(thread_holder::body, 0) ==
          "the loop is blocked: the body does not give its thread back, long after the timeout");
  }
  TEST("of one that is blocked between two tests") {
    blocked_loop loop;
    loop.by = thread_holder::io_handler;
    loop.between_tests = true;
    CHECK(words_for(loop) ==
          "the loop is blocked: a handler of the io_context does not give its thread back, and no test is "
          "in flight");
    loop.last_test = "a";
    CHECK(words_for(loop).ends_with(", and no test is in flight; the last was \"a\""));
  }
  TEST("with the stack, from the user's code outwards") {
    auto end = of(end_cause::never_ends, end_relation::of_none);
    end.trace = trace_result::taken;
    end.frames = {{"read", "read at io.c:1"},
                  {"user::fetch(int)", "user::fetch(int) at a.cpp:2"},
                  {"asio::post()", "asio::post() at p.hpp:3"},
                  {"void std::invoke<int>()", "std::invoke at i.h:4"},
                  {"main", "main at m.cpp:5"},
                  {"", "/lib/x.so(+0x7)"},
                  {"awaitest::detail::loop::run()", "awaitest::detail::loop::run()"},
                  {"start", "start"}};
    CHECK(words_for(end) ==
          "the tests are over, but the process does not end: something static is being destroyed, or exit() "
          "calls a function\n"
          "where it is:\n"
          "  #0 read at io.c:1\n"
          "  #1 user::fetch(int) at a.cpp:2\n"
          "  ... 2 of Asio, awaitest and the standard library\n"
          "  #4 main at m.cpp:5\n"
          "  #5 /lib/x.so(+0x7)\n"
          "  FILE(+OFFSET): `addr2line -Cfipe FILE OFFSET` names it, given a file with symbols");
    end.trace = trace_result::no_answer;
    CHECK(words_for(end).ends_with("\nwhere it is: not known, its thread does not answer a signal"));
  }
  TEST("with a long stack, of which the beginning is shown") {
    auto end = of(end_cause::never_ends, end_relation::of_none);
    end.trace = trace_result::taken;
    for (int i = 0; i < 30; ++i) end.frames.push_back({"f", "f" + std::to_string(i)});
    const auto text = words_for(end);
    CHECK(text.ends_with("\n  #23 f23"));
  }
  TEST("with a stack of one function that calls itself") {
    auto end = of(end_cause::signal, end_relation::of_it, "SIGSEGV (stack overflow)");
    end.trace = trace_result::taken;
    for (int i = 0; i < 100; ++i) end.frames.push_back({"f(int)", "f(int) at a.cpp:1"});
    for (int i = 0; i < 2; ++i) end.frames.push_back({"g()", "g() at a.cpp:2"});
    CHECK(shown(end) ==
          "\n  #0 f(int) at a.cpp:1"
          "\n  ... the same at least 99 times more"
          "\n  #100 g() at a.cpp:2"
          "\n  #101 g() at a.cpp:2");
  }
  TEST("with a stack from where an exception was thrown, on a thread of a test") {
    auto end = of(end_cause::terminate, end_relation::of_it, "std::runtime_error: x");
    end.trace = trace_result::taken;
    end.frames = {{"awaitest::detail::emergency::terminated()", "terminated at f.hpp:1"},
                  {"", "/lib/libstdc++.so.6(+0x7)"},
                  {"std::terminate()", "std::terminate()+0x14 (libstdc++.so.6)"},
                  {"__cxa_throw", "__cxa_throw+0x47 (libstdc++.so.6)"},
                  {"f()", "f() at a.cpp:1"},
                  {"_M_invoke<0>", "_M_invoke<0> at /usr/include/c++/12/bits/std_thread.h:252"},
                  {"", "/lib/libstdc++.so.6(+0x7)"},
                  {"awaitest::detail::thread_start::begin(void*)", "begin at t.hpp:1"},
                  {"start_thread", "start_thread at p.c:1"},
                  {"", "0xffffffffffffffff"}};
    CHECK(shown(end) == "\n  #0 f() at a.cpp:1");
  }
  TEST("with the body of a test, whose function has a name that macros have made") {
    auto end = of(end_cause::call, end_relation::of_it, "_exit(0)");
    end.trace = trace_result::taken;
    const auto add = [&](const std::string& name) { end.frames.push_back({name, name + " at a.cpp:1"}); };
    add("awaitest::detail::emergency::end_of_run(awaitest::process_ending)");
    add("_exit");
    add("(anonymous namespace)::awaitest_test_3::awaitest_body_3()");
    add("app::awaitest_test_12::awaitest_body_12_needs_co_await_or_co_return()");
    add("awaitest_test_3::awaitest_body_3(int, long)");
    add("(anonymous namespace)::awaitest_test_3::awaitest_body_3()::{lambda()#1}::operator()() const");
    add("awaitest_body_3");
    CHECK(shown(end) ==
          "\n  #0 _exit at a.cpp:1"
          "\n  #1 the body of a test at a.cpp:1"
          "\n  #2 app::the body of a test at a.cpp:1"
          "\n  #3 the body of a test(int, long) at a.cpp:1"
          "\n  #4 the body of a test::{lambda()#1}::operator()() const at a.cpp:1"
          "\n  #5 the body of a test at a.cpp:1");
  }
}
