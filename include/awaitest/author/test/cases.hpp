// The values of parametrised tests: `cases{{1, true}, {2, false}}`, `cases::from(range)`, `cases::product({1, 2}, {true})`.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../../model/fixture.hpp"
#include "../check/print.hpp"
#include "options.hpp"

namespace awaitest {

namespace detail {
/// The value as a part of its case's name, which is the same in every run: where it prints as an address, or not at all, the index.
void put_in_name(std::string& out, printable value, std::size_t index);  // impl/print.hpp

/// Whether the arguments are the values of one case, in their order.
template <class Values, class... A>
inline constexpr bool are_values = false;
template <class... V, class... A>
  requires(sizeof...(V) == sizeof...(A))
inline constexpr bool are_values<std::tuple<V...>, A...> = (std::is_convertible_v<A, V> && ...);

/// Whether the argument is a case by itself, or a list of them: several such are no case.
template <class A, class Values, class Entry, class List>
inline constexpr bool is_case =
    std::disjunction_v<std::is_same<std::remove_cvref_t<A>, Entry>,
                       std::is_same<std::remove_cvref_t<A>, List>, std::bool_constant<are_values<Values, A>>,
                       std::is_convertible<A, Values>>;
}  // namespace detail

template <class Values>
class case_list;

/// Cases of a test that takes values of these types. Each is a test of its own, named by its values or by `named`. A value
/// without a text of its own (a pointer, a type that nothing can print) has its case's index there, counted from 0.
template <class... V>
class case_list<std::tuple<V...>> {
 public:
  static_assert(sizeof...(V) > 0,
                "cases are for tests that take values: (int n, bool tls), not only references to fixtures");

  struct entry {
    template <class... A>
      requires(detail::are_values<std::tuple<V...>, A...>)
    entry(A&&... given) : values(std::forward<A>(given)...) {}
    entry(std::tuple<V...> all) : values(std::move(all)) {}
    template <class... A>
      requires(sizeof...(A) > 0 && !detail::are_values<std::tuple<V...>, A...> &&
               !(detail::is_case<A, std::tuple<V...>, entry, case_list> && ...))
    entry(A&&...) : values(no_case<A...>()) {}
    std::tuple<V...> values;
    std::string name;
  };

  case_list(std::initializer_list<entry> all) : entries_(all) {}

  /// One case for each element: a value, or a tuple of values. Of none: an error, unless the test is skipped.
  template <class Range>
  static case_list from(Range&& range) {
    case_list made({});
    for (auto&& element : range) made.entries_.emplace_back(element);
    return made;
  }
  /// Every combination of one element of each list, the last list's changing fastest.
  static case_list product(std::initializer_list<V>... lists) {
    case_list made({});
    made.combine(std::tuple<>{}, lists...);
    return made;
  }
  /// A case with a name: `cases{cases::named("over tls", 1, true), {2, false}}`.
  template <class... A>
  static entry named(std::string name, A&&... values) {
    entry made(std::forward<A>(values)...);
    made.name = std::move(name);
    return made;
  }

  void add_to(case_sink& sink) const {
    std::size_t index = 0;
    for (const auto& one : entries_) {
      auto name = one.name;
      if (name.empty()) {
        std::apply(
            [&name, index](const V&... value) {
              const char* separator = "";
              ((name += std::exchange(separator, ", "),
                detail::put_in_name(name, detail::printing(value), index)),
               ...);
            },
            one.values);
      }
      ++index;
      sink.add({std::move(name), std::make_shared<const std::tuple<V...>>(one.values)});
    }
  }

 private:
  template <class... A>
  static std::tuple<V...> no_case() {
    static_assert(sizeof...(A) == sizeof...(V),
                  "a case has one value for each of the test's parameters that is no reference to a fixture");
    static_assert(sizeof...(A) != sizeof...(V) || detail::are_values<std::tuple<V...>, A...>,
                  "a value of a case does not convert to the type of its parameter");
    throw sizeof...(A);
  }
  template <class... Done>
  void combine(std::tuple<Done...> done) {
    entries_.emplace_back(std::move(done));
  }
  template <class... Done, class First, class... Rest>
  void combine(const std::tuple<Done...>& done, std::initializer_list<First> first, Rest... rest) {
    for (const auto& value : first) combine(std::tuple_cat(done, std::tuple<First>(value)), rest...);
  }

  std::vector<entry> entries_;
};

/// The types of a typed test.
template <class... T>
struct type_list {};

namespace detail {

template <class R>
using typed_body = R (*)();

/// Sorts what stands behind a test's parameters into options and cases; either may be unwanted.
struct collector {
  option_set* options = nullptr;
  case_sink* cases = nullptr;

  void take(const option& one) const {
    if (options) options->add({one});
  }
  template <class Values>
  void take(const case_list<Values>& list) const {
    if (cases) list.add_to(*cases);
  }
  template <class T>
    requires(!std::is_convertible_v<const T&, option>)
  void take(const T&) const {
    given_option::no_option<T>();
  }
  template <class Owner, class... T>
  void take_types(type_list<T...>) const {
    if (cases)
      (cases->add({readable_type(type_name<T>()),
                   std::make_shared<const decltype(Owner::template body<T>)>(Owner::template body<T>)}),
       ...);
  }
};

template <class Owner, class First, class... Rest>
void collect(const collector& into, const First& first, const Rest&... rest) {
  if constexpr (requires { into.template take_types<Owner>(first); })
    into.template take_types<Owner>(first);
  else
    into.take(first);
  if constexpr (sizeof...(Rest) > 0) collect<Owner>(into, rest...);
}

template <class R>
R call_typed(void* const*, const void* body) {
  return (*static_cast<typed_body<R> const*>(body))();
}
inline constexpr test_parameters typed_plain{nullptr, 0, &call_typed<void>, nullptr};
inline constexpr test_parameters typed_async{nullptr, 0, nullptr, &call_typed<asio::awaitable<void>>};

}  // namespace detail
}  // namespace awaitest
