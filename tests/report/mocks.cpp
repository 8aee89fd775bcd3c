// A mock in the words of a report.
#include <awaitest/awaitest.hpp>
#include <awaitest/report/mocks.hpp>

#include <string>
#include <vector>

using awaitest::argument_mismatch;
using awaitest::call_state;
using awaitest::expectation_refusal;
using awaitest::known_call;
using awaitest::known_expectation;
using awaitest::mock_consequence;
using awaitest::mock_fault;
using awaitest::mock_story;
using awaitest::reporting::words_for;

namespace {

constexpr std::int64_t ms = 1'000'000;

known_call call(call_state state) {
  known_call made;
  made.number = 3;
  made.spelled = "f(7)";
  made.state = state;
  made.called_at = 2 * ms;
  return made;
}
known_expectation expects(std::uint64_t least, std::uint64_t most, std::uint64_t calls) {
  known_expectation made;
  made.where = {"e.cpp", 5};
  made.spelled = "expect(8)";
  made.least = least;
  made.most = most;
  made.calls = calls;
  return made;
}
mock_story story(mock_fault fault) {
  mock_story made;
  made.fault = fault;
  made.mock = "f";
  made.call = call(call_state::completed);
  return made;
}
std::string refused(expectation_refusal why, std::uint64_t done = 0) {
  auto one = expects(1, 2, 2);
  one.refusal = why;
  one.answers = 1;
  one.sequence = {"s.cpp", 6};
  one.step = {"t.cpp", 7};
  one.done = done;
  auto made = story(mock_fault::unexpected);
  made.looked_for = true;
  made.considered = {one};
  return words_for(made);
}
std::string considered(const std::string& words) {
  return "f(7)\nconsidered, the newest first:\n  e.cpp:5: expect(8)" + words;
}

}  // namespace

TEST_SUITE("report: calls of mocks") {
  TEST("a call, by its state") {
    CHECK(words_for(call(call_state::completed)) == "#3 f(7) at 2.0 ms: completed");
    CHECK(words_for(call(call_state::called)) == "#3 f(7) at 2.0 ms: called, not awaited yet");
    auto one = call(call_state::pending);
    one.caller = "child 'x'";
    one.awaited_at = 3 * ms;
    CHECK(words_for(one) == "#3 f(7) at 2.0 ms by child 'x': pending, awaited at 3.0 ms");
    one.state = call_state::cancelled;
    one.ended_at = 4 * ms;
    CHECK(words_for(one) == "#3 f(7) at 2.0 ms by child 'x': cancelled at 4.0 ms");
  }
  TEST("a plain one has returned; one outside of a test has no time") {
    auto one = call(call_state::completed);
    one.plain = true;
    one.called_at = -1;
    CHECK(words_for(one) == "#3 f(7) outside of a test: returned");
  }
  TEST("a failed one, and one that nothing expected") {
    auto one = call(call_state::failed);
    one.error = "boom";
    CHECK(words_for(one) == "#3 f(7) at 2.0 ms: failed with boom");
    one.unexpected = true;
    CHECK(words_for(one) == "#3 f(7) at 2.0 ms: failed, unexpected");
  }
}

TEST_SUITE("report: faults of mocks") {
  TEST("how often an expectation was to be called") {
    const auto unmet = [](std::uint64_t least, std::uint64_t most, std::uint64_t calls) {
      auto made = story(mock_fault::unmet);
      made.expectation = expects(least, most, calls);
      return words_for(made);
    };
    CHECK(unmet(1, 1, 0) == "f.expect(8): not called, to be called once");
    CHECK(unmet(2, 2, 1) == "f.expect(8): called once, to be called twice");
    CHECK(unmet(3, awaitest::any_number_of_calls, 2) ==
          "f.expect(8): called twice, to be called at least 3 times");
    CHECK(unmet(3, 5, 2) == "f.expect(8): called twice, to be called 3 to 5 times");
    CHECK(unmet(0, 5, 6) == "f.expect(8): called 6 times, to be called at most 5 times");
    CHECK(unmet(0, 0, 1) == "f.expect(8): called once, to be called never");
    CHECK(unmet(0, awaitest::any_number_of_calls, 1) ==
          "f.expect(8): called once, to be called any number of times");
  }
  TEST("an unexpected call, and what its caller gets") {
    auto made = story(mock_fault::unexpected);
    CHECK(words_for(made) == "f(7)");
    made.looked_for = true;
    made.consequence = mock_consequence::exception;
    CHECK(words_for(made) == "f(7)\nnothing was expected of it\nthe caller gets awaitest::unexpected_call");
    made.looked_for = false;
    made.fault = mock_fault::forbidden;
    made.consequence = mock_consequence::completion;
    CHECK(words_for(made) == "f(7) is forbidden\nthe handler gets asio::error::fault, or unexpected_call");
    made.consequence = mock_consequence::nothing_while_unwinding;
    CHECK(words_for(made) == "f(7) is forbidden\nan exception is in flight: nothing more is thrown");
  }
  TEST("a call without an answer, and one whose mock is gone") {
    auto made = story(mock_fault::no_answer_left);
    made.expectation.answers = 2;
    CHECK(words_for(made) == "f(7): no answer is left, its expectation has 2");
    made.fault = mock_fault::no_answer;
    CHECK(words_for(made) ==
          "f(7): its expectation has no answer, and its type no default: add returns(...)");
    made.fault = mock_fault::mock_destroyed;
    CHECK(words_for(made) == "f(7)\nits mock was destroyed while it waited");
  }
  TEST("a call that was to be cancelled, one that nobody awaited, and ones too many") {
    CHECK(words_for(story(mock_fault::not_cancelled)) == "f(7) was to be cancelled, and has completed");
    CHECK(words_for(story(mock_fault::never_awaited)) ==
          "f(7) was called and never awaited: its awaitable was destroyed");
    auto made = story(mock_fault::called_again);
    made.count = 2;
    CHECK(words_for(made) == "f.expect_no_call(): it was called twice");
    made.besides = true;
    CHECK(words_for(made) ==
          "f.expect_no_call(): it was called twice besides the calls that the test has taken");
  }
  TEST("an assertion that does not hold, and the last call") {
    auto made = story(mock_fault::asked);
    made.question = "called_with(8)";
    CHECK(words_for(made) == "false: f.called_with(8)");
    made.counts = true;
    CHECK(words_for(made) == "false: f.called_with(8), and it was never called");
    made.count = 2;
    made.of_awaits = true;
    made.missed = {{3, "f(7)", {{0, "8", "7", {}}}, {}}};
    CHECK(words_for(made) ==
          "false: f.called_with(8), and it was awaited twice\n"
          "the last one, f(7):\n  arg<0>(): expected: 8, got: 7");
  }
}

TEST_SUITE("report: why no expectation was met") {
  TEST("by its own fault") {
    CHECK(refused(expectation_refusal::none) == considered(""));
    CHECK(refused(expectation_refusal::forbids) == considered(": forbids it"));
    CHECK(refused(expectation_refusal::answers_used) == considered(": its 1 answer is used up"));
    CHECK(refused(expectation_refusal::calls_used) ==
          considered(": was called twice, and may be called 1 to 2 times"));
  }
  TEST("by an order") {
    CHECK(refused(expectation_refusal::turn_over) ==
          considered(": its turn in the sequence made at s.cpp:6 is over"));
    CHECK(refused(expectation_refusal::too_early) ==
          considered(
              ": too early: in the sequence made at s.cpp:6 it comes after t.cpp:7, which was never called"));
    CHECK(refused(expectation_refusal::too_early, 1) ==
          considered(
              ": too early: in the sequence made at s.cpp:6 it comes after t.cpp:7, which was called once"));
  }
  TEST("argument by argument, each line further in") {
    auto one = expects(1, 1, 0);
    one.refusal = expectation_refusal::arguments;
    one.mismatches = {{0, "8", "7", {}},
                      {1, "size is 2", "[1]", "it has 1\nelement"},
                      {argument_mismatch::of_all, {}, {}, {}}};
    auto made = story(mock_fault::unexpected);
    made.looked_for = true;
    made.considered = {one};
    made.more_considered = 4;
    CHECK(words_for(made) == considered("\n    arg<0>(): expected: 8, got: 7"
                                        "\n    arg<1>(): expected: size is 2, got: [1]: it has 1\n    element"
                                        "\n    with(...): the predicate does not hold\n  (4 older ones)"));
  }
  TEST("and what did not meet an expectation") {
    auto made = story(mock_fault::unmet);
    made.expectation = expects(1, 1, 0);
    made.over = {{"s.cpp", 6}};
    made.missed = {{1, "f(1)", {{0, "8", "1", {}}}, {}}, {2, "f(8)", {}, {"m.cpp", 9}}};
    CHECK(words_for(made) ==
          "f.expect(8): not called, to be called once\n"
          "its turn in the sequence made at s.cpp:6 is over\n"
          "not met by #1 f(1):\n  arg<0>(): expected: 8, got: 1\n"
          "not met by #2 f(8):\n  it was for the expectation at m.cpp:9");
  }
}

TEST_SUITE("report: histories of mocks") {
  TEST("no call, no other, none recorded") {
    auto made = story(mock_fault::never_awaited);
    made.fault = mock_fault::none;
    made.history.told = true;
    CHECK(words_for(made) == "\nno call of f");
    made.history.others = true;
    CHECK(words_for(made) == "\nno other call of f");
    made.history.not_recorded = 3;
    CHECK(words_for(made) == "\nf was called 3 times; the calls are not recorded");
  }
  TEST("the last ones") {
    auto made = story(mock_fault::none);
    made.history.told = true;
    made.history.calls = {call(call_state::completed), call(call_state::dropped)};
    made.history.earlier = 9;
    CHECK(words_for(made) ==
          "\ncalls of f:\n  (9 earlier ones)\n  #3 f(7) at 2.0 ms: completed\n"
          "  #3 f(7) at 2.0 ms: never awaited");
    made.history.others = true;
    made.history.earlier = 0;
    made.history.calls.pop_back();
    CHECK(words_for(made) == "\nother calls of f:\n  #3 f(7) at 2.0 ms: completed");
  }
}
