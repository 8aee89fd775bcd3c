// Events as bytes, from the process of one test to the one that has started it. Both are the same program: there is no
// version and no byte order to care for.
#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "bytes.hpp"
#include "event.hpp"
#include "wire_failure.hpp"

namespace awaitest::wire {

template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, subtest_result>
void exchange(A& with, T& what) {
  with(what.name);
  exchange_place(with, what.where);
  with(what.result);
  with(what.reason);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, counted_choices>
void exchange(A& with, T& what) {
  with(what.kind);
  with(what.number);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, searched_step>
void exchange(A& with, T& what) {
  with(what.number);
  with(what.task);
  with(what.place);
  with(what.words);
  with(what.change);
  with(what.instead);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, explored>
void exchange(A& with, T& what) {
  with(what.end);
  with(what.asked);
  with(what.schedules);
  with(what.distinct);
  with(what.with_changes);
  exchange_list(with, what.choices);
  with(what.with_threads);
  with(what.with_io);
  with(what.schedule);
  with(what.token);
  with(what.changes);
  with(what.passes_without_the_last);
  exchange_list(with, what.tasks);
  exchange_list(with, what.steps);
  exchange_list(with, what.described);
  with(what.differs);
}
// A test_info is left out: the reader knows which test it is.
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, test_finished>
void exchange(A& with, T& what) {
  with(what.result);
  exchange_list(with, what.failures);
  with(what.more_failures);
  with(what.reason);
  with(what.checks);
  with(what.seed);
  with(what.elapsed);
  with(what.attempts);
  with(what.no_assertions);
  exchange_list(with, what.remarks);
  exchange_list(with, what.subtests);
  with(what.more_subtests);
  exchange_list(with, what.searches);
}

template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, run_started>
void exchange(A& with, T& what) {
  with(what.selected);
  with(what.known);
  with(what.seed);
  with(what.shuffled);
  with(what.program);
  exchange_list(with, what.options);
  exchange_list(with, what.arguments);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, test_started>
void exchange(A&, T&) {}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, failure_found>
void exchange(A& with, T& what) {
  exchange(with, what.what);
  with(what.attempt);
  with(what.purpose);
  with(what.provisional);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, run_failure>
void exchange(A& with, T& what) {
  exchange(with, what.what);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, run_finished>
void exchange(A& with, T& what) {
  with(what.passed);
  with(what.failed);
  with(what.skipped);
  with(what.expected_failures);
  with(what.not_run);
  with(what.run_failures);
  with(what.checks);
  with(what.elapsed);
  exchange_list(with, what.without_assertions);
  with(what.interrupted);
}

/// An event of any kind, behind its number and its length: who reads it may see a part of one.
inline std::string written(const event& what) {
  writer inside;
  std::visit([&inside](const auto& one) { wire::exchange(inside, one); }, what);
  writer whole;
  whole(what.index());
  whole(inside.out);
  return std::move(whole.out);
}
template <std::size_t I = 0>
void read_alternative(reader& from, std::size_t index, event& to) {
  if constexpr (I < std::variant_size_v<event>) {
    if (index != I) return wire::read_alternative<I + 1>(from, index, to);
    wire::exchange(from, to.emplace<I>());
  } else {
    from.ok = false;
  }
}
/// The first event of the text, which loses it; false where there is no whole one yet, or what stands there is none.
inline bool read(std::string& text, event& to) {
  reader from{text};
  std::size_t index = 0;
  std::string inside;
  from(index);
  from(inside);
  if (!from.ok) return false;
  reader one{inside};
  wire::read_alternative(one, index, to);
  text.erase(0, text.size() - from.left.size());
  return one.ok;
}

}  // namespace awaitest::wire
