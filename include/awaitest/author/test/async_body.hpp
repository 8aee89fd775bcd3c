// The body of an asynchronous test, and the proof that it is a coroutine. A body without `co_await` and `co_return` would
// return nothing at all, and a warning is easily switched off.
#pragma once

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)

#include <coroutine>

#include "../../config.hpp"

namespace awaitest::detail {

/// A class whose only member is a body. That the body is no static member tells std::coroutine_traits whose it is, and the
/// traits are only asked about coroutines. Other classes, which may be incomplete (a lambda's), have no such name.
template <class C>
concept holds_body = requires { typename C::awaitest_holds_a_body; };

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
/// Declares a function whose type is not known before `found_coroutine` of the same class defines it.
template <class Body>
struct coroutine_question {
  friend auto awaitest_answer(coroutine_question<Body>);
};
template <class Body>
struct found_coroutine {
  friend auto awaitest_answer(coroutine_question<Body>) { return true; }
};
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

template <class Body>
void check_that_it_is_a_coroutine() {
#ifndef AWAITEST_NO_COROUTINE_CHECK
  constexpr bool has_co_await_or_co_return = requires { awaitest_answer(coroutine_question<Body>{}); };
  static_assert(has_co_await_or_co_return,
                "the body of the test has neither co_await nor co_return and is no coroutine: write "
                "`co_return;` at its end, and `co_await f();` instead of `return f();`");
#endif
}

/// A body as a plain function. The function's own body is instantiated at the end of the file, and what it calls last after
/// the test's body: then it is known what the latter is. The class is named besides its member: g++ 12 gives what it instantiates
/// for the member alone the linkage of a shared symbol, and the tests of one number in two files would be one.
template <class C>
struct body_in {
  template <auto Body>
  struct of;
  template <class R, class... P, R (C::*Body)(P...)>
  struct of<Body> {
    static R start(P... given) {
      R made = (self.*Body)(static_cast<P&&>(given)...);
      detail::check_that_it_is_a_coroutine<C>();
      return made;
    }
  };
  static constinit inline C self{};
};

}  // namespace awaitest::detail

template <class R, class Executor, class Body, class... P>
  requires awaitest::detail::holds_body<Body>
struct std::coroutine_traits<asio::awaitable<R, Executor>, Body&, P...>
    : awaitest::detail::found_coroutine<Body>, std::coroutine_traits<asio::awaitable<R, Executor>, P...> {};
