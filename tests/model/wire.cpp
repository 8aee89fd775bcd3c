// Events as bytes: each kind comes out as it went in, whole, and not before.
#include <awaitest/awaitest.hpp>
#include <awaitest/model/wire.hpp>

#include <string>
#include <variant>
#include <vector>

using namespace awaitest::match;
using awaitest::event;
namespace wire = awaitest::wire;

namespace {

awaitest::known_call some_call(std::uint64_t number) {
  return {number, "f(1)", "child 'x'", awaitest::call_state::failed, true, true, "an error", 11, 12, 13};
}
std::vector<awaitest::argument_mismatch> some_mismatches() {
  return {{1, "2", "3", "why"}, {awaitest::argument_mismatch::of_all, {}, {}, {}}};
}
awaitest::known_expectation some_expectation(std::uint64_t calls) {
  return {{"e.cpp", 14},
          "expect(2)",
          1,
          2,
          calls,
          4,
          awaitest::expectation_refusal::too_early,
          some_mismatches(),
          {"s.cpp", 15},
          {"t.cpp", 16},
          true,
          5};
}
awaitest::mock_story some_story() {
  awaitest::mock_story made;
  made.fault = awaitest::mock_fault::no_answer_left;
  made.mock = "f";
  made.call = some_call(1);
  made.expectation = some_expectation(6);
  made.over = {{"o.cpp", 17}};
  made.consequence = awaitest::mock_consequence::completion;
  made.looked_for = true;
  made.considered = {some_expectation(7), {}};
  made.more_considered = 8;
  made.missed = {{9, "f(2)", some_mismatches(), {"m.cpp", 18}}};
  made.history = {true, true, {some_call(2), some_call(3)}, 19, 20};
  made.count = 21;
  made.besides = true;
  made.question = "called()";
  made.of_awaits = true;
  made.counts = true;
  return made;
}

awaitest::failure some_failure() {
  awaitest::failure made;
  made.kind = awaitest::failure_kind::stuck;
  made.where = {"a file.cpp", 7};
  made.macro = "CHECK";
  made.expression = "a == b";
  made.left = {"[1, 2]", {1, 4}, false};
  made.right = {"text\n", {}, true};
  made.relation = "==";
  made.operands = {{true, {"a"}}, {false, {"b", "c"}}};
  made.expected = "something";
  made.message = "several\nlines";
  made.thrown = "in f (a.cpp:1), in g";
  made.work = "in h";
  made.task = "child 'x'";
  made.notes = {{{"b.cpp", 8}, "a note"}, {{}, std::string("\0null", 5)}};
  made.mocks = {some_story()};
  made.ended = {awaitest::conclusion::late,
                awaitest::test_phase::children,
                5,
                6,
                {{"flusher", ""}, {"pool", "in work (x.cpp:3)"}},
                "no /proc",
                true};
  made.sockets = {{7, "tcp", "a:1", awaitest::far_end::here, "b:2", 8, 9, true, false}, {}};
  made.ending = {awaitest::end_cause::replaced,
                 awaitest::end_relation::after_it,
                 22,
                 "execv()",
                 "/bin/true",
                 {awaitest::thread_holder::task_handler, "child 'x'", 23, true, "the last"},
                 awaitest::trace_result::no_answer,
                 {{"f()", "f() at a.cpp:1"}, {}}};
  made.waits = {{"child 'x'",
                 "gate",
                 {"c.cpp", 9},
                 "in f",
                 "in g",
                 "made",
                 {"d.cpp", 10},
                 true,
                 3,
                 {"e.cpp", 11},
                 true,
                 {"x", "y"},
                 4},
                {}};
  made.more_waits = 7;
  made.operations = 8;
  made.coroutines = 9;
  made.before = {{12, "this", "went on from", "gate", {"b.cpp", 9}, 2}, {13, "that", "", "", {}, 1}};
  made.elapsed = 99;
  made.in_virtual_time = true;
  return made;
}
bool same_place(awaitest::location a, awaitest::location b) {
  return std::string_view{a.file} == b.file && a.line == b.line;
}
void check_same(const awaitest::known_call& a, const awaitest::known_call& b) {
  CHECK(a.number == b.number);
  CHECK(a.spelled == b.spelled);
  CHECK(a.caller == b.caller);
  CHECK(a.state == b.state);
  CHECK(a.plain == b.plain);
  CHECK(a.unexpected == b.unexpected);
  CHECK(a.error == b.error);
  CHECK(a.called_at == b.called_at);
  CHECK(a.awaited_at == b.awaited_at);
  CHECK(a.ended_at == b.ended_at);
}
void check_same(const std::vector<awaitest::argument_mismatch>& a,
                const std::vector<awaitest::argument_mismatch>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].argument == b[i].argument);
    CHECK(a[i].wanted == b[i].wanted);
    CHECK(a[i].got == b[i].got);
    CHECK(a[i].why == b[i].why);
  }
}
void check_same(const awaitest::known_expectation& a, const awaitest::known_expectation& b) {
  CHECK(same_place(a.where, b.where));
  CHECK(a.spelled == b.spelled);
  CHECK(a.least == b.least);
  CHECK(a.most == b.most);
  CHECK(a.calls == b.calls);
  CHECK(a.answers == b.answers);
  CHECK(a.refusal == b.refusal);
  check_same(a.mismatches, b.mismatches);
  CHECK(same_place(a.sequence, b.sequence));
  CHECK(same_place(a.step, b.step));
  CHECK(a.by_completion == b.by_completion);
  CHECK(a.done == b.done);
}
void check_same(const awaitest::mock_story& a, const awaitest::mock_story& b) {
  CHECK(a.fault == b.fault);
  CHECK(a.mock == b.mock);
  check_same(a.call, b.call);
  check_same(a.expectation, b.expectation);
  REQUIRE(a.over.size() == b.over.size());
  for (std::size_t i = 0; i < a.over.size(); ++i) CHECK(same_place(a.over[i], b.over[i]));
  CHECK(a.consequence == b.consequence);
  CHECK(a.looked_for == b.looked_for);
  REQUIRE(a.considered.size() == b.considered.size());
  for (std::size_t i = 0; i < a.considered.size(); ++i) check_same(a.considered[i], b.considered[i]);
  CHECK(a.more_considered == b.more_considered);
  REQUIRE(a.missed.size() == b.missed.size());
  for (std::size_t i = 0; i < a.missed.size(); ++i) {
    CHECK(a.missed[i].number == b.missed[i].number);
    CHECK(a.missed[i].spelled == b.missed[i].spelled);
    check_same(a.missed[i].mismatches, b.missed[i].mismatches);
    CHECK(same_place(a.missed[i].met, b.missed[i].met));
  }
  CHECK(a.history.told == b.history.told);
  CHECK(a.history.others == b.history.others);
  REQUIRE(a.history.calls.size() == b.history.calls.size());
  for (std::size_t i = 0; i < a.history.calls.size(); ++i) check_same(a.history.calls[i], b.history.calls[i]);
  CHECK(a.history.earlier == b.history.earlier);
  CHECK(a.history.not_recorded == b.history.not_recorded);
  CHECK(a.count == b.count);
  CHECK(a.besides == b.besides);
  CHECK(a.question == b.question);
  CHECK(a.of_awaits == b.of_awaits);
  CHECK(a.counts == b.counts);
}
void check_same(const awaitest::process_ending& a, const awaitest::process_ending& b) {
  CHECK(a.cause == b.cause);
  CHECK(a.relation == b.relation);
  CHECK(a.number == b.number);
  CHECK(a.what == b.what);
  CHECK(a.program == b.program);
  CHECK(a.loop.by == b.loop.by);
  CHECK(a.loop.task == b.loop.task);
  CHECK(a.loop.held == b.loop.held);
  CHECK(a.loop.between_tests == b.loop.between_tests);
  CHECK(a.loop.last_test == b.loop.last_test);
  CHECK(a.trace == b.trace);
  REQUIRE(a.frames.size() == b.frames.size());
  for (std::size_t i = 0; i < a.frames.size(); ++i) {
    CHECK(a.frames[i].function == b.frames[i].function);
    CHECK(a.frames[i].text == b.frames[i].text);
  }
}
void check_same(const awaitest::failure& a, const awaitest::failure& b) {
  CHECK(a.kind == b.kind);
  CHECK(std::string_view{a.where.file} == b.where.file);
  CHECK(a.where.line == b.where.line);
  CHECK(a.macro == b.macro);
  CHECK(a.expression == b.expression);
  CHECK(a.left.text == b.left.text);
  CHECK(a.left.elements == b.left.elements);
  CHECK(a.right.is_text == b.right.is_text);
  CHECK(a.relation == b.relation);
  REQUIRE(a.operands.size() == b.operands.size());
  for (std::size_t i = 0; i < a.operands.size(); ++i) {
    CHECK(a.operands[i].value == b.operands[i].value);
    CHECK(a.operands[i].any_of == b.operands[i].any_of);
  }
  CHECK(a.expected == b.expected);
  CHECK(a.message == b.message);
  CHECK(a.thrown == b.thrown);
  CHECK(a.work == b.work);
  CHECK(a.task == b.task);
  REQUIRE(a.notes.size() == b.notes.size());
  for (std::size_t i = 0; i < a.notes.size(); ++i) CHECK(a.notes[i].text == b.notes[i].text);
  REQUIRE(a.before.size() == b.before.size());
  for (std::size_t i = 0; i < a.before.size(); ++i) {
    CHECK(a.before[i].elapsed == b.before[i].elapsed);
    CHECK(a.before[i].task == b.before[i].task);
    CHECK(a.before[i].verb == b.before[i].verb);
    CHECK(a.before[i].what == b.before[i].what);
    CHECK(same_place(a.before[i].where, b.before[i].where));
    CHECK(a.before[i].times == b.before[i].times);
  }
  REQUIRE(a.mocks.size() == b.mocks.size());
  for (std::size_t i = 0; i < a.mocks.size(); ++i) check_same(a.mocks[i], b.mocks[i]);
  CHECK(a.ended.why == b.ended.why);
  CHECK(a.ended.in == b.ended.in);
  CHECK(a.ended.limit == b.ended.limit);
  CHECK(a.ended.took == b.ended.took);
  CHECK(a.ended.threads == b.ended.threads);
  CHECK(a.ended.unseen == b.ended.unseen);
  CHECK(a.ended.only_outsiders == b.ended.only_outsiders);
  REQUIRE(a.sockets.size() == b.sockets.size());
  for (std::size_t i = 0; i < a.sockets.size(); ++i) {
    CHECK(a.sockets[i].descriptor == b.sockets[i].descriptor);
    CHECK(a.sockets[i].kind == b.sockets[i].kind);
    CHECK(a.sockets[i].address == b.sockets[i].address);
    CHECK(a.sockets[i].other == b.sockets[i].other);
    CHECK(a.sockets[i].peer == b.sockets[i].peer);
    CHECK(a.sockets[i].peer_descriptor == b.sockets[i].peer_descriptor);
    CHECK(a.sockets[i].unread == b.sockets[i].unread);
    CHECK(a.sockets[i].reads == b.sockets[i].reads);
    CHECK(a.sockets[i].writes == b.sockets[i].writes);
  }
  check_same(a.ending, b.ending);
  REQUIRE(a.waits.size() == b.waits.size());
  for (std::size_t i = 0; i < a.waits.size(); ++i) {
    CHECK(a.waits[i].task == b.waits[i].task);
    CHECK(a.waits[i].what == b.waits[i].what);
    CHECK(same_place(a.waits[i].where, b.waits[i].where));
    CHECK(a.waits[i].callers == b.waits[i].callers);
    CHECK(a.waits[i].work == b.waits[i].work);
    CHECK(a.waits[i].origin == b.waits[i].origin);
    CHECK(same_place(a.waits[i].made, b.waits[i].made));
    CHECK(a.waits[i].is_operation == b.waits[i].is_operation);
    CHECK(a.waits[i].count == b.waits[i].count);
    CHECK(same_place(a.waits[i].spawned, b.waits[i].spawned));
    CHECK(a.waits[i].background == b.waits[i].background);
    CHECK(a.waits[i].names == b.waits[i].names);
    CHECK(a.waits[i].more_names == b.waits[i].more_names);
  }
  CHECK(a.more_waits == b.more_waits);
  CHECK(a.operations == b.operations);
  CHECK(a.coroutines == b.coroutines);
  CHECK(a.elapsed == b.elapsed);
  CHECK(a.in_virtual_time == b.in_virtual_time);
}
awaitest::explored some_search() {
  return {awaitest::search_end::failed,
          1,
          2,
          3,
          4,
          {{'s', 5}, {'u', 6}},
          7,
          8,
          9,
          "v1:",
          10,
          true,
          {"the body", "child 'x'"},
          {{11, 1, "a place", "words", "0s1/2", -1}, {12, -1, "", "", "", 0}},
          {"a line"},
          "choice 3"};
}
void check_same(const awaitest::explored& a, const awaitest::explored& b) {
  CHECK(a.end == b.end);
  CHECK(a.asked == b.asked);
  CHECK(a.schedules == b.schedules);
  CHECK(a.distinct == b.distinct);
  CHECK(a.with_changes == b.with_changes);
  REQUIRE(a.choices.size() == b.choices.size());
  for (std::size_t i = 0; i < a.choices.size(); ++i) {
    CHECK(a.choices[i].kind == b.choices[i].kind);
    CHECK(a.choices[i].number == b.choices[i].number);
  }
  CHECK(a.with_threads == b.with_threads);
  CHECK(a.with_io == b.with_io);
  CHECK(a.schedule == b.schedule);
  CHECK(a.token == b.token);
  CHECK(a.changes == b.changes);
  CHECK(a.passes_without_the_last == b.passes_without_the_last);
  CHECK(a.tasks == b.tasks);
  REQUIRE(a.steps.size() == b.steps.size());
  for (std::size_t i = 0; i < a.steps.size(); ++i) {
    CHECK(a.steps[i].number == b.steps[i].number);
    CHECK(a.steps[i].task == b.steps[i].task);
    CHECK(a.steps[i].place == b.steps[i].place);
    CHECK(a.steps[i].words == b.steps[i].words);
    CHECK(a.steps[i].change == b.steps[i].change);
    CHECK(a.steps[i].instead == b.steps[i].instead);
  }
  CHECK(a.described == b.described);
  CHECK(a.differs == b.differs);
}
template <class T>
T there_and_back(const T& what) {
  auto text = wire::written(event{what});
  event made;
  REQUIRE(wire::read(text, made));
  CHECK(text.empty());
  REQUIRE(std::holds_alternative<T>(made));
  return std::get<T>(std::move(made));
}

}  // namespace

TEST_SUITE("model: wire") {
  TEST("a failure when it is found") {
    const auto got = there_and_back(
        awaitest::failure_found{nullptr, some_failure(), 3, awaitest::attempt_purpose::retry, true});
    check_same(got.what, some_failure());
    CHECK(got.attempt == 3u);
    CHECK(got.purpose == awaitest::attempt_purpose::retry);
  }
  TEST("a failure of the run") {
    check_same(there_and_back(awaitest::run_failure{some_failure()}).what, some_failure());
  }
  TEST("the end of a test") {
    awaitest::test_finished end;
    end.result = awaitest::outcome::failed;
    end.failures = {some_failure(), {}};
    end.more_failures = 4;
    end.reason = "a reason";
    end.checks = 5;
    end.seed = ~std::uint64_t{0};
    end.elapsed = -1;
    end.attempts = 6;
    end.no_assertions = true;
    end.remarks = {"one", "", "two"};
    end.searches = {some_search()};
    const auto got = there_and_back(end);
    CHECK(got.result == end.result);
    REQUIRE(got.failures.size() == 2u);
    check_same(got.failures[0], end.failures[0]);
    CHECK(got.more_failures == end.more_failures);
    CHECK(got.reason == end.reason);
    CHECK(got.checks == end.checks);
    CHECK(got.seed == end.seed);
    CHECK(got.elapsed == end.elapsed);
    CHECK(got.attempts == end.attempts);
    CHECK(got.no_assertions);
    CHECK(got.remarks == end.remarks);
    REQUIRE(got.searches.size() == 1u);
    check_same(got.searches[0], some_search());
  }
  TEST("a run's beginning and end, and a test's beginning") {
    there_and_back(awaitest::test_started{});
    awaitest::run_started begin;
    begin.selected = 1;
    begin.known = 2;
    begin.seed = 3;
    begin.shuffled = true;
    begin.program = "p";
    begin.options = {"--o", "a value"};
    begin.arguments = {"a", "b"};
    const auto begun = there_and_back(begin);
    CHECK(begun.selected == 1u);
    CHECK(begun.known == 2u);
    CHECK(begun.seed == 3u);
    CHECK(begun.shuffled);
    CHECK(begun.program == "p");
    CHECK(begun.options == begin.options);
    CHECK(begun.arguments == begin.arguments);
    awaitest::run_finished end;
    end.passed = 1;
    end.not_run = 2;
    end.checks = 3;
    end.elapsed = 4;
    end.without_assertions = {"x"};
    end.interrupted = true;
    const auto ended = there_and_back(end);
    CHECK(ended.passed + ended.not_run + ended.checks == 6u);
    CHECK(ended.elapsed == 4);
    CHECK(ended.without_assertions == end.without_assertions);
    CHECK(ended.interrupted);
  }
  TEST("several in one text, the last one cut at each place") {
    const auto first = wire::written(awaitest::run_failure{some_failure()});
    const auto second = wire::written(awaitest::failure_found{nullptr, some_failure(), 1, {}, false});
    for (std::size_t length = 0; length < second.size(); ++length) {
      auto text = first + second.substr(0, length);
      event made;
      REQUIRE(wire::read(text, made));
      REQUIRE(std::holds_alternative<awaitest::run_failure>(made));
      REQUIRE_FALSE(wire::read(text, made));
      REQUIRE(text.size() == length);  // and waits for the rest
      text += second.substr(length);
      REQUIRE(wire::read(text, made));
      REQUIRE(text.empty());
    }
  }
  TEST("what is no event is none") {
    auto text = wire::written(awaitest::test_started{});
    text[0] = 77;
    event made;
    CHECK_FALSE(wire::read(text, made));
  }
}
