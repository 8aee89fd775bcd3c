// All that a report says of a failure besides its two values.
#include <awaitest/awaitest.hpp>
#include <awaitest/report/told.hpp>

#include <string>
#include <utility>

using awaitest::conclusion;
using awaitest::failure;
using awaitest::failure_kind;
using awaitest::far_end;
using awaitest::test_phase;
using awaitest::reporting::told;

namespace {

constexpr std::int64_t second = 1'000'000'000;

std::string concluded(conclusion why, test_phase in, bool in_virtual_time = false) {
  failure what;
  what.in_virtual_time = in_virtual_time;
  what.ended = {why, in, 90 * second, 1'500'000};
  return told(what);
}
awaitest::known_wait in_a_gate(std::string task) {
  awaitest::known_wait made;
  made.task = std::move(task);
  made.what = "gate";
  made.where = {"a.cpp", 3};
  return made;
}
std::string told_of(failure_kind kind, awaitest::known_wait one) {
  failure what;
  what.kind = kind;
  if (kind != failure_kind::leak) what.ended.why = conclusion::stuck;
  what.waits = {std::move(one)};
  const auto text = told(what);
  return text.substr(text.find('\n') + 1);
}

}  // namespace

TEST_SUITE("report: conclusions") {
  TEST("a timeout, by where the test was") {
    CHECK(concluded(conclusion::timeout, test_phase::set_up) ==
          "the set_up of its fixtures has not ended after 90s");
    CHECK(concluded(conclusion::timeout, test_phase::body) == "timed out after 90s");
    CHECK(concluded(conclusion::timeout, test_phase::children) == "timed out after 90s");
    CHECK(concluded(conclusion::timeout, test_phase::cleanups) == "a cleanup has not ended after 90s");
    CHECK(concluded(conclusion::timeout, test_phase::tear_down) == "a tear_down has not ended after 90s");
  }
  TEST("a certificate that is refused in virtual time") {
    failure what;
    what.kind = failure_kind::exception;
    what.message = "handshake: certificate verify failed (SSL routines)";
    CHECK(told(what) == what.message);
    what.in_virtual_time = true;
    CHECK(told(what) == what.message +
                            "\nin virtual time, which begins at 2000-01-01 unless "
                            "virtual_time(at(\"2030-03-01\")) says otherwise: a certificate "
                            "may not be valid then");
  }
  TEST("the sockets that are waited for") {
    failure what;
    what.ended = {conclusion::timeout, test_phase::body, 90 * second};
    what.ended.only_outsiders = true;
    what.sockets.push_back({7, "tcp", "127.0.0.1:80", far_end::listener, {}, -1, 0, true, false});
    what.sockets.push_back({8, "tcp", "[::1]:4000", far_end::here, "[::1]:4001", 9, 1, true, true});
    what.sockets.push_back({9, "tcp", "[::1]:4001", far_end::here, "[::1]:4000", 8, 20, false, false});
    what.sockets.push_back({10, "tcp", "10.0.0.1:5", far_end::outside, "10.0.0.2:6", -1, 0, false, true});
    what.sockets.push_back({11, "tcp", "10.0.0.1:6", far_end::none, {}, -1, 0, false, true});
    what.sockets.push_back({12, "unix", {}, far_end::accepted, "/run/x", -1, 0, true, false});
    what.sockets.push_back({13, "udp", "0.0.0.0:53", far_end::outside, {}, -1, 0, true, false});
    what.sockets.push_back({-1, "signal", {}, far_end::none, {}, -1, 0, false, false});
    CHECK(told(what) ==
          "timed out after 90s; only somebody outside of this process could have woken it (closed_world(): "
          "nobody will, and it is stuck at once)\n"
          "descriptor 7: tcp 127.0.0.1:80, a listener, waits to accept\n"
          "descriptor 8: tcp [::1]:4000 connected to descriptor 9, waits to read, waits to write, 1 byte "
          "unread\n"
          "descriptor 9: tcp [::1]:4001 connected to descriptor 8, 20 bytes unread\n"
          "descriptor 10: tcp 10.0.0.1:5 connected to 10.0.0.2:6, outside of this process, waits to write\n"
          "descriptor 11: tcp 10.0.0.1:6, waits to connect\n"
          "descriptor 12: unix connected to /run/x, which nobody has accepted yet, waits to read\n"
          "descriptor 13: udp 0.0.0.0:53, waits to read\n"
          "a signal");
  }
  TEST("the threads that held virtual time") {
    failure what;
    what.in_virtual_time = true;
    what.ended = {conclusion::held_timeout, test_phase::body, 90 * second};
    what.ended.threads = {{"flusher", ""}};
    CHECK(told(what) ==
          "timed out after 90s of real time (--timeout), with virtual time held still by a thread that may "
          "be at "
          "work: \"flusher\" (harmless_thread(), where it only wakes itself)");
    what.ended.threads.push_back({"pool", "in work (x.cpp:3)"});
    CHECK(told(what) ==
          "timed out after 90s of real time (--timeout), with virtual time held still by threads that may be "
          "at "
          "work: \"flusher\", \"pool\" in work (x.cpp:3) (harmless_thread(), where it only wakes itself)");
    what.ended.unseen = "/proc/self/task: Too many open files";
    CHECK(told(what) ==
          "timed out after 90s of real time (--timeout), with virtual time held still by threads that may be "
          "at "
          "work, which cannot be looked at (/proc/self/task: Too many open files)");
  }
  TEST("the threads that could have woken a test") {
    failure what;
    what.ended = {conclusion::timeout, test_phase::body, 90 * second};
    what.ended.threads = {{"pool", "in work (x.cpp:3)"}};
    CHECK(told(what) ==
          "timed out after 90s; a thread that may be at work could have woken it: \"pool\" in work (x.cpp:3) "
          "(harmless_thread(), where it only wakes itself)");
    what.ended.threads.push_back({"flusher", ""});
    CHECK(told(what) ==
          "timed out after 90s; threads that may be at work could have woken it: \"pool\" in work (x.cpp:3), "
          "\"flusher\" (harmless_thread(), where it only wakes itself)");
    what.ended.unseen = "/proc/self/task: Too many open files";
    CHECK(told(what) ==
          "timed out after 90s; threads that may be at work could have woken it, and cannot be looked at "
          "(/proc/self/task: Too many open files)");
  }
  TEST("virtual time in its own units, the machine's as it was given") {
    CHECK(concluded(conclusion::timeout, test_phase::body, true) == "timed out after 1min 30s");
    CHECK(concluded(conclusion::real_timeout, test_phase::body, true) ==
          "timed out after 90s of real time (--timeout), with something always ready or due");
    CHECK(concluded(conclusion::held_timeout, test_phase::body, true) ==
          "timed out after 90s of real time (--timeout), with virtual time held still by a thread that may "
          "be at work");
    CHECK(concluded(conclusion::outside_timeout, test_phase::body, true) ==
          "timed out after 90s of real time (--timeout), with nothing to come but I/O");
    CHECK(concluded(conclusion::guarded_timeout, test_phase::body, true) ==
          "timed out after 90s of real time (--timeout), with virtual time held still by hold_time()");
    CHECK(concluded(conclusion::late, test_phase::body) ==
          "took 1.5ms, and its timeout is 90s: a handler, or the whole test, has blocked its thread");
    CHECK(
        concluded(conclusion::late, test_phase::body, true) ==
        "took 1ms 500us, and its timeout is 1min 30s: a handler, or the whole test, has blocked its thread");
  }
  TEST("stuck") {
    CHECK(concluded(conclusion::stuck, test_phase::body) == "the body is stuck: nothing can ever wake it");
    CHECK(concluded(conclusion::stuck, test_phase::background) ==
          "the body is done, but a child is stuck: nothing can ever wake it");
    CHECK(concluded(conclusion::stuck, test_phase::set_up) ==
          "the set_up of its fixtures is stuck: nothing can ever wake it");
    CHECK(concluded(conclusion::stuck_by_hand, test_phase::cleanups) ==
          "a cleanup is stuck: nothing can wake it unless this_test::advance() moves its time");
    CHECK(concluded(conclusion::given_up, test_phase::body) ==
          "it has not ended after it was cancelled, and was destroyed");
    CHECK(concluded(conclusion::none, test_phase::body) == "");
  }
}

TEST_SUITE("report: operands") {
  TEST("each on a line, behind the message") {
    failure what;
    what.operands = {{true, {"a"}}, {false, {"b", "c"}}};
    CHECK(told(what) == "true:  a\nfalse: one of b, c");
    what.message = "a remark";
    CHECK(told(what) == "a remark\ntrue:  a\nfalse: one of b, c");
  }
  TEST("an exception, and what it has come through") {
    failure what;
    what.message = "std::runtime_error: x";
    what.thrown = "in f (a.cpp:2), in g";
    CHECK(told(what) == "std::runtime_error: x\nthrown in f (a.cpp:2), in g");
    what.work = "in h";
    CHECK(told(what) == "std::runtime_error: x\nwhat it waited for was in h\nthrown in f (a.cpp:2), in g");
  }
}

TEST_SUITE("report: waits") {
  TEST("one, and where it comes from") {
    auto one = in_a_gate("");
    CHECK(told_of(failure_kind::stuck, one) == "the body waits in gate at a.cpp:3");
    one.task = "child 'x'";
    one.origin = "expected";
    one.made = {"a.cpp", 1};
    one.callers = "in f (a.cpp:2)";
    CHECK(told_of(failure_kind::stuck, one) ==
          "child 'x' waits in gate at a.cpp:3, in f (a.cpp:2) (expected at a.cpp:1)");
    CHECK(told_of(failure_kind::stuck, {}) ==
          "the body waits for an operation of Asio or for another coroutine");
  }
  TEST("one that is not known, and a limit: in which coroutines") {
    awaitest::known_wait unknown;
    unknown.callers = "in f (a.cpp:2), in g";
    CHECK(told_of(failure_kind::stuck, unknown) ==
          "the body waits for an operation of Asio or for another coroutine, in f (a.cpp:2), in g");
    auto limit = in_a_gate("");
    limit.what = "with_timeout";
    limit.work = "in f (a.cpp:2)";
    CHECK(told_of(failure_kind::stuck, limit) ==
          "the body waits in with_timeout at a.cpp:3, its work in f (a.cpp:2)");
  }
  TEST("several children that wait alike") {
    auto all = in_a_gate("child 'a'");
    all.count = 7;
    all.spawned = {"b.cpp", 5};
    all.background = true;
    CHECK(told_of(failure_kind::stuck, all) ==
          "7 background children spawned at b.cpp:5 wait in gate at a.cpp:3");
    all.background = false;
    all.names = {"a", "b", "c", "d", "e"};
    all.more_names = 2;
    CHECK(told_of(failure_kind::stuck, all) ==
          "7 children spawned at b.cpp:5 wait in gate at a.cpp:3: 'a', 'b', 'c', 'd', 'e' and 2 more");
  }
  TEST("what is left behind") {
    auto left = in_a_gate("");
    left.count = 2;
    CHECK(told_of(failure_kind::leak, left) == "of the body: one waits in gate at a.cpp:3 (2 times)");
    left.is_operation = true;
    left.count = 1;
    CHECK(told_of(failure_kind::leak, left) == "of the body: gate at a.cpp:3");
    awaitest::known_wait unknown;
    unknown.task = "child 'x'";
    CHECK(told_of(failure_kind::leak, unknown) == "of child 'x'");
  }
  TEST("how much, and that there is more") {
    failure what;
    what.kind = failure_kind::leak;
    CHECK(
        told(what) ==
        "a coroutine or an operation has outlived it: await it, cancel it, or give it to spawn_background()\n"
        "on the io_context itself");
    what.operations = 1;
    what.coroutines = 2;
    what.waits = {in_a_gate("")};
    what.more_waits = 3;
    CHECK(told(what) ==
          "an operation and 2 coroutines have outlived it: await them, cancel them, or give them to "
          "spawn_background()\nof the body: one waits in gate at a.cpp:3\nand more, elsewhere");
    what.kind = failure_kind::stuck;
    what.ended.why = conclusion::stuck;
    CHECK(told(what).ends_with("\nthe body waits in gate at a.cpp:3\nand 3 more, elsewhere"));
  }
}
