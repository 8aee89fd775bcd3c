// Fixtures: any default-constructible type, with hooks that may be awaited and a scope that says how long it lives.
#pragma once

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)

#include <cstddef>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../../model/fixture.hpp"
#include "../../model/location.hpp"
#include "../async/awaitable_reference.hpp"
#include "../async/result.hpp"
#include "../check/print.hpp"

namespace awaitest {
namespace detail {

// Whether a class has a member of a name, be it private: with a second one of that name the name means neither. What is
// there and cannot be used is a mistake, not a fixture without hooks.
struct member_names {
  int set_up, tear_down, scope;
};
template <class T>
struct with_member_names : T, member_names {};
template <class T>
constexpr bool may_be_base = std::is_class_v<T> && !std::is_final_v<T>;
template <class T>
concept names_set_up = may_be_base<T> && !requires { &with_member_names<T>::set_up; };
template <class T>
concept names_tear_down = may_be_base<T> && !requires { &with_member_names<T>::tear_down; };
template <class T>
concept names_scope = may_be_base<T> && !requires { &with_member_names<T>::scope; };

template <class T>
constexpr scope scope_of() {
  if constexpr (requires { std::integral_constant<awaitest::scope, T::scope>{}; }) {
    return T::scope;
  } else {
    static_assert(
        !names_scope<T>,
        "the scope of a fixture is a public `static constexpr auto scope = awaitest::scope::suite;`");
    return scope::test;
  }
}

template <class R>
concept hook_result = std::is_void_v<R> || std::is_same_v<R, asio::awaitable<void>>;

template <class T>
bool set_up_fixture(void* object, [[maybe_unused]] asio::awaitable<void>& out) {
  auto& fixture = *static_cast<T*>(object);
  using result = decltype(fixture.set_up());
  if constexpr (has_other_executor<result>) detail::refuse_other_executor<result>();
  static_assert(hook_result<result>, "set_up() of a fixture returns void or asio::awaitable<void>");
  if constexpr (std::is_void_v<result>)
    fixture.set_up();
  else
    out = fixture.set_up();
  return !std::is_void_v<result>;
}
template <class T>
bool tear_down_fixture(void* object, [[maybe_unused]] asio::awaitable<void>& out) {
  auto& fixture = *static_cast<T*>(object);
  using result = decltype(fixture.tear_down());
  if constexpr (has_other_executor<result>) detail::refuse_other_executor<result>();
  static_assert(hook_result<result>, "tear_down() of a fixture returns void or asio::awaitable<void>");
  if constexpr (std::is_void_v<result>)
    fixture.tear_down();
  else
    out = fixture.tear_down();
  return !std::is_void_v<result>;
}
template <class T>
constexpr fixture_hook set_up_of() {
  if constexpr (requires(T& t) { t.set_up(); })
    return &set_up_fixture<T>;
  else {
    static_assert(!names_set_up<T>, "set_up() of a fixture is public and takes no arguments");
    return nullptr;
  }
}
template <class T>
constexpr fixture_hook tear_down_of() {
  if constexpr (requires(T& t) { t.tear_down(); })
    return &tear_down_fixture<T>;
  else {
    static_assert(!names_tear_down<T>, "tear_down() of a fixture is public and takes no arguments");
    return nullptr;
  }
}

template <class T>
void* make_fixture() {
  static_assert(!std::is_abstract_v<T>, "a fixture is made by awaitest: its type cannot be abstract");
  static_assert(
      std::is_abstract_v<T> || requires { new T(); },
      "a fixture is made by awaitest: its type needs a public default constructor");
  if constexpr (requires { new T(); })
    return new T();
  else
    return nullptr;
}
template <class T>
void destroy_fixture(void* object) {
  delete static_cast<T*>(object);
}

/// The record of the type; the same object in every file of the program.
template <class T>
inline constexpr fixture_type fixture_of{type_name<T>(),      scope_of<T>(),  &make_fixture<T>,
                                         &destroy_fixture<T>, set_up_of<T>(), tear_down_of<T>()};

asio::awaitable<void*> use(const fixture_type& which, location where);

// --- the parameters of a test: references are fixtures, all others values -----------------------------------------

template <auto Body>
struct signature;
template <class R, class... P, R (*Body)(P...)>
struct signature<Body> {
  static constexpr std::size_t fixture_count = (std::size_t{0} + ... + std::size_t{std::is_reference_v<P>});

  /// For each parameter its place among its like.
  static constexpr std::size_t place(std::size_t parameter) {
    constexpr bool is_fixture[] = {std::is_reference_v<P>..., false};
    std::size_t before = 0;
    for (std::size_t i = 0; i < parameter; ++i) before += is_fixture[i] == is_fixture[parameter];
    return before;
  }

  template <class Q>
  using as_value = std::conditional_t<std::is_reference_v<Q>, std::tuple<>, std::tuple<std::remove_cv_t<Q>>>;
  using values = decltype(std::tuple_cat(std::declval<as_value<P>>()...));

  template <class Q, std::size_t Place>
  static decltype(auto) argument(void* const* objects, const void* given) {
    if constexpr (std::is_reference_v<Q>)
      return static_cast<Q>(*static_cast<std::remove_reference_t<Q>*>(objects[Place]));
    else
      return Q(std::get<Place>(*static_cast<const values*>(given)));
  }
  template <std::size_t... I>
  static R call(void* const* objects, const void* given, std::index_sequence<I...>) {
    return Body(argument<P, place(I)>(objects, given)...);
  }
  static R invoke(void* const* objects, const void* given) {
    return call(objects, given, std::index_sequence_for<P...>{});
  }

  template <class Q>
  static constexpr const fixture_type* type_of() {
    if constexpr (std::is_reference_v<Q>)
      return &fixture_of<std::remove_cvref_t<Q>>;
    else
      return nullptr;
  }
  struct fixture_list {
    const fixture_type* all[sizeof...(P) + 1] = {};
  };
  static constexpr fixture_list fixtures = [] {
    fixture_list list;
    const fixture_type* const every[] = {type_of<P>()..., nullptr};
    constexpr bool is_fixture[] = {std::is_reference_v<P>..., false};
    std::size_t count = 0;
    for (std::size_t i = 0; i < sizeof...(P); ++i)
      if (is_fixture[i]) list.all[count++] = every[i];  // the address itself is no constant to UBSan's g++
    return list;
  }();

  static constexpr test_parameters make() {
    if constexpr (std::is_void_v<R>)
      return {fixtures.all, fixture_count, &invoke, nullptr};
    else
      return {fixtures.all, fixture_count, nullptr, &invoke};
  }
  static constexpr test_parameters parameters = make();
};

}  // namespace detail

/// The fixture of that type, for the running test or the fixture whose hook is running: set up at its first use in its
/// scope, torn down at the scope's end, in the reverse of the order in which they came up. In a test's body, or in
/// `set_up()` of a fixture of the same or a narrower scope; anything else throws `fixture_error`, as does a fixture that
/// could not be set up.
///
///   auto& database = co_await awaitest::use<test_database>();
template <class T>
asio::awaitable<detail::reference<T>> use(location where = location::current()) {
  return asio::awaitable<detail::reference<T>>{detail::use(detail::fixture_of<T>, where)};
}

/// A fixture that cannot be had: its set_up failed, its scope is too narrow, or the uses go in a circle.
class fixture_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace awaitest
