// Events as bytes, from the process of one test to the one that has started it. Both are the same program: there is no
// version and no byte order to care for.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "event.hpp"

namespace awaitest::wire {

/// Appends to a text.
class writer {
 public:
  static constexpr bool reads = false;
  std::string out;

  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void operator()(T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void operator()(const std::string& text) {
    (*this)(text.size());
    out += text;
  }
};

/// Reads from a text; `ok` is false for ever once it has come to its end too early.
class reader {
 public:
  static constexpr bool reads = true;
  explicit reader(std::string_view from) : left{from} {}
  std::string_view left;
  bool ok = true;

  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void operator()(T& value) {
    if (left.size() < sizeof value) ok = false;
    if (!ok) return;
    std::memcpy(&value, left.data(), sizeof value);
    left.remove_prefix(sizeof value);
  }
  void operator()(std::string& text) {
    std::size_t size = 0;
    (*this)(size);
    if (size > left.size()) ok = false;
    if (!ok) return;
    text = left.substr(0, size);
    left.remove_prefix(size);
  }
};

template <class A, class T>
void exchange_list(A& with, T& list) {
  auto size = list.size();
  with(size);
  if constexpr (A::reads) {
    if (size > with.left.size()) with.ok = false;  // an element is at least a byte
    if (!with.ok) return;
    list.resize(size);
  }
  for (auto& one : list) {
    if constexpr (requires { with(one); })
      with(one);
    else
      exchange(with, one);
  }
}
/// Places are texts for ever here: the reader keeps those it has met.
template <class A, class L>
void exchange_place(A& with, L& where) {
  std::string file = where.file;
  with(file);
  with(where.line);
  if constexpr (A::reads) {
    static std::vector<std::unique_ptr<const std::string>> known;
    for (const auto& one : known)
      if (*one == file) {
        where.file = one->c_str();
        return;
      }
    known.push_back(std::make_unique<const std::string>(file));
    where.file = known.back()->c_str();
  }
}
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
  requires std::is_same_v<std::remove_const_t<T>, concluded>
void exchange(A& with, T& what) {
  with(what.why);
  with(what.in);
  with(what.limit);
  with(what.took);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, printed>
void exchange(A& with, T& what) {
  with(what.text);
  exchange_list(with, what.elements);
  with(what.is_text);
  with(what.by_key);
  exchange_list(with, what.keys);
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
/// A location is a struct without bytes of its own: see exchange_place.
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, location>
void exchange(A& with, T& where) {
  exchange_place(with, where);
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
  with(what.task);
  exchange_list(with, what.notes);
  exchange_list(with, what.mocks);
  exchange(with, what.ended);
  exchange_list(with, what.waits);
  with(what.more_waits);
  with(what.operations);
  with(what.coroutines);
  exchange_list(with, what.before);
  with(what.elapsed);
  with(what.in_virtual_time);
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
}

template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, run_started>
void exchange(A& with, T& what) {
  with(what.selected);
  with(what.known);
  with(what.seed);
  with(what.shuffled);
  with(what.program);
  with(what.options);
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
