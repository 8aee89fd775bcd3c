// An expectation's side of an argument: a matcher, or a value.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../../model/mocked.hpp"
#include "../match/core.hpp"
#include "recorded.hpp"

namespace awaitest::detail {

/// A matcher with its type taken away.
template <class T>
struct any_matcher {
  virtual ~any_matcher() = default;
  virtual bool matches(const T& value) const = 0;
  virtual std::string describe() const = 0;
  virtual std::string explain(const T& value) const = 0;
};
template <class T, class M>
struct any_matcher_of final : any_matcher<T> {
  explicit any_matcher_of(M&& wanted) : matcher(std::move(wanted)) {}
  bool matches(const T& value) const override { return matcher.matches(value); }
  std::string describe() const override { return matcher.describe(); }
  std::string explain(const T& value) const override { return explanation_of(matcher, value); }
  M matcher;
};

template <class M>
inline constexpr bool matches_anything = std::is_same_v<std::remove_cvref_t<M>, anything>;

/// The expectation of one argument: a matcher, or a value that is to be equal.
template <class T>
class expected_argument {
 public:
  template <class M>
    requires(!std::is_same_v<std::remove_cvref_t<M>, expected_argument>)
  expected_argument(M&& wanted) {
    using given = std::decay_t<M>;
    if constexpr (matches_anything<M>) {
    } else if constexpr (described<given>) {
      static_assert(matcher<given, T>, "this matcher knows no values of the argument's type");
      matcher_ = std::make_unique<any_matcher_of<T, given>>(given(std::forward<M>(wanted)));
    } else if constexpr (std::equality_comparable<T> && std::copy_constructible<T> &&
                         !(std::is_null_pointer_v<given> && text_like<T> &&
                           !std::is_same_v<T, recorded_text> && !std::is_pointer_v<T>) &&
                         requires { T{std::forward<M>(wanted)}; }) {
      matcher_ =
          std::make_unique<any_matcher_of<T, eq_matcher<T>>>(eq_matcher<T>{T(std::forward<M>(wanted))});
    } else {
      using kept_value = kept<given>;
      static_assert(matcher<eq_matcher<kept_value>, T>,
                    "the argument cannot be compared with this value by ==: give expect() a matcher");
      matcher_ = std::make_unique<any_matcher_of<T, eq_matcher<kept_value>>>(
          eq_matcher<kept_value>{kept_value(std::forward<M>(wanted))});
    }
  }

  /// The elements of a container, in braces.
  template <class E>
    requires(std::is_class_v<T> && !text_like<T> && std::is_constructible_v<T, const E*, const E*> &&
             std::is_constructible_v<typename T::value_type, const E&>)
  expected_argument(std::initializer_list<E> elements)
      : expected_argument(T(elements.begin(), elements.end())) {}

  bool matches(const T& value) const { return !matcher_ || matcher_->matches(value); }
  std::string describe() const { return matcher_ ? matcher_->describe() : "_"; }
  std::string explain(const T& value) const { return matcher_ ? matcher_->explain(value) : std::string{}; }

 private:
  std::unique_ptr<any_matcher<T>> matcher_;
};

void put_expected(std::string& out, std::string described);
void put_mismatch(std::vector<argument_mismatch>& out, std::size_t argument, std::string wanted,
                  std::string got, std::string why);
/// A predicate on all arguments does not hold.
void put_mismatch(std::vector<argument_mismatch>& out);

}  // namespace awaitest::detail
