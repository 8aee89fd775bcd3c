// A failure as bytes.
#pragma once

#include <type_traits>

#include "bytes.hpp"
#include "event.hpp"

namespace awaitest::wire {

template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, note>
void exchange(A& with, T& what) {
  exchange_place(with, what.where);
  with(what.text);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, happening>
void exchange(A& with, T& what) {
  with(what.elapsed);
  with(what.task);
  with(what.verb);
  with(what.what);
  exchange_place(with, what.where);
  with(what.times);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, logical_side>
void exchange(A& with, T& what) {
  with(what.value);
  exchange_list(with, what.any_of);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, known_wait>
void exchange(A& with, T& what) {
  with(what.task);
  with(what.what);
  exchange_place(with, what.where);
  with(what.callers);
  with(what.work);
  with(what.origin);
  exchange_place(with, what.made);
  with(what.is_operation);
  with(what.count);
  exchange_place(with, what.spawned);
  with(what.background);
  exchange_list(with, what.names);
  with(what.more_names);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, thread_at_work>
void exchange(A& with, T& what) {
  with(what.name);
  with(what.place);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, concluded>
void exchange(A& with, T& what) {
  with(what.why);
  with(what.in);
  with(what.limit);
  with(what.took);
  exchange_list(with, what.threads);
  with(what.unseen);
  with(what.of_a_schedule);
  with(what.only_outsiders);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, known_socket>
void exchange(A& with, T& what) {
  with(what.descriptor);
  with(what.kind);
  with(what.address);
  with(what.other);
  with(what.peer);
  with(what.peer_descriptor);
  with(what.unread);
  with(what.reads);
  with(what.writes);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, named_frame>
void exchange(A& with, T& what) {
  with(what.function);
  with(what.text);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, blocked_loop>
void exchange(A& with, T& what) {
  with(what.by);
  with(what.task);
  with(what.held);
  with(what.between_tests);
  with(what.last_test);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, process_ending>
void exchange(A& with, T& what) {
  with(what.cause);
  with(what.relation);
  with(what.number);
  with(what.what);
  with(what.program);
  exchange(with, what.loop);
  with(what.trace);
  exchange_list(with, what.frames);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, printed>
void exchange(A& with, T& what) {
  with(what.text);
  exchange_list(with, what.elements);
  with(what.is_text);
  with(what.by_key);
  exchange_list(with, what.keys);
  with(what.behind_key);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, known_call>
void exchange(A& with, T& what) {
  with(what.number);
  with(what.spelled);
  with(what.caller);
  with(what.state);
  with(what.plain);
  with(what.unexpected);
  with(what.error);
  with(what.called_at);
  with(what.awaited_at);
  with(what.ended_at);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, argument_mismatch>
void exchange(A& with, T& what) {
  with(what.argument);
  with(what.wanted);
  with(what.got);
  with(what.why);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, known_expectation>
void exchange(A& with, T& what) {
  exchange_place(with, what.where);
  with(what.spelled);
  with(what.least);
  with(what.most);
  with(what.calls);
  with(what.answers);
  with(what.refusal);
  exchange_list(with, what.mismatches);
  exchange_place(with, what.sequence);
  exchange_place(with, what.step);
  with(what.by_completion);
  with(what.done);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, missed_call>
void exchange(A& with, T& what) {
  with(what.number);
  with(what.spelled);
  exchange_list(with, what.mismatches);
  exchange_place(with, what.met);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, call_history>
void exchange(A& with, T& what) {
  with(what.told);
  with(what.others);
  exchange_list(with, what.calls);
  with(what.earlier);
  with(what.not_recorded);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, mock_story>
void exchange(A& with, T& what) {
  with(what.fault);
  with(what.mock);
  exchange(with, what.call);
  exchange(with, what.expectation);
  exchange_list(with, what.over);
  with(what.consequence);
  with(what.looked_for);
  exchange_list(with, what.considered);
  with(what.more_considered);
  exchange_list(with, what.missed);
  exchange(with, what.history);
  with(what.count);
  with(what.besides);
  with(what.question);
  with(what.of_awaits);
  with(what.counts);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, failure>
void exchange(A& with, T& what) {
  with(what.kind);
  exchange_place(with, what.where);
  with(what.macro);
  with(what.expression);
  exchange(with, what.left);
  exchange(with, what.right);
  with(what.relation);
  exchange_list(with, what.operands);
  with(what.expected);
  with(what.message);
  with(what.thrown);
  with(what.work);
  with(what.task);
  with(what.subtest);
  exchange_list(with, what.notes);
  exchange_list(with, what.mocks);
  exchange(with, what.ended);
  exchange(with, what.ending);
  exchange_list(with, what.waits);
  with(what.more_waits);
  with(what.operations);
  with(what.coroutines);
  exchange_list(with, what.sockets);
  exchange_list(with, what.before);
  with(what.elapsed);
  with(what.in_virtual_time);
  exchange_list(with, what.described);
}

}  // namespace awaitest::wire
